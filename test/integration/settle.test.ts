import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Queryable, transaction } from '../../src/store/database.ts'
import { lockThread } from '../../src/store/delivery.ts'
import { type ClaimedDelivery, claimDeliveries } from '../../src/store/delivery-claim.ts'
import { applyReceipt, type Receipt, settleEcho } from '../../src/store/delivery-receipts.ts'
import { type Outcome, settleDelivery } from '../../src/store/delivery-settle.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say, statesIn } from '../support/delivery-ground.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, type MadeConversation } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
const db = () => ground.db
const channel = scriptedChannel()

beforeAll(async () => {
  ground = await testDatabase()
})
afterEach(() => db().pool.query(`update delivery set state = 'cancelled' where state in ('pending', 'sending')`))
afterAll(() => ground.close())

const wish = { allowances: new Map(), perInbox: 10, pausedPlaces: [], afterInbox: '0', limit: 10, leaseMs: 30_000 }
const sent: Outcome = { state: 'sent', externalId: 'x1', afterSent: false }
const failed: Outcome = { state: 'failed', failure: 'blocked', reason: 'No.' }
const uncertain: Outcome = { state: 'uncertain', failure: 'uncertain', reason: 'No answer.' }
const claimOne = async (): Promise<ClaimedDelivery> => (await claimDeliveries(db().pool, wish))[0]!

