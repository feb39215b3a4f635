import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Resolution, resolveDelivery } from '../../src/delivery/resolve.ts'
import { transaction } from '../../src/store/database.ts'
import { type ClaimedDelivery, claimDeliveries } from '../../src/store/delivery-claim.ts'
import { applyReceipt } from '../../src/store/delivery-receipts.ts'
import { type Outcome, settleDelivery } from '../../src/store/delivery-settle.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say } from '../support/delivery-ground.ts'
import { createAgent, createConversation, createThread } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
const db = () => ground.db
beforeAll(async () => {
  ground = await testDatabase()
})
afterEach(() => db().pool.query(`update delivery set state = 'cancelled' where state in ('pending', 'sending')`))
afterAll(() => ground.close())

const wish = { allowances: new Map(), perInbox: 10, pausedPlaces: [], afterInbox: '0', limit: 10, leaseMs: 30_000 }
const sent = (id: string): Outcome => ({ state: 'sent', externalId: `x${id}`, afterSent: false })
const failed: Outcome = { state: 'failed', failure: 'blocked', reason: 'No.' }
const uncertain: Outcome = { state: 'uncertain', failure: 'uncertain', reason: 'No answer.' }

async function sending(conversationId: string, text = 'On its way.'): Promise<ClaimedDelivery> {
  await say(db(), scriptedChannel(), conversationId, { text })
  return (await claimDeliveries(db().pool, wish)).find((row) => row.conversationId === conversationId)!
}
const bounce = (row: ClaimedDelivery) =>
  transaction(db(), (tx) =>
    applyReceipt(tx, {
      inboxId: row.inboxId,
      threadId: row.threadId,
      deliveryId: row.id,
      externalId: `x${row.id}`,
      upTo: false,
      receipt: 'bounced',
      reason: 'No such user.',
      at: new Date(),
    }),
  )
const settled = (row: ClaimedDelivery, as: Resolution) =>
  resolveDelivery(db(), { deliveryId: row.id, as, actor: 'agent:1' })
const facts = async (id: string) =>
  (
    await db().pool.query(
      `select status, assignee_id as assignee, waiting_since is not null as waits, resolved_at as resolved,
         failed_sends as failed, unconfirmed_sends as unconfirmed, version from conversation where id = $1`,
      [id],
    )
  ).rows[0]
const told = async (id: string) =>
  (await db().pool.query('select kind, actor, data from activity where conversation_id = $1 order by id', [id])).rows

async function answered(): Promise<{ id: string; threadId: string; row: ClaimedDelivery }> {
  const conversation = await createConversation(db().pool)
  const row = await sending(conversation.id)
  await settleDelivery(db(), row, sent(row.id))
  return { id: conversation.id, threadId: row.threadId, row }
}
const makeStatus = (id: string, status: string) =>
  db().pool.query(`update conversation set status = $2, resolved_at = now() where id = $1`, [id, status])

describe('a reply that did not arrive', () => {
  it('is refused: the case that waited for the customer is open again, and says why', async () => {
    const { id } = await createConversation(db().pool)
    const row = await sending(id)
    expect(await facts(id)).toMatchObject({ status: 'waiting', failed: 0 })
    await settleDelivery(db(), row, failed)
    expect(await facts(id)).toMatchObject({ status: 'open', failed: 1 })
    const said = (await told(id)).at(-1)
    expect(said).toEqual({ kind: 'reopened', actor: 'system', data: { why: 'notDelivered', deliveryId: row.id } })
    const { rows } = await db().pool.query(
      `select version from feed where conversation_id = $1 and kind = 'conversation.updated' order by id desc limit 1`,
      [id],
    )
    expect(rows[0].version).toBe((await facts(id)).version)
  })

  it.each(['waiting', 'resolved', 'snoozed', 'onHold'])(
    'bounces: the %s case is open again for who has it',
    async (status) => {
      const { id, row } = await answered()
      const agent = await createAgent(db().pool)
      await db().pool.query('update conversation set assignee_id = $2 where id = $1', [id, agent])
      await makeStatus(id, status)
      await bounce(row)
      expect(await facts(id)).toMatchObject({ status: 'open', assignee: agent, resolved: null, failed: 1 })
    },
  )

  it('leaves spam, and a case of which a later reply arrived, as they are', async () => {
    const spam = await answered()
    await makeStatus(spam.id, 'spam')
    await bounce(spam.row)
    expect(await facts(spam.id)).toMatchObject({ status: 'spam', failed: 1 })

    const later = await answered()
    const row = await sending(later.id, 'Again.')
    await settleDelivery(db(), row, sent(row.id))
    await bounce(later.row)
    expect(await facts(later.id)).toMatchObject({ status: 'waiting', failed: 1 })
  })

  it('does not reopen a case whose place belongs to a newer one', async () => {
    const { id, threadId, row } = await answered()
    await makeStatus(id, 'resolved')
    const newer = await createConversation(db().pool, { threadId, status: 'open' })
    await db().pool.query('update thread set conversation_id = $2 where id = $1', [threadId, newer.id])
    await bounce(row)
    expect(await facts(id)).toMatchObject({ status: 'resolved', failed: 1 })
  })
})

describe('what troubles a conversation', () => {
  it('is counted until somebody settles it', async () => {
    const { id } = await createConversation(db().pool)
    const first = await sending(id)
    await settleDelivery(db(), first, uncertain)
    expect(await facts(id)).toMatchObject({ status: 'waiting', failed: 0, unconfirmed: 1 })
    await settled(first, 'leave')
    expect(await facts(id)).toMatchObject({ failed: 0, unconfirmed: 0 })

    const second = await sending(id)
    await settleDelivery(db(), second, failed)
    await makeStatus(id, 'resolved')
    await settled(second, 'leave')
    expect(await facts(id)).toMatchObject({ status: 'resolved', failed: 0 })
    await settled(second, 'resend')
    const again = (await claimDeliveries(db().pool, wish)).find((row) => row.id === second.id)!
    await settleDelivery(db(), again, sent(again.id))
    expect(await facts(id)).toMatchObject({ failed: 0, unconfirmed: 0 })
    expect((await deliveriesIn(db(), id)).map(({ state }) => state)).toEqual(['uncertain', 'sent'])
  })

  it('goes along when its messages move to another conversation', async () => {
    const { id, row } = await answered()
    await bounce(row)
    const other = await createConversation(db().pool, { threadId: await createThread(db().pool) })
    await db().pool.query('update delivery set conversation_id = $2 where id = $1', [row.id, other.id])
    expect(await facts(id)).toMatchObject({ failed: 0 })
    expect(await facts(other.id)).toMatchObject({ failed: 1 })
  })
})
