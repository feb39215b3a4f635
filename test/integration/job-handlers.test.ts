import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SendRequest } from '../../src/channel/contract.ts'
import { ChannelError, type ChannelFailure } from '../../src/channel/errors.ts'
import { createFiles, type Files } from '../../src/files/files.ts'
import { afterSent } from '../../src/jobs/after-sent.ts'
import { type FetchContext, fetchAttachment } from '../../src/jobs/fetch-attachment.ts'
import type { JobHandlers } from '../../src/jobs/handler.ts'
import { purge, recurringTasks, startRecurring } from '../../src/jobs/recurring.ts'
import { type JobWorker, startJobWorker } from '../../src/jobs/worker.ts'
import { route, routeRequest } from '../../src/routing/route.ts'
import { writeEffects } from '../../src/store/applied.ts'
import { transaction } from '../../src/store/database.ts'
import { insertAttachments } from '../../src/store/message.ts'
import { wakeSnoozed } from '../../src/store/snooze.ts'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { say, startWorker, statesIn } from '../support/delivery-ground.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, createInbox, createMessage, createTeam } from '../support/factories.ts'
import { noFiles, scriptedChannel, silent } from '../support/scripted-channel.ts'

let ground: TestDatabase
let directory: string
let files: Files
const workers: { stop(): Promise<void> }[] = []
const db = () => ground.db

beforeAll(async () => {
  ground = await testDatabase()
  directory = await mkdtemp(join(tmpdir(), 'tributary-files-'))
  files = await createFiles(db(), directory)
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await db().pool.query('delete from job')
})
afterAll(async () => {
  await ground.close()
  await rm(directory, { recursive: true })
})

const work = (handlers: JobHandlers): JobWorker => {
  const worker = startJobWorker({ db: db(), log: silent, registry: new Registry() }, handlers, { pollMs: 50 })
  workers.push(worker)
  return worker
}
const one = async (sql: string, ...values: unknown[]) => (await db().pool.query(sql, values)).rows[0]

describe('fetching an attachment', () => {
  const channel = scriptedChannel()
  const received = async (size: number | null = null) => {
    const conversation = await createConversation(db().pool)
    const messageId = await createMessage(db().pool, conversation)
    await insertAttachments(db().pool, [
      {
        messageId,
        ordinal: 0,
        name: '../a\u202egpj.png',
        type: 'image/png',
        size,
        inline: false,
        ref: { id: 9 },
        fileId: null,
      },
    ])
    return {
      conversation,
      messageId,
      attachment: () => one('select * from attachment where message_id = $1', messageId),
    }
  }
  const fetching = (more: Partial<FetchContext> = {}) =>
    work({ 'fetch-attachment': fetchAttachment({ db: db(), connections: channel.connections, files, ...more }) })
  const failWith = (failure: ChannelFailure) => {
    channel.download = () => Promise.reject(new ChannelError(failure, 'No.'))
  }

  it('stores the bytes, says what they really are, and tells browsers', async () => {
    const { conversation, attachment } = await received()
    channel.download = async (ref) => Readable.from([Buffer.from(`bytes of ${JSON.stringify(ref)}`)])
    const before = Number((await one('select version from conversation where id = $1', conversation.id)).version)
    fetching()
    await eventually(async () =>
      expect(await attachment()).toMatchObject({ state: 'stored', type: 'text/plain', size: '17' }),
    )
    const { stream, file } = await files.open((await attachment()).file_id)
    expect((await buffer(stream)).toString()).toBe('bytes of {"id":9}')
    expect(file.name).not.toMatch(/[/\u202e]/)
    expect(
      await one(`select version from feed where conversation_id = $1 and kind = 'message.updated'`, conversation.id),
    ).toEqual({ version: String(before + 1) })
    await eventually(async () => expect(await one('select count(*)::int as n from job')).toEqual({ n: 0 }))
  })

  it('tries again while the platform is away, and does not count that it said "later"', async () => {
    const { attachment } = await received()
    let tries = 0
    channel.download = async () => {
      tries += 1
      if (tries === 1) throw new ChannelError({ kind: 'rateLimited', retryAfterMs: 50, scope: 'inbox' }, 'Later.')
      if (tries === 2) throw new ChannelError({ kind: 'unavailable' }, 'Away.')
      return Readable.from([Buffer.from('x')])
    }
    fetching()
    await eventually(async () => expect(await one('select failures from job')).toEqual({ failures: 1 }))
    await db().pool.query('update job set due_at = now()')
    await eventually(async () => expect((await attachment()).state).toBe('stored'))
  })

  it('says beside the message what the platform refused', async () => {
    const { attachment } = await received()
    failWith({ kind: 'rejected', reason: 'threadGone' })
    fetching()
    await eventually(async () => expect(await attachment()).toMatchObject({ state: 'failed', reason: 'threadGone' }))
  })

  it('keeps nothing that is too large, whatever size was declared', async () => {
    const declared = await received(51_000_000)
    const lying = await received(10)
    channel.download = async () => Readable.from([Buffer.alloc(2_000), Buffer.alloc(2_000)])
    fetching({ maxBytes: 3_000 })
    await eventually(async () =>
      expect(await declared.attachment()).toMatchObject({ state: 'failed', reason: 'tooLarge' }),
    )
    await eventually(async () =>
      expect(await lying.attachment()).toMatchObject({ state: 'failed', reason: 'tooLarge' }),
    )
    const sha = createHash('sha256').update(Buffer.alloc(4_000)).digest()
    expect(await one('select 1 from file where sha256 = $1', sha)).toBeUndefined()
  })

  it('ends a download that only drips', async () => {
    await received()
    channel.download = async () => new Readable({ read() {} })
    fetching({ patienceMs: 100 })
    await eventually(async () =>
      expect(await one('select failures, last_error from job')).toEqual({
        failures: 1,
        last_error: 'The download took too long.',
      }),
    )
  })

  it('shows the attachment as failed once the job is dead', async () => {
    const { attachment } = await received()
    await db().pool.query('update job set failures = 11')
    failWith({ kind: 'unavailable' })
    fetching()
    await eventually(async () => expect(await attachment()).toMatchObject({ state: 'failed', reason: 'unavailable' }))
  })
})