async function inFlight(text = 'one\n---\ntwo'): Promise<{ conversation: MadeConversation; row: ClaimedDelivery }> {
  const conversation = await createConversation(db().pool)
  await say(db(), channel, conversation.id, { text })
  return { conversation, row: await claimOne() }
}
/** How many of this database's connections wait for a lock. */
const waiting = async (tx: Queryable) => {
  // Inside a transaction the view stands still otherwise.
  await tx.query('select pg_stat_clear_snapshot()')
  return (
    await tx.query(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
  ).rows[0].n
}
const version = async (conversation: MadeConversation) =>
  Number((await db().pool.query('select version from conversation where id = $1', [conversation.id])).rows[0].version)
const updates = async (conversation: MadeConversation) =>
  (
    await db().pool.query(
      `select data, version from feed where conversation_id = $1 and kind = 'delivery.updated' order by id`,
      [conversation.id],
    )
  ).rows

describe('settling a delivery', () => {
  it('changes nothing for a late worker whose attempt is over', async () => {
    const { conversation, row } = await inFlight()
    await db().pool.query(`update delivery set attempt = attempt + 1 where id = $1`, [row.id])
    expect(await settleDelivery(db(), row, sent)).toBe(false)
    await db().pool.query(`update delivery set attempt = $2, state = 'failed' where id = $1`, [row.id, row.attempt])
    expect(await settleDelivery(db(), row, sent)).toBe(false)
    expect(await statesIn(db(), conversation.id)).toEqual(['failed', 'pending'])
    expect(await updates(conversation)).toEqual([])
  })

  it('makes a next version and one feed entry with the state', async () => {
    const { conversation, row } = await inFlight()
    const before = await version(conversation)
    expect(await settleDelivery(db(), row, sent)).toBe(true)
    expect(await version(conversation)).toBe(before + 1)
    expect(await updates(conversation)).toEqual([{ data: { state: 'sent' }, version: String(before + 1) }])
  })

  it('says nothing to anybody about a retry', async () => {
    const { conversation, row } = await inFlight()
    const retry: Outcome = { state: 'pending', afterMs: 60_000, counts: true, failure: 'unavailable', reason: null }
    expect(await settleDelivery(db(), row, retry)).toBe(true)
    expect((await deliveriesIn(db(), conversation.id))[0]).toMatchObject({ state: 'pending', failures: 1 })
    expect(await updates(conversation)).toEqual([])
  })

  it('pauses the inbox without counting a failure when all of it was limited', async () => {
    const { conversation, row } = await inFlight()
    await settleDelivery(db(), row, {
      state: 'pending',
      afterMs: 50,
      counts: false,
      failure: 'rateLimited',
      reason: null,
      pauseInbox: true,
    })
    const paused = async () =>
      (await db().pool.query('select paused_until > now() as paused from inbox where id = $1', [conversation.inboxId]))
        .rows[0].paused
    expect((await deliveriesIn(db(), conversation.id))[0]).toMatchObject({ state: 'pending', failures: 0 })
    await eventually(async () => expect(await paused()).toBe(false))
    await eventually(async () => expect((await claimOne())?.id).toBe(row.id))
  })

  it('settles without an id when the platform names the same one twice', async () => {
    const { conversation, row } = await inFlight()
    await settleDelivery(db(), row, sent)
    const second = await claimOne()
    expect(await settleDelivery(db(), second, sent)).toBe(true)
    expect((await deliveriesIn(db(), conversation.id)).map((d) => d.external_id)).toEqual(['x1', null])
  })

  it('wakes the next of the thread though it was being written at the same moment', async () => {
    const { conversation, row } = await inFlight('one')
    const both = await transaction(db(), async (tx) => {
      // The reply stops behind its deliveries and before its commit.
      await tx.query('lock table feed in share mode')
      const written = say(db(), channel, conversation.id, { text: 'two' })
      await eventually(async () => expect(await waiting(tx)).toBe(1))
      const settled = settleDelivery(db(), row, sent)
      await eventually(async () => expect(await waiting(tx)).toBe(2))
      return { work: Promise.all([written, settled]) }
    })
    await both.work
    expect((await claimOne()).payload.text).toBe('two')
  })

  it('is not for the reaper while the sender still holds its lease', async () => {
    const { row } = await inFlight('one')
    expect(await settleDelivery(db(), row, uncertain, { from: 'sending', expired: true })).toBe(false)
    await db().pool.query(`update delivery set lease_until = now() - interval '1 ms' where id = $1`, [row.id])
    expect(await settleDelivery(db(), row, uncertain, { from: 'sending', expired: true })).toBe(true)
  })

  it('looks again at the echoes and receipts that had to wait for it', async () => {
    const { conversation, row } = await inFlight('one')
    const park = async (kind: string, target: string) =>
      (
        await db().pool.query(
          `insert into inbound_event (inbox_id, event_id, kind, state, thread_key, target, occurred_at, event)
           values ($1, $2, $3, 'parked', $4, $2, now(), '{}') returning id`,
          [conversation.inboxId, target, kind, row.thread.key],
        )
      ).rows[0].id
    const mine = await park('receipt', 'x1')
    const echo = await park('echo', 'somebody else’s')
    await park('edit', 'not here yet')
    await settleDelivery(db(), row, sent)
    const { rows } = await db().pool.query(
      `select payload ->> 'eventRowId' as id from job where kind = 'apply-parked' order by id`,
    )
    expect(rows.map((job) => job.id)).toEqual([mine, echo])
  })
})

describe('an echo of what we sent', () => {
  const echo = (row: ClaimedDelivery, more: { externalId?: string; idempotencyKey?: string; text?: string } = {}) =>
    transaction(db(), async (tx) => {
      await lockThread(tx, row.threadId)
      return settleEcho(tx, { inboxId: row.inboxId, threadId: row.threadId, externalId: 'e1', ...more })
    })

  it('settles the delivery before its own answer comes, which then changes nothing', async () => {
    const { conversation, row } = await inFlight()
    expect(await echo(row, { idempotencyKey: row.idempotencyKey })).toMatchObject({ deliveryId: row.id })
    expect(await settleDelivery(db(), row, { ...sent, externalId: 'e1' })).toBe(false)
    expect(await statesIn(db(), conversation.id)).toEqual(['sent', 'pending'])
    expect((await claimOne()).payload.text).toBe('two')
  })

  it('is known by its words where the platform gives no key back', async () => {
    const { row } = await inFlight('Hello,  there\n---\ntwo')
    expect(await echo(row, { text: 'something else' })).toBeNull()
    expect(await echo(row, { text: 'Hello, there' })).toMatchObject({ deliveryId: row.id })
  })

  it('settles what was uncertain, and lets the held parts go', async () => {
    const { conversation, row } = await inFlight()
    await settleDelivery(db(), row, uncertain)
    expect(await statesIn(db(), conversation.id)).toEqual(['uncertain', 'held'])
    await echo(row, { idempotencyKey: row.idempotencyKey })
    expect(await statesIn(db(), conversation.id)).toEqual(['sent', 'pending'])
    expect((await claimOne()).payload.text).toBe('two')
  })

  it('is recognised again, however often it comes, and of nobody else', async () => {
    const { conversation, row } = await inFlight('one')
    await settleDelivery(db(), row, { ...sent, externalId: 'e1' })
    const before = await version(conversation)
    expect(await echo(row)).toMatchObject({ deliveryId: row.id })
    expect(await echo(row, { externalId: 'e2', idempotencyKey: 'of no one' })).toBeNull()
    expect(await version(conversation)).toBe(before)
  })
})

describe('a receipt', () => {
  const receipt = (row: ClaimedDelivery, more: Partial<Receipt> = {}) =>
    transaction(db(), async (tx) => {
      await lockThread(tx, row.threadId)
      return applyReceipt(tx, {
        inboxId: row.inboxId,
        threadId: row.threadId,
        externalId: 'x1',
        upTo: false,
        receipt: 'read',
        reason: null,
        at: new Date(),
        ...more,
      })
    })

  it('moves a delivery on and never back', async () => {
    const { conversation, row } = await inFlight('one')
    await settleDelivery(db(), row, sent)
    expect(await receipt(row, { receipt: 'delivered' })).toEqual({
      conversationId: conversation.id,
      messageIds: [row.messageId],
    })
    await receipt(row, { receipt: 'read' })
    const before = await version(conversation)
    await receipt(row, { receipt: 'delivered' })
    expect(await statesIn(db(), conversation.id)).toEqual(['read'])
    expect(await version(conversation)).toBe(before)
  })

  it('of one message covers everything before it when the platform says so', async () => {
    const { conversation, row } = await inFlight('one')
    await settleDelivery(db(), row, sent)
    await say(db(), channel, conversation.id, { text: 'two' })
    await settleDelivery(db(), await claimOne(), { ...sent, externalId: 'x2' })
    await say(db(), channel, conversation.id, { text: 'three' })
    await settleDelivery(db(), await claimOne(), { ...sent, externalId: 'x3' })
    expect((await receipt(row, { externalId: 'x2', upTo: true }))?.messageIds).toHaveLength(2)
    expect(await statesIn(db(), conversation.id)).toEqual(['read', 'read', 'sent'])
  })

  it('of a bounce fails what was sent, with the reason, and holds what would have followed', async () => {
    const { conversation, row } = await inFlight()
    await settleDelivery(db(), row, sent)
    await receipt(row, { receipt: 'bounced', reason: 'No such mailbox.' })
    expect(await statesIn(db(), conversation.id)).toEqual(['failed', 'held'])
    expect((await deliveriesIn(db(), conversation.id))[0]).toMatchObject({
      failure: 'bounced',
      reason: 'No such mailbox.',
    })
  })

  it('waits when nothing of ours has its id yet', async () => {
    const { row } = await inFlight()
    expect(await receipt(row)).toBeNull()
  })

  it('does not revive what the platform refused', async () => {
    const { conversation, row } = await inFlight('one')
    await settleDelivery(db(), row, failed)
    await db().pool.query(`update delivery set external_id = 'x1' where id = $1`, [row.id])
    await receipt(row)
    expect(await statesIn(db(), conversation.id)).toEqual(['failed'])
  })
})
