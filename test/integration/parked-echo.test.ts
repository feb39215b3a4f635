import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InboundEcho } from '../../src/channel/contract.ts'
import { applyStored } from '../../src/ingest/apply-stored.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type ClaimedDelivery, claimDeliveries } from '../../src/store/delivery-claim.ts'
import { settleDelivery } from '../../src/store/delivery-settle.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { say } from '../support/delivery-ground.ts'
import { createConversation } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
const db = () => ground.db
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const wish = { allowances: new Map(), perInbox: 10, pausedPlaces: [], afterInbox: '0', limit: 10, leaseMs: 30_000 }

/** The platform shows us our own message, in other words than we sent it, before it answers our call. */
async function echoedInFlight(externalId: string): Promise<{ conversationId: string; row: ClaimedDelivery }> {
  const conversation = await createConversation(db().pool)
  await say(db(), scriptedChannel(), conversation.id, { text: 'one' })
  const row = (await claimDeliveries(db().pool, wish)).find((claimed) => claimed.conversationId === conversation.id)!
  const event: InboundEcho = {
    kind: 'echo',
    eventId: externalId,
    thread: row.thread,
    occurredAt: new Date(),
    raw: null,
    externalId,
    text: 'in other words',
  }
  const now = new Date()
  const { outcomes } = await recordInbound(db(), { inboxId: conversation.inboxId, batch: { events: [event] }, now })
  expect(outcomes).toEqual([{ kind: 'parked' }])
  return { conversationId: conversation.id, row }
}

async function workParked(): Promise<void> {
  const { rows } = await db().pool.query(
    `delete from job where kind = 'apply-parked' returning payload ->> 'eventRowId' as id`,
  )
  for (const { id } of rows) await applyStored(db(), id, new Date())
}
const texts = async (conversationId: string) =>
  (
    await db().pool.query('select text from message where conversation_id = $1 order by seq', [conversationId])
  ).rows.map((row) => row.text)

describe('an echo that comes while its send is under way', () => {
  it('is no second message once the send is settled', async () => {
    const { conversationId, row } = await echoedInFlight('e1')
    await settleDelivery(db(), row, { state: 'sent', externalId: 'e1', afterSent: false })
    await workParked()
    expect(await texts(conversationId)).toEqual(['one'])
    expect(
      (await db().pool.query(`select 1 from inbound_event where state = 'parked' and event_id = 'e1'`)).rows,
    ).toEqual([])
  })

  it('is a message of its own when it was somebody else in the platform’s own app', async () => {
    const { conversationId, row } = await echoedInFlight('e2')
    await settleDelivery(db(), row, { state: 'sent', externalId: 'mine', afterSent: false })
    await workParked()
    expect(await texts(conversationId)).toEqual(['one', 'in other words'])
  })
})
