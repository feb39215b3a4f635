import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reply } from '../../src/delivery/reply.ts'
import { tellDue } from '../../src/jobs/keep-promises.ts'
import { writeBusinessHours } from '../../src/store/business-hours.ts'
import { transaction } from '../../src/store/database.ts'
import { setPolicyUsers } from '../../src/store/sla-policy.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createMessage, createTeam } from '../support/factories.ts'
import { always, makeHours, makePolicy, promiseDesk } from '../support/promise-desk.ts'
import { week } from '../support/promised-cases.ts'

let ground: TestDatabase
const db = () => ground.db

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const office = (days: string, timeZone = 'Europe/Berlin') => ({ timeZone, week: week(days), holidays: [] })

describe('what is promised on a conversation', () => {
  it('follows what is said: answered, asked again, told now and then, resolved', async () => {
    const targets = {
      firstResponse: always(60),
      nextResponse: always(30),
      resolution: always(600),
      update: always(120),
    }
    const desk = await promiseDesk(db(), { targets })
    await desk.ask()
    expect(await desk.due()).toEqual({ kind: 'firstResponse', in: 60 })
    desk.pass(20)
    await desk.answer()
    expect(await desk.due()).toBeNull()
    desk.pass(500)
    await desk.ask('And now?')
    desk.pass(5)
    expect(await desk.due()).toEqual({ kind: 'nextResponse', in: 25 })
    await desk.answer('Still looking.')
    await desk.keep()
    desk.pass(10)
    await desk.change({ status: 'onHold', onHoldFor: 'the bank' })
    desk.pass(100)
    // On hold the end waits, the next word does not.
    expect(await desk.due()).toEqual({ kind: 'update', in: 20 })
    desk.pass(5)
    await desk.change({ status: 'resolved' })
    expect(await desk.due()).toBeNull()
    expect(await desk.outcomes()).toEqual([
      'firstResponse kept',
      'resolution kept',
      'update kept',
      'nextResponse kept',
      'update dropped',
    ])
  })

  it('stands still while somebody sleeps on it, to the minute at which it wakes', async () => {
    const desk = await promiseDesk(db(), { targets: { resolution: always(240) } })
    await desk.ask()
    desk.pass(30)
    await desk.change({ status: 'snoozed', snoozedUntil: new Date(desk.now().getTime() + 600 * 60_000) })
    expect(await desk.due()).toBeNull()
    desk.pass(600)
    await desk.wake()
    expect(await desk.due()).toEqual({ kind: 'resolution', in: 210 })
  })

  it('counts anew where a case begins again, and not for what our own account answered elsewhere', async () => {
    const desk = await promiseDesk(db(), {
      targets: { firstResponse: always(60), nextResponse: always(30), resolution: always(90) },
    })
    await desk.ask()
    await desk.keep()
    desk.pass(10)
    const { id, thread_id: threadId, opener_identity_id: identityId } = await desk.conversation()
    await createMessage(db().pool, { id, threadId, identityId }, { direction: 'out', occurredAt: desk.now() })
    await desk.recalculate()
    expect(await desk.due()).toEqual({ kind: 'resolution', in: 80 })
    desk.pass(10)
    await desk.ask('And?')
    desk.pass(5)
    expect(await desk.due()).toEqual({ kind: 'nextResponse', in: 25 })
    await desk.change({ status: 'resolved' })
    await desk.keep()
    desk.pass(1_000)
    await desk.ask('Not solved at all.')
    await desk.keep()
    const rows = await desk.all(
      `select kind, started_at from promise where conversation_id = $1 and ended_at is null order by kind`,
      id,
    )
    expect(rows).toEqual([
      { kind: 'nextResponse', started_at: desk.now() },
      { kind: 'resolution', started_at: desk.now() },
    ])
  })

  it('is of the conversation’s own policy, else its team’s, its inbox’s, the usual one', async () => {
    const desk = await promiseDesk(db(), null)
    await makePolicy(db().pool, { isDefault: true, targets: { firstResponse: always(400) } })
    await desk.ask()
    await desk.recalculate()
    expect(await desk.due()).toMatchObject({ in: 400 })
    const of = (minutes: number) => makePolicy(db().pool, { targets: { firstResponse: always(minutes) } })
    await setPolicyUsers(db().pool, await of(300), { inboxIds: [desk.inboxId] })
    await desk.recalculate()
    expect(await desk.due()).toMatchObject({ in: 300 })
    const teamId = await createTeam(db().pool)
    await setPolicyUsers(db().pool, await of(200), { teamIds: [teamId] })
    await desk.change({ teamId })
    expect(await desk.due()).toMatchObject({ in: 200 })
    await desk.change({ slaPolicyId: await of(100) })
    expect(await desk.due()).toMatchObject({ in: 100 })
    await db().pool.query('delete from sla_policy')
    await desk.recalculate()
    expect(await desk.due()).toBeNull()
  })

  it('follows the priority, and gives time back', async () => {
    const desk = await promiseDesk(db(), { targets: { firstResponse: [480, 240, 60, 15] } })
    await desk.ask()
    expect(await desk.due()).toMatchObject({ in: 240 })
    desk.pass(20)
    await desk.change({ priority: 4 })
    expect(await desk.due()).toMatchObject({ in: -5 })
    await desk.tell()
    await desk.change({ priority: 3 })
    expect(await desk.due()).toMatchObject({ in: 40 })
    desk.pass(50)
    await desk.tell()
    // What is broken anew is told anew.
    expect(await desk.told()).toEqual(['broken: firstResponse', 'broken: firstResponse'])
  })

  it('is nothing for history, and while the bot has it', async () => {
    const quiet = await promiseDesk(db(), {}, { liveSince: new Date('2026-03-02T09:00Z') })
    await quiet.ask('history')
    expect(await quiet.due()).toBeNull()
    expect(await quiet.outcomes()).toEqual([])
    const bot = await promiseDesk(db())
    await bot.ask()
    await db().pool.query(`update conversation set holder = 'bot' where inbox_id = $1`, [bot.inboxId])
    expect(await bot.due()).toBeNull()
  })

  it('waits on, where the answer did not arrive', async () => {
    const desk = await promiseDesk(db())
    await desk.ask()
    await desk.due()
    desk.pass(10)
    await desk.answer()
    expect(await desk.due()).toBeNull()
    await db().pool.query(`update delivery set state = 'failed' where inbox_id = $1`, [desk.inboxId])
    await db().pool.query(
      `update conversation set status = 'open', waiting_since = $2, version = version + 1 where inbox_id = $1`,
      [desk.inboxId, new Date(desk.now().getTime() - 600_000)],
    )
    await desk.recalculate()
    expect(await desk.due()).toMatchObject({ kind: 'firstResponse', in: 50 })
  })
})