describe('the bookkeeping after a send', () => {
  it('is a job of its own, and its failure does not touch the delivery', async () => {
    const channel = scriptedChannel()
    const booked: SendRequest[] = []
    channel.afterSent = async (request) => {
      booked.push(request)
      if (booked.length === 1) throw new ChannelError({ kind: 'unavailable' }, 'Away.')
    }
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    workers.push(startWorker(db(), channel))
    work({ 'after-sent': afterSent({ db: db(), connections: channel.connections, files: noFiles }) })
    await eventually(() => expect(booked).toHaveLength(1))
    expect(await statesIn(db(), conversation.id)).toEqual(['sent'])
    await eventually(async () => expect(await one('select failures from job')).toEqual({ failures: 1 }))
    await db().pool.query('update job set due_at = now()')
    await eventually(() => expect(booked).toHaveLength(2))
    expect(booked[1]?.part.text).toBe('one')
  })
})

describe('a snoozed conversation', () => {
  it('opens when its time has come by the installation’s clock, once, and says so', async () => {
    const clock = testClock()
    const until = new Date(clock().getTime() + 60_000)
    const conversation = await createConversation(db().pool, { status: 'snoozed', snoozedUntil: until })
    workers.push(
      startRecurring(
        recurringTasks({ db: db(), files, clock }).map((task) => ({ ...task, everyMs: 20 })),
        silent,
      ),
    )
    expect(await wakeSnoozed(db(), clock())).toBe(0)
    clock.advance(60_000)
    const status = async () =>
      await one('select status, snoozed_until from conversation where id = $1', conversation.id)
    await eventually(async () => expect(await status()).toEqual({ status: 'open', snoozed_until: null }))
    const { rows } = await db().pool.query('select kind, actor, data from activity where conversation_id = $1', [
      conversation.id,
    ])
    expect(rows).toEqual([{ kind: 'statusChanged', actor: 'system', data: { from: 'snoozed', to: 'open' } }])
    expect(await wakeSnoozed(db(), clock())).toBe(0)
  })

  it('sleeps on when somebody snoozed it anew at the same moment', async () => {
    const now = new Date()
    const conversation = await createConversation(db().pool, { status: 'snoozed', snoozedUntil: now })
    const { waking } = await transaction(db(), async (tx) => {
      await tx.query(`update conversation set snoozed_until = now() + interval '1 day' where id = $1`, [
        conversation.id,
      ])
      const started = wakeSnoozed(db(), now)
      await eventually(async () => {
        await tx.query('select pg_stat_clear_snapshot()')
        const { rows } = await tx.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows.length === 1
      })
      return { waking: started }
    })
    expect(await waking).toBe(0)
    expect((await one('select status from conversation where id = $1', conversation.id)).status).toBe('snoozed')
  })
})

