import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ChannelError, type ChannelFailure } from '../../src/channel/errors.ts'
import { createFiles, type Files } from '../../src/files/files.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { fetchPicture } from '../../src/jobs/fetch-picture.ts'
import type { SingleHandler } from '../../src/jobs/handler.ts'
import type { Job } from '../../src/store/job.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createInbox, unique } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const day = 24 * 3_600_000

let ground: TestDatabase
let directory: string
let files: Files
let inboxId: string
let key: string
const channel = scriptedChannel()
const db = () => ground.db

beforeAll(async () => {
  ground = await testDatabase()
  directory = await mkdtemp(join(tmpdir(), 'tributary-pictures-'))
  files = await createFiles(db(), directory)
})
beforeEach(async () => {
  inboxId = await createInbox(db().pool)
  key = unique('person')
  gives(png)
})
afterAll(async () => {
  await ground.close()
  await rm(directory, { recursive: true })
})

const gives = (bytes: Buffer) => {
  channel.download = () => Promise.resolve(Readable.from([bytes]))
}
const fails = (failure: ChannelFailure) => {
  channel.download = () => Promise.reject(new ChannelError(failure, 'no'))
}
const one = async (sql: string, ...values: unknown[]) => (await db().pool.query(sql, values)).rows[0]
const writes = (ref: string) =>
  recordInbound(db(), {
    inboxId,
    now: new Date(),
    batch: { events: [said('hello', { sender: { key, name: 'Li', picture: { name: 'p', ref } } })] },
  })
const picture = () =>
  one(
    `select p.*, f.type, n.id as identity_id from identity_picture p join identity n on n.id = p.identity_id
      left join file f on f.id = p.file_id where n.key = $1`,
    key,
  )
const handler = () => fetchPicture({ db: db(), connections: channel.connections, files }) as SingleHandler
async function jobs(): Promise<Job[]> {
  const { rows } = await db().pool.query(
    `delete from job where kind = 'fetch-picture' and payload ->> 'identityId' = (select id::text from identity where key = $1)
      returning id, kind, lane, payload, attempt, failures`,
    [key],
  )
  return rows
}
async function work(failures = 0): Promise<number> {
  const all = await jobs()
  for (const job of all) await handler().run({ ...job, failures }, new AbortController().signal)
  return all.length
}

describe('the picture of whoever writes', () => {
  it('is asked for once, and again when it changed or after 30 days', async () => {
    await writes('a')
    await writes('a')
    expect(await work()).toBe(1)
    await writes('a')
    expect(await work()).toBe(0)
    const { file_id: first } = await picture()
    await writes('b')
    expect(await work()).toBe(1)
    expect((await picture()).file_id).not.toBe(first)
    await db().pool.query('update identity_picture set asked_at = $1', [new Date(Date.now() - 31 * day)])
    await writes('b')
    expect(await work()).toBe(1)
  })

  it('tells whoever looks at their conversations, once', async () => {
    const { outcomes } = await writes('a')
    const { conversationId } = outcomes[0] as { conversationId: string }
    const version = async () =>
      Number((await one('select version from conversation where id = $1', conversationId)).version)
    const before = await version()
    await work()
    expect(await version()).toBe(before + 1)
    const told = await one(
      `select count(*)::int as n from feed where conversation_id = $1 and kind = 'conversation.updated'`,
      conversationId,
    )
    expect(told.n).toBe(1)
  })

  it.each([
    ['no picture, whatever it is called', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'],
    ['larger than a face needs', 'x'.repeat(2_000_001)],
  ])('is not shown when it is %s', async (_, bytes) => {
    gives(Buffer.from(bytes))
    await writes('a')
    await work()
    expect((await picture()).file_id).toBeNull()
  })

  it('is given up where there is none; a platform that is away is asked again, not for ever', async () => {
    fails({ kind: 'rejected', reason: 'other' })
    await writes('a')
    await work()
    expect((await picture()).file_id).toBeNull()
    fails({ kind: 'unavailable' })
    await writes('b')
    await expect(work()).rejects.toThrow('no')
    await writes('c')
    await work(5)
    fails({ kind: 'rateLimited', retryAfterMs: 7_000, scope: 'inbox' })
    await writes('d')
    await expect(work()).rejects.toMatchObject({ afterMs: 7_000 })
  })

  it('of a moment ago does not take the place of the one asked for meanwhile', async () => {
    await writes('old')
    const [job] = await jobs()
    channel.download = async () => {
      await writes('new')
      return Readable.from([png])
    }
    await handler().run(job!, new AbortController().signal)
    expect((await picture()).file_id).toBeNull()
    gives(png)
    expect(await work()).toBe(1)
    expect((await picture()).type).toBe('image/png')
  })

  it('is kept by the clean-up as long as it is theirs, and goes with them', async () => {
    await writes('a')
    await work()
    const { file_id: id, identity_id: identityId } = await picture()
    await db().pool.query(`update file set created_at = now() - interval '3 days'`)
    await files.purge(day)
    expect(await one('select id from file where id = $1', id)).toEqual({ id })
    await db().pool.query('delete from identity_picture where identity_id = $1', [identityId])
    await files.purge(day)
    expect(await one('select 1 from file where id = $1', id)).toBeUndefined()
  })
})
