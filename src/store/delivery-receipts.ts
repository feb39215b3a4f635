import type { RefusedRecipient } from '../channel/contract.ts'
import type { Queryable } from './database.ts'
import { type DeliveryState, wakeLane } from './delivery.ts'
import { cancelReadLetter } from './delivery-letter.ts'
import { wakeParked } from './delivery-parked.ts'
import { announceDelivery, holdLaterParts, releaseLaterParts } from './delivery-settle.ts'
import { reopenUnsent } from './unsent.ts'

/** What the platform told us later of what we sent. Part of T1: the caller holds the thread's lock and notifies 'feed'. */

interface Found {
  readonly id: string
  readonly messageId: string
  readonly conversationId: string
  readonly part: number
  readonly state: DeliveryState
  readonly failure: string | null
}

const COLUMNS = `id, message_id as "messageId", conversation_id as "conversationId", part, state, failure`

export interface Echo {
  readonly inboxId: string
  readonly threadId: string
  readonly externalId: string
  readonly idempotencyKey?: string
  /** Ours, given back by the platform and verified. */
  readonly deliveryId?: string
  /** Where the platform gives no key back, what is in flight is known by its words. */
  readonly text?: string
}

export interface EchoEffect {
  readonly deliveryId: string
  readonly messageId: string
  readonly conversationId: string
}

/** The delivery that this echo is of, settled as sent; null when we did not send it. */
export async function settleEcho(tx: Queryable, echo: Echo): Promise<EchoEffect | null> {
  const found =
    (await byId(tx, echo.inboxId, echo.deliveryId)) ??
    (await byExternalId(tx, echo.threadId, echo.externalId)) ??
    (await unsettled(tx, echo))
  if (!found) return null
  // A copy of what we sent proves nothing against the bounce that came back for it.
  const bounced = found.state === 'failed' && found.failure === 'bounced'
  if (!bounced && !['sent', 'delivered', 'read', 'cancelled'].includes(found.state)) {
    await markSent(tx, found, echo.threadId, echo.externalId)
  }
  return { deliveryId: found.id, messageId: found.messageId, conversationId: found.conversationId }
}

async function byExternalId(tx: Queryable, threadId: string, externalId: string): Promise<Found | null> {
  const { rows } = await tx.query({
    name: 'delivery-by-external',
    text: `select ${COLUMNS} from delivery where id = coalesce(
      (select id from delivery where thread_id = $1 and external_id = $2),
      (select delivery_id from album_item where thread_id = $1 and external_id = $2))`,
    values: [threadId, externalId],
  })
  return (rows[0] as Found | undefined) ?? null
}

async function byId(tx: Queryable, inboxId: string, deliveryId: string | undefined): Promise<Found | null> {
  if (deliveryId === undefined) return null
  const { rows } = await tx.query({
    name: 'delivery-by-id',
    text: `select ${COLUMNS} from delivery where id = $1 and inbox_id = $2`,
    values: [deliveryId, inboxId],
  })
  return (rows[0] as Found | undefined) ?? null
}

/** By our own key, in whatever state; without one, by the words of what may have been sent just now. */
async function unsettled(tx: Queryable, echo: Echo): Promise<Found | null> {
  if (echo.idempotencyKey !== undefined) {
    const { rows } = await tx.query({
      name: 'delivery-by-key',
      text: `select ${COLUMNS} from delivery where idempotency_key = $1 and inbox_id = $2 and operation in ('send', 'letter')`,
      values: [echo.idempotencyKey, echo.inboxId],
    })
    if (rows[0]) return rows[0] as Found
  }
  if (echo.text === undefined) return null
  const { rows } = await tx.query({
    name: 'delivery-in-doubt',
    text: `select ${COLUMNS}, payload from delivery
      where thread_id = $1 and inbox_id = $2 and operation in ('send', 'letter') and state in ('sending', 'uncertain') order by id`,
    values: [echo.threadId, echo.inboxId],
  })
  const words = folded(echo.text)
  const candidates = rows as (Found & { payload: { text?: string } })[]
  return candidates.find(({ payload }) => words !== '' && folded(payload.text ?? '') === words) ?? null
}

/** Words as platforms give them back: other spaces, other forms of one letter. */
export function folded(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim()
}

async function markSent(tx: Queryable, found: Found, threadId: string, externalId: string): Promise<void> {
  await tx.query({
    name: 'delivery-echoed',
    text: `update delivery set state = 'sent', external_id = $2, failure = null, reason = null, held_reason = null,
        lease_until = null, settled_at = now() where id = $1`,
    values: [found.id, externalId],
  })
  await releaseLaterParts(tx, found.messageId, found.part)
  await wakeParked(tx, found.id)
  await announceDelivery(tx, found.id, 'sent')
  await wakeLane(tx, threadId)
}

