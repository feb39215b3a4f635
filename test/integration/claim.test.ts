import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { transaction } from '../../src/store/database.ts'
import {
  type ClaimWish,
  claimDeliveries,
  expiredDeliveries,
  holdLease,
  sweepLanes,
} from '../../src/store/delivery-claim.ts'
import { dropOldNotices } from '../../src/store/delivery-notices.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say } from '../support/delivery-ground.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, createInbox } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
const db = () => ground.db
const channel = scriptedChannel()

beforeAll(async () => {
  ground = await testDatabase()
})
afterEach(() => db().pool.query(`update delivery set state = 'cancelled' where state in ('pending', 'sending')`))
afterAll(() => ground.close())

const everything: ClaimWish = {
  allowances: new Map(),
  perInbox: 100,
  pausedPlaces: [],
  afterInbox: '0',
  limit: 1_000,
  leaseMs: 30_000,
}
const claim = async (wish: Partial<ClaimWish> = {}) => claimDeliveries(db().pool, { ...everything, ...wish })
const texts = async (wish: Partial<ClaimWish> = {}) => (await claim(wish)).map((row) => row.payload.text)
const bot = { type: 'bot', priority: 'bot' } as const
const notice = { type: 'system', priority: 'notice' } as const

describe('claiming deliveries', () => {
  it('gives the head of each thread, once', async () => {
    const [a, b] = [await createConversation(db().pool), await createConversation(db().pool)]
    for (const text of ['a1', 'a2']) await say(db(), channel, a.id, { text })
    await say(db(), channel, b.id, { text: 'b1\n---\nb2' })
    expect((await texts()).sort()).toEqual(['a1', 'b1'])
    expect(await texts()).toEqual([])
  })

  it('gives nothing of a thread behind an earlier delivery that waits for its retry, even when all are due', async () => {
    const conversation = await createConversation(db().pool)
    for (const text of ['one', 'two', 'three']) await say(db(), channel, conversation.id, { text })
    const [first] = await deliveriesIn(db(), conversation.id)
    await db().pool.query(`update delivery set due_at = now() where conversation_id = $1`, [conversation.id])
    await db().pool.query(`update delivery set due_at = now() + interval '1 hour' where id = $1`, [first?.id])
    expect(await texts()).toEqual([])
  })

  it('gives nothing of a thread that has one in flight, whichever id that has', async () => {
    const conversation = await createConversation(db().pool)
    for (const text of ['old', 'new']) await say(db(), channel, conversation.id, { text })
    const [old, newer] = await deliveriesIn(db(), conversation.id)
    // "Send again" on an old row while a newer one is on its way.
    await db().pool.query(
      `update delivery set state = 'sending', lease_until = now() + interval '1 min' where id = $1`,
      [newer?.id],
    )
    await db().pool.query(`update delivery set due_at = now() where id = $1`, [old?.id])
    expect(await texts()).toEqual([])
    await expect(
      db().pool.query(`update delivery set state = 'sending' where id = $1`, [old?.id]),
    ).rejects.toMatchObject({ constraint: 'delivery_in_flight' })
  })

  it('claims anew when another claimer chose another row of the thread at the same moment', async () => {
    const conversation = await createConversation(db().pool)
    for (const text of ['old', 'new']) await say(db(), channel, conversation.id, { text })
    const newer = (await deliveriesIn(db(), conversation.id))[1]
    const { claimed } = await transaction(db(), async (tx) => {
      await tx.query(`update delivery set state = 'sending', lease_until = now() where id = $1`, [newer?.id])
      const waiting = texts()
      await eventually(async () => {
        await tx.query('select pg_stat_clear_snapshot()')
        const { rows } = await tx.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows.length === 1
      })
      return { claimed: waiting }
    })
    expect(await claimed).toEqual([])
  })

  it('is quick behind one blocked thread of 20,000', async () => {
    const inboxId = await createInbox(db().pool)
    const [deep, other] = [
      await createConversation(db().pool, { inboxId }),
      await createConversation(db().pool, { inboxId }),
    ]
    await say(db(), channel, deep.id, { text: 'blocked' })
    await db().pool.query(`update delivery set due_at = now() + interval '1 hour' where conversation_id = $1`, [
      deep.id,
    ])
    await say(db(), channel, deep.id, { text: Array.from({ length: 20_000 }, (_, n) => `p${n}`).join('\n---\n') })
    await db().pool.query('analyze delivery')
    const taken: number[] = []
    for (let n = 0; n < 20; n++) {
      await say(db(), channel, other.id, { text: `o${n}` })
      const start = performance.now()
      expect(await texts()).toEqual([`o${n}`])
      taken.push(performance.now() - start)
      await db().pool.query(`update delivery set state = 'sent' where conversation_id = $1 and state = 'sending'`, [
        other.id,
      ])
    }
    expect(taken.sort((a, b) => a - b)[10]).toBeLessThan(8)
    await db().pool.query('delete from delivery where conversation_id = $1', [deep.id])
  })

  it('serves a person before the bot, the bot before a notice, and the longest waiting first', async () => {
    const inboxId = await createInbox(db().pool)
    const say1 = async (text: string, author?: typeof bot | typeof notice) =>
      say(db(), channel, (await createConversation(db().pool, { inboxId })).id, { text, ...(author && { author }) })
    await say1('notice', notice)
    await say1('bot', bot)
    await say1('person 1')
    await say1('person 2')
    const order: string[] = []
    for (let n = 0; n < 4; n++) order.push(...(await texts({ perInbox: 1 })))
    expect(order).toEqual(['person 1', 'person 2', 'bot', 'notice'])
  })

  it('takes turns between inboxes', async () => {
    const [busy, calm] = [await createInbox(db().pool), await createInbox(db().pool)]
    for (let n = 0; n < 3; n++)
      await say(db(), channel, (await createConversation(db().pool, { inboxId: busy })).id, { text: 'busy' })
    await say(db(), channel, (await createConversation(db().pool, { inboxId: calm })).id, { text: 'calm' })
    expect(await texts({ limit: 1 })).toEqual(['busy'])
    expect(await texts({ limit: 1, afterInbox: busy })).toEqual(['calm'])
    expect(await texts({ limit: 2, afterInbox: calm })).toEqual(['busy', 'busy'])
  })

  it('leaves alone what may not be sent now', async () => {
    for (const change of [
      `paused_until = now() + interval '1 min'`,
      `health = 'badCredentials'`,
      'enabled = false',
      'deleted_at = now()',
    ]) {
      const conversation = await createConversation(db().pool)
      await say(db(), channel, conversation.id, { text: change })
      await db().pool.query(`update inbox set ${change} where id = $1`, [conversation.inboxId])
    }
    const paused = await createConversation(db().pool)
    await say(db(), channel, paused.id, { text: 'paused place' })
    const [{ place }] = (await db().pool.query('select place from thread where id = $1', [paused.threadId])).rows
    expect(await texts({ pausedPlaces: [{ inboxId: paused.inboxId, place }] })).toEqual([])
    expect(await texts({ allowances: new Map([[paused.inboxId, 0]]) })).toEqual([])
    expect(await texts()).toEqual(['paused place'])
  })

  it('gives the same row to one of many claimers', async () => {
    const inboxId = await createInbox(db().pool)
    for (let n = 0; n < 30; n++)
      await say(db(), channel, (await createConversation(db().pool, { inboxId })).id, { text: `${n}` })
    const claims = await Promise.all(Array.from({ length: 6 }, () => claim({ perInbox: 10 })))
    const ids = claims.flat().map((row) => row.id)
    expect(ids.length).toBe(new Set(ids).size)
  })
})