describe('routing', () => {
  const handlers: JobHandlers = {
    route: {
      runBatch: (tx, jobs) =>
        route(
          tx,
          jobs.flatMap((job) => routeRequest(job.payload) ?? []),
          { now: new Date() },
        ),
    },
  }
  const routed = async (conversationId: string) =>
    (
      await db().pool.query(
        `select message_id, data from feed where conversation_id = $1 and kind = 'routed' order by id`,
        [conversationId],
      )
    ).rows

  it('gives what nobody has to the queue of the inbox’s team, and says so once for each message', async () => {
    const teamId = await createTeam(db().pool)
    const inboxId = await createInbox(db().pool, { teamId })
    const conversation = await createConversation(db().pool, { inboxId })
    const messages = [await createMessage(db().pool, conversation), await createMessage(db().pool, conversation)]
    const requests = messages.map((messageId) => ({ messageId, conversationId: conversation.id }))
    await writeEffects(db().pool, { participants: [], routes: [...requests, ...requests], feed: [] })
    work(handlers)
    await eventually(async () => expect(await one('select count(*)::int as n from job')).toEqual({ n: 0 }))
    const data = { holder: 'queue', teamId, agentId: null }
    expect(await routed(conversation.id)).toEqual(messages.map((message_id) => ({ message_id, data })))
    const { rows } = await db().pool.query(
      'select team_id, assigned_by, why from assignment where conversation_id = $1',
      [conversation.id],
    )
    expect(rows).toEqual([{ team_id: teamId, assigned_by: 'router', why: 'inboxTeam' }])
    expect(await one('select team_id from conversation where id = $1', conversation.id)).toEqual({ team_id: teamId })
  })

  it('leaves a conversation with whoever has it', async () => {
    const conversation = await createConversation(db().pool, { holder: 'agent' })
    const messageId = await createMessage(db().pool, conversation)
    const before = await one('select * from conversation where id = $1', conversation.id)
    await writeEffects(db().pool, {
      participants: [],
      routes: [{ messageId, conversationId: conversation.id }],
      feed: [],
    })
    work(handlers)
    await eventually(async () => expect(await routed(conversation.id)).toHaveLength(1))
    const after = await one('select * from conversation where id = $1', conversation.id)
    expect(after).toEqual({ ...before, routed_at: expect.any(Date) })
    expect(await one('select 1 from assignment where conversation_id = $1', conversation.id)).toBeUndefined()
  })
})

describe('purging', () => {
  it('removes what the platform said after thirty days, and sessions that have ended', async () => {
    const inboxId = await createInbox(db().pool)
    for (const [id, days, state] of [
      ['old', 31, 'applied'],
      ['young', 29, 'applied'],
      ['kept', 31, 'quarantined'],
    ] as const) {
      await db().pool.query(
        `insert into inbound_event (inbox_id, event_id, kind, thread_key, occurred_at, received_at, raw, state)
         values ($1, $2, 'message', 't', now(), now() - make_interval(days => $3), '{"a":1}', $4)`,
        [inboxId, id, days, state],
      )
    }
    await purge(db(), files)
    const { rows } = await db().pool.query(
      'select event_id from inbound_event where inbox_id = $1 and raw is not null order by 1',
      [inboxId],
    )
    expect(rows.map((row) => row.event_id)).toEqual(['kept', 'young'])
  })
})