it('a process that dies while it looks loses nothing: what it read is read again', async () => {
  const desk = await promiseDesk(db())
  await desk.keep()
  await db().pool.query(`create function no_promise() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
    create trigger no_promise before insert on promise execute function no_promise()`)
  await desk.ask()
  await expect(desk.keep()).rejects.toThrow('no')
  await db().pool.query('drop trigger no_promise on promise; drop function no_promise')
  expect(await desk.due()).toMatchObject({ kind: 'firstResponse', in: 60 })
})

describe('hours that change', () => {
  it('leave every conversation as if they had always been so', async () => {
    const early = office('Mon-Fri 09:00-17:00')
    const late = office('Mon-Fri 12:00-20:00', 'Europe/Lisbon')
    const live = async (hours: typeof early) => {
      const id = await makeHours(db().pool, hours)
      const targets = { firstResponse: always(90), resolution: always(1_300), update: always(500) }
      const desk = await promiseDesk(db(), { businessHoursId: id, targets, warnPercent: 50 })
      return { id, desk }
    }
    const [changed, fresh] = [await live(early), await live(late)]
    const story = async ({ desk }: typeof fresh, half: number) => {
      if (half === 1) {
        await desk.ask()
        desk.pass(200)
        await desk.answer()
        await desk.keep()
        desk.pass(300)
        await desk.ask('more')
        await desk.keep()
        desk.pass(1_500)
        await desk.change({ status: 'snoozed', snoozedUntil: new Date(desk.now().getTime() + 5_000 * 60_000) })
        await desk.keep()
      } else {
        desk.pass(900)
        await desk.ask('hello?')
        await desk.keep()
      }
    }
    await story(changed, 1)
    await story(fresh, 1)
    await transaction(db(), (tx) => writeBusinessHours(tx, changed.id, { ...late, name: 'Late' }))
    await changed.desk.recalculate()
    const rows = ({ desk }: typeof fresh) =>
      desk.all(
        `select p.kind, p.started_at, p.pauses, p.due_at, p.warn_at from promise p join conversation c on c.id = p.conversation_id
          where c.inbox_id = $1 and p.ended_at is null order by p.kind`,
        desk.inboxId,
      )
    expect(await rows(changed)).toEqual(await rows(fresh))
    await story(changed, 2)
    await story(fresh, 2)
    expect(await rows(changed)).toEqual(await rows(fresh))
    expect((await rows(fresh)).filter((row) => row.due_at !== null).length).toBeGreaterThan(1)
  })
})

