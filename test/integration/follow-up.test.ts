import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInbox, updateInbox } from '../../src/ingest/save-inbox.ts'
import { followUp } from '../../src/routing/follow-up.ts'
import { createSealer } from '../../src/security/seal.ts'
import { getInbox } from '../../src/store/inbox.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { startWorker } from '../support/delivery-ground.ts'
import { eventually } from '../support/eventually.ts'
import { unique } from '../support/factories.ts'
import { type PromiseDesk, promiseDesk } from '../support/promise-desk.ts'

let ground: TestDatabase
const db = () => ground.db

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const hour = 60

/** Reminds after two days, resolves a day later. */
async function reminding(language = 'en', resolveAfter: number | null = 24): Promise<PromiseDesk> {
  const desk = await promiseDesk(db(), null)
  await db().pool.query(
    `update inbox set remind_after_hours = 48, resolve_after_hours = $3, remind_since = $2 where id = $1`,
    [desk.inboxId, desk.now(), resolveAfter],
  )
  desk.pass(1)
  await desk.ask('Where is my deposit?', { sender: { key: unique('person'), language } })
  desk.pass(1)
  return desk
}

const notices = async (desk: PromiseDesk): Promise<string[]> =>
  (
    await desk.all(
      `select m.text from message m join conversation c on c.id = m.conversation_id
        where c.inbox_id = $1 and m.sender_type = 'system' order by m.id`,
      desk.inboxId,
    )
  ).map(({ text }) => text)
const statusOf = async (desk: PromiseDesk): Promise<string> => (await desk.conversation()).status
const arrive = (desk: PromiseDesk, state = 'sent') =>
  db().pool.query('update delivery set state = $2 where inbox_id = $1', [desk.inboxId, state])

/** By those who send, to the stand-in. */
async function sentBy(desk: PromiseDesk): Promise<void> {
  const worker = startWorker(db(), desk.channel)
  await eventually(async () => {
    const waits = await desk.all(`select from delivery where inbox_id = $1 and state <> 'sent'`, desk.inboxId)
    expect(waits).toEqual([])
  })
  await worker.stop()
}

describe('a customer who was answered and says nothing', () => {
  it('is reminded once, and resolved when it was announced', async () => {
    const desk = await reminding()
    await desk.answer()
    await desk.remind()
    desk.pass(48 * hour - 1)
    await desk.remind()
    expect(await notices(desk)).toEqual([])
    desk.pass(2)
    await Promise.all([desk.remind(), desk.remind(), desk.remind()])
    await desk.remind()
    expect(await notices(desk)).toEqual([
      'We answered you here and have not heard from you since. If you still need us, just write here.' +
        ' If we hear nothing, we will close this request in 24 hours. You can write here again at any time.',
    ])
    expect(await statusOf(desk)).toBe('waiting')
    await sentBy(desk)
    desk.pass(24 * hour - 5)
    await desk.remind()
    expect(await statusOf(desk)).toBe('waiting')
    desk.pass(10)
    await Promise.all([desk.remind(), desk.remind()])
    expect(await statusOf(desk)).toBe('resolved')
    const { id } = await desk.conversation()
    expect(await desk.all(`select data from activity where conversation_id = $1 order by id desc limit 1`, id)).toEqual(
      [{ data: { from: 'waiting', to: 'resolved', why: 'silence' } }],
    )
    expect(await notices(desk)).toHaveLength(1)
    desk.pass(10)
    await desk.ask('I still need help')
    expect(await statusOf(desk)).toBe('open')
  })

  it.each([
    ['zh-hans', '如果没有收到您的回复，我们将在3天后结束此请求。'],
    ['ja', '3 日後にこのお問い合わせを終了いたします'],
    ['ko', '답장이 없으면 3일 후에'],
    ['ru', 'мы закроем это обращение через 3 дня.'],
  ])('reads it in their language: %s', async (language, words) => {
    const desk = await reminding(language, 72)
    await desk.answer()
    await desk.remind()
    desk.pass(48 * hour)
    await desk.remind()
    expect(await notices(desk)).toEqual([expect.stringContaining(words)])
  })

  it('hears no more of it after a word of theirs, however late it comes', async () => {
    const desk = await reminding()
    await desk.answer()
    await desk.remind()
    desk.pass(49 * hour)
    // It came in, and nobody who keeps promises has looked yet.
    await desk.ask('One more thing')
    await followUp(desk.context)
    expect(await notices(desk)).toEqual([])
    desk.pass(1)
    await desk.answer('Sure')
    await desk.remind()
    desk.pass(48 * hour)
    await desk.remind()
    expect(await notices(desk)).toHaveLength(1)
    await arrive(desk)
    desk.pass(25 * hour)
    await desk.ask('Wait!')
    await followUp(desk.context)
    expect(await statusOf(desk)).toBe('open')
    await desk.change({ status: 'waiting' })
    desk.pass(500 * hour)
    await desk.remind()
    // Set to waiting by hand, after a question that nobody answered.
    expect([await statusOf(desk), (await notices(desk)).length]).toEqual(['waiting', 1])
  })

  it('is not resolved where the reminder did not arrive, and later where nobody knows yet', async () => {
    const desk = await reminding()
    await desk.answer()
    await desk.remind()
    await arrive(desk)
    desk.pass(48 * hour)
    await desk.remind()
    desk.pass(25 * hour)
    await desk.remind()
    expect(await statusOf(desk)).toBe('waiting')
    await db().pool.query(`update delivery set state = 'failed' where inbox_id = $1 and state = 'pending'`, [
      desk.inboxId,
    ])
    await desk.remind()
    await arrive(desk)
    desk.pass(25 * hour)
    await desk.remind()
    expect(await statusOf(desk)).toBe('waiting')
  })
})