describe('the lease', () => {
  it('is held only by the present attempt and only while it lasts', async () => {
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    const [row] = await claim()
    expect(await holdLease(db().pool, row!, 30_000)).toBe(true)
    expect(await holdLease(db().pool, { ...row!, attempt: row!.attempt + 1 }, 30_000)).toBe(false)
    await db().pool.query(`update delivery set lease_until = now() - interval '1 ms' where id = $1`, [row?.id])
    expect(await holdLease(db().pool, row!, 30_000)).toBe(false)
    expect((await expiredDeliveries(db().pool, 10)).map((expired) => expired.id)).toEqual([row?.id])
  })
})

describe('the safety net', () => {
  it('wakes a head that nobody woke, and nothing else', async () => {
    const [a, b] = [await createConversation(db().pool), await createConversation(db().pool)]
    for (const text of ['a1', 'a2']) await say(db(), channel, a.id, { text })
    for (const text of ['b1', 'b2']) await say(db(), channel, b.id, { text })
    const [first] = await deliveriesIn(db(), a.id)
    await db().pool.query(`update delivery set state = 'sent' where id = $1`, [first?.id])
    expect(await sweepLanes(db().pool)).toBe(1)
    expect((await texts()).sort()).toEqual(['a2', 'b1'])
    expect(await sweepLanes(db().pool)).toBe(0)
  })

  it('drops notices older than ten minutes, keeps replies, and lets what stood behind them go', async () => {
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'soon', author: notice })
    await say(db(), channel, conversation.id, { text: 'a real answer' })
    await db().pool.query(`update delivery set created_at = now() - interval '9 minutes' where conversation_id = $1`, [
      conversation.id,
    ])
    expect(await dropOldNotices(db())).toBe(0)
    await db().pool.query(`update delivery set created_at = now() - interval '11 minutes' where conversation_id = $1`, [
      conversation.id,
    ])
    expect(await texts()).toEqual([])
    expect(await dropOldNotices(db())).toBe(1)
    expect(await texts()).toEqual(['a real answer'])
    expect((await deliveriesIn(db(), conversation.id))[0]).toMatchObject({ state: 'cancelled', held_reason: 'tooOld' })
  })
})