export interface Receipt {
  readonly inboxId: string
  readonly threadId: string
  readonly deliveryId?: string
  readonly externalId: string
  /** Everything of ours in the thread up to and including it. */
  readonly upTo: boolean
  readonly receipt: 'delivered' | 'read' | 'bounced' | 'delayed'
  readonly reason: string | null
  readonly refused?: readonly RefusedRecipient[]
  readonly at: Date
}

export interface ReceiptEffect {
  readonly conversationId: string
  readonly messageIds: string[]
}

/** null: no delivery has this id yet. States only move on: a late "delivered" does not undo "read". */
export async function applyReceipt(tx: Queryable, receipt: Receipt): Promise<ReceiptEffect | null> {
  const { inboxId, threadId, externalId, deliveryId } = receipt
  const named = (await byId(tx, inboxId, deliveryId)) ?? (await byExternalId(tx, threadId, externalId))
  // What is said of a send still on its way waits for its end.
  if (!named || named.state === 'sending') return null
  const changed = receipt.upTo ? await upTo(tx, receipt, named) : [named]
  for (const found of changed) await applyOne(tx, receipt, found)
  const messageIds = [named.messageId, ...changed.map((found) => found.messageId)]
  return { conversationId: named.conversationId, messageIds: [...new Set(messageIds)] }
}

async function upTo(tx: Queryable, receipt: Receipt, last: Found): Promise<Found[]> {
  const { rows } = await tx.query({
    name: 'delivery-up-to',
    text: `select ${COLUMNS} from delivery where thread_id = $1 and id <= $2 and operation = 'send'
        and external_id is not null and state = any ($3::text[]) order by id`,
    values: [receipt.threadId, last.id, before[receipt.receipt]],
  })
  return rows as Found[]
}

/** From which states a receipt may move a delivery on. A read message was delivered, whatever a bounce says later. */
const before: Readonly<Record<Receipt['receipt'], readonly DeliveryState[]>> = {
  delivered: ['sent', 'uncertain'],
  read: ['sent', 'delivered', 'uncertain'],
  bounced: ['sent', 'delivered', 'uncertain'],
  delayed: ['sent', 'uncertain'],
}

async function applyOne(tx: Queryable, given: Receipt, found: Found): Promise<void> {
  const { receipt, reason, threadId } = given
  if (!before[receipt].includes(found.state)) return
  if (receipt === 'bounced' && (await refusedAlone(tx, given, found))) return
  // What is delayed was handed over.
  const state = receipt === 'bounced' ? 'failed' : receipt === 'delayed' ? 'sent' : receipt
  await tx.query({
    name: 'delivery-receipt',
    text: `update delivery set state = $2, settled_at = now(), failure = $3, reason = $4 where id = $1`,
    values: [found.id, state, receipt === 'bounced' || receipt === 'delayed' ? receipt : null, reason],
  })
  if (state === 'failed') await holdLaterParts(tx, found.messageId, found.part)
  else if (found.state === 'uncertain') {
    await releaseLaterParts(tx, found.messageId, found.part)
  }
  await announceDelivery(tx, found.id, state)
  if (state === 'failed') await reopenUnsent(tx, found.id)
  await wakeLane(tx, threadId)
  if (receipt === 'read') await cancelReadLetter(tx, found.messageId)
}

// Somebody of the letter is left who is not refused, now or before. An address it never had proves nothing.
const REFUSE_ALONE = `update delivery d set refused = coalesce(d.refused, '[]') || $2::jsonb, settled_at = coalesce(d.settled_at, now()),
      state = case when d.state = 'uncertain' then 'sent' else d.state end
    from message m, lateral (select array_agg(lower(x ->> 'address')) as all from jsonb_array_elements(
      coalesce(m.letter -> 'to', '[]') || coalesce(m.letter -> 'cc', '[]') || coalesce(m.letter -> 'bcc', '[]')) x) named
    where d.id = $1 and m.id = d.message_id and $3::text[] <@ named.all and exists (select from unnest(named.all) other
      where other <> all ($3) and other <> all (select lower(r ->> 'recipient') from jsonb_array_elements(d.refused) r))`

/** Some of several recipients did not get it: the letter itself did arrive. False: nobody else is left who may have it. */
async function refusedAlone(tx: Queryable, { refused = [], threadId }: Receipt, found: Found): Promise<boolean> {
  if (refused.length === 0) return false
  const addresses = refused.map(({ recipient }) => recipient.toLowerCase())
  const { rowCount } = await tx.query(REFUSE_ALONE, [found.id, JSON.stringify(refused), addresses])
  if (rowCount !== 1) return false
  if (found.state === 'uncertain') await releaseLaterParts(tx, found.messageId, found.part)
  await announceDelivery(tx, found.id, found.state === 'uncertain' ? 'sent' : found.state)
  await reopenUnsent(tx, found.id)
  await wakeLane(tx, threadId)
  return true
}