describe('nothing is said or resolved', () => {
  const silence = async (desk: PromiseDesk) => {
    await desk.answer()
    await desk.remind()
    await arrive(desk)
    desk.pass(48 * hour)
    await desk.remind()
    await arrive(desk)
    desk.pass(480 * hour)
    await desk.remind()
    return [await notices(desk), await statusOf(desk)]
  }
  const nothing = [[], 'waiting']

  it('to who said stop', async () => {
    const desk = await reminding()
    await db().pool.query(
      `update identity set automation_stopped_at = now(), automation_stopped_by = 1
        where id = (select opener_identity_id from conversation where inbox_id = $1)`,
      [desk.inboxId],
    )
    expect(await silence(desk)).toEqual(nothing)
  })

  it.each(['shared', 'public'] as const)('in a place that is %s', async (audience) => {
    const desk = await reminding()
    await db().pool.query('update thread set audience = $2 where inbox_id = $1', [desk.inboxId, audience])
    expect(await silence(desk)).toEqual(nothing)
  })

  it('to a program', async () => {
    const desk = await reminding()
    await db().pool.query(
      `update message set by_program = true where conversation_id = (select id from conversation where inbox_id = $1)`,
      [desk.inboxId],
    )
    expect(await silence(desk)).toEqual(nothing)
  })

  it('about what was said before reminders were switched on', async () => {
    const desk = await reminding()
    await db().pool.query('update inbox set remind_since = $2 where id = $1', [
      desk.inboxId,
      new Date(desk.now().getTime() + 3_600_000),
    ])
    expect(await silence(desk)).toEqual(nothing)
  })

  it('where nobody asked for it', async () => {
    const desk = await promiseDesk(db(), null)
    await desk.ask()
    expect(await silence(desk)).toEqual(nothing)
  })
})

it('an inbox reminds from the moment on at which it is switched on, and resolves only what it reminds of', async () => {
  const desk = await promiseDesk(db(), null)
  const ctx = {
    db: db(),
    channels: [{ ...desk.channel.adapter, id: 'loop' }],
    sealer: createSealer('k'.repeat(40)),
    clock: desk.now,
  }
  const { id } = await createInbox(ctx, { channel: 'loop', name: 'Reminding', settings: {} })
  await expect(updateInbox(ctx, id, { settings: { resolveAfterHours: 24 } })).rejects.toMatchObject({
    field: 'resolveAfterHours',
  })
  desk.pass(30)
  await updateInbox(ctx, id, { settings: { remindAfterHours: 48, resolveAfterHours: 24 } })
  expect(await getInbox(db().pool, id)).toMatchObject({ remindAfterHours: 48, remindSince: desk.now() })
  expect(await desk.all(`select count(*)::int as n from job where kind = 'recalculate-promises'`)).toEqual([{ n: 1 }])
  const since = desk.now()
  desk.pass(30)
  await updateInbox(ctx, id, { settings: { remindAfterHours: 24 } })
  expect(await getInbox(db().pool, id)).toMatchObject({
    remindAfterHours: 24,
    resolveAfterHours: 24,
    remindSince: since,
  })
})