describe('what is told', () => {
  it('is a warning before and the breach after, each once, however many look', async () => {
    const desk = await promiseDesk(db(), { warnMinutes: 15 })
    await desk.ask()
    await desk.keep()
    const version = (await desk.conversation()).version
    desk.pass(45)
    await Promise.all([desk.tell(), desk.tell(), desk.tell(), desk.tell()])
    expect(await desk.told()).toEqual(['soon: firstResponse'])
    desk.pass(16)
    const broken: string[] = []
    const onBreach = async (_tx: unknown, rows: readonly { conversationId: string }[]) => {
      broken.push(...rows.map(({ conversationId }) => conversationId))
    }
    const looks = Array.from({ length: 4 }, () => tellDue({ ...desk.context, onBreach }))
    await Promise.all(looks)
    await desk.tell()
    expect(await desk.told()).toEqual(['soon: firstResponse', 'broken: firstResponse'])
    const { id, version: after } = await desk.conversation()
    expect(broken.filter((one) => one === id)).toEqual([id])
    const feed = await desk.all(
      `select kind, version from feed where conversation_id = $1 and kind like 'promise.%' order by id`,
      id,
    )
    expect(feed).toEqual([
      { kind: 'promise.warning', version: String(BigInt(version) + 1n) },
      { kind: 'promise.broken', version: after },
    ])
    await desk.answer()
    await desk.keep()
    expect(await desk.outcomes()).toEqual(['firstResponse broken'])
  })

  it('is no breach where the answer was in time, though nobody had looked since', async () => {
    const desk = await promiseDesk(db())
    await desk.ask()
    await desk.keep()
    desk.pass(59)
    await desk.answer()
    desk.pass(2)
    await desk.tell()
    expect(await desk.told()).toEqual([])
    expect(await desk.outcomes()).toEqual(['firstResponse kept'])
  })

  it('is no breach of what was promised when it was too late already', async () => {
    const desk = await promiseDesk(db(), null)
    await desk.ask()
    desk.pass(500)
    await setPolicyUsers(db().pool, await makePolicy(db().pool), { inboxIds: [desk.inboxId] })
    await desk.recalculate()
    expect(await desk.due()).toMatchObject({ in: -440 })
    await desk.tell()
    expect(await desk.told()).toEqual([])
  })

  it('is nobody’s business where nothing is promised: the reader skips it, and finds it later', async () => {
    await db().pool.query('delete from promise')
    await db().pool.query('update inbox set remind_after_hours = null, sla_policy_id = null')
    await db().pool.query('update team set sla_policy_id = null')
    await db().pool.query('delete from sla_policy')
    const desk = await promiseDesk(db(), null)
    await desk.ask()
    await desk.keep()
    expect(await desk.all('select r.position = h.position as "upToDate" from promise_reader r, feed_head h')).toEqual([
      { upToDate: true },
    ])
    await setPolicyUsers(db().pool, await makePolicy(db().pool), { inboxIds: [desk.inboxId] })
    await desk.recalculate()
    expect(await desk.due()).toMatchObject({ in: 60 })
  })

  it('a notice of the program is no answer', async () => {
    const desk = await promiseDesk(db())
    await desk.ask()
    const { id } = await desk.conversation()
    const [{ id: askedBy }] = await desk.all('select id from message where conversation_id = $1', id)
    await reply(desk.context, {
      conversationId: id,
      author: { type: 'system', priority: 'notice' },
      kind: 'reply',
      text: 'We got it.',
      attachmentFileIds: [],
      clientId: `notice-${id}`,
      answers: { messageId: askedBy, kind: 'human' },
    })
    expect(await desk.due()).toMatchObject({ kind: 'firstResponse', in: 60 })
  })
})
