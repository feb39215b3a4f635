import type { RefusedRecipient } from '../channel/contract.ts'
import { insertSentAlbum } from './album.ts'
import { type Database, type Queryable, together, transaction } from './database.ts'
import { type DeliveryState, lockThread, sends, wakeLane } from './delivery.ts'
import type { ClaimedDelivery } from './delivery-claim.ts'
import { wakeParked } from './delivery-parked.ts'
import { notify } from './feed-insert.ts'
import { enqueueJobs } from './job.ts'
import { reopenUnsent } from './unsent.ts'

/** What became of an attempt. Milliseconds are counted by the database's clock. */
export type Outcome =
  | {
      readonly state: 'sent'
      readonly externalId: string | null
      /** What else the platform made of it. */
      readonly more?: readonly string[]
      readonly afterSent: boolean
      readonly refused?: readonly RefusedRecipient[]
    }
  | {
      readonly state: 'pending'
      readonly afterMs: number
      readonly counts: boolean
      readonly failure: string
      readonly reason: string | null
      /** Nothing of this inbox is claimed meanwhile. */
      readonly pauseInbox?: boolean
    }
  | { readonly state: 'failed' | 'uncertain' | 'cancelled'; readonly failure: string; readonly reason: string | null }

export interface Guard {
  /** What the row must be in for the outcome to count. */
  readonly from: 'sending' | 'uncertain'
  /** Only when its lease ran out: the reaper must not touch a delivery that is still on its way. */
  readonly expired?: boolean
}

/**
 * T4. False: a late worker, whose delivery somebody else has settled or claimed anew; nothing changed.
 * A platform that names one id twice must not leave the second delivery unsettled: it is settled without an id.
 */
export async function settleDelivery(
  db: Database,
  row: ClaimedDelivery,
  outcome: Outcome,
  guard: Guard = { from: 'sending' },
): Promise<boolean> {
  try {
    return await transaction(db, (tx) => settle(tx, row, outcome, guard))
  } catch (error) {
    if (outcome.state !== 'sent' || (error as { constraint?: unknown }).constraint !== 'delivery_external') throw error
    return transaction(db, (tx) => settle(tx, row, { ...outcome, externalId: null }, guard))
  }
}

async function settle(tx: Queryable, row: ClaimedDelivery, outcome: Outcome, guard: Guard): Promise<boolean> {
  const [, ours] = await together([lockThread(tx, row.threadId), writeOutcome(tx, row, outcome, guard)])
  if (!ours) return false
  if (outcome.state === 'pending') {
    if (outcome.pauseInbox) await pauseInbox(tx, row.inboxId, outcome.afterMs)
    return true
  }
  const sent = outcome.state === 'sent'
  const afterSent = sent && outcome.afterSent ? [{ kind: 'after-sent', payload: { deliveryId: row.id } }] : []
  await together([
    row.operation !== 'send'
      ? undefined
      : sent
        ? releaseLaterParts(tx, row.messageId, row.part)
        : holdLaterParts(tx, row.messageId, row.part),
    wakeLane(tx, row.threadId),
    sent && outcome.more && sends(row.operation) ? insertSentAlbum(tx, row.id, outcome.more) : undefined,
    enqueueJobs(tx, afterSent),
    wakeParked(tx, row.id),
    announceDelivery(tx, row.id, outcome.state),
    notify(tx, ['feed']),
  ])
  if (outcome.state === 'failed' || (sent && outcome.refused)) await reopenUnsent(tx, row.id)
  return true
}

const WRITE = `update delivery set state = $3, failures = failures + $4, lease_until = null, failure = $5, reason = $6,
    external_id = coalesce($7, external_id), refused = coalesce($11::jsonb, refused),
    due_at = case when $3 = 'pending' then now() + make_interval(secs => $8::float8 / 1000)
                  when $3 = 'uncertain' then now() + interval '1 s' else due_at end,
    settled_at = case when $3 in ('pending', 'uncertain') then null else now() end
  where id = $1 and attempt = $2 and state = $9 and (not $10 or lease_until < now())`

async function writeOutcome(q: Queryable, row: ClaimedDelivery, outcome: Outcome, guard: Guard): Promise<boolean> {
  const pending = outcome.state === 'pending' ? outcome : null
  const { rowCount } = await q.query({
    name: 'delivery-settle',
    text: WRITE,
    values: [
      row.id,
      row.attempt,
      outcome.state,
      pending?.counts ? 1 : 0,
      outcome.state === 'sent' ? null : outcome.failure,
      outcome.state === 'sent' ? null : outcome.reason,
      outcome.state === 'sent' && sends(row.operation) ? outcome.externalId : null,
      pending?.afterMs ?? 0,
      guard.from,
      guard.expired === true,
      outcome.state === 'sent' && outcome.refused ? JSON.stringify(outcome.refused) : null,
    ],
  })
  return rowCount === 1
}

/** The inbox's row comes last in the order of locks. */
async function pauseInbox(tx: Queryable, inboxId: string, ms: number): Promise<void> {
  await tx.query(
    `update inbox set paused_until = greatest(paused_until, now() + make_interval(secs => $2::float8 / 1000)) where id = $1`,
    [inboxId, ms],
  )
}

/** Part 2 must not arrive where part 1 did not. */
export async function holdLaterParts(tx: Queryable, messageId: string, part: number): Promise<void> {
  await tx.query({
    name: 'delivery-hold-parts',
    text: `update delivery set state = 'held', held_reason = 'earlierPart'
      where message_id = $1 and part > $2 and state = 'pending' and operation = 'send'`,
    values: [messageId, part],
  })
}

/** The part before them is there after all. Call `wakeLane` after it. */
export async function releaseLaterParts(tx: Queryable, messageId: string, part: number): Promise<void> {
  await tx.query({
    name: 'delivery-release-parts',
    text: `update delivery set state = 'pending', held_reason = null, due_at = 'infinity'
      where message_id = $1 and part > $2 and state = 'held' and held_reason = 'earlierPart'`,
    values: [messageId, part],
  })
}

/** A state that people see has changed. The same transaction notifies 'feed'. */
export async function announceDelivery(tx: Queryable, deliveryId: string, state: DeliveryState): Promise<void> {
  await tx.query({
    name: 'delivery-announce',
    text: `with changed as (
        update conversation c set version = c.version + 1 from delivery d where d.id = $1 and c.id = d.conversation_id
        returning c.inbox_id, c.id, c.version, d.message_id)
      insert into feed (kind, inbox_id, conversation_id, version, message_id, delivery_id, data)
      select 'delivery.updated', inbox_id, id, version, message_id, $1, jsonb_build_object('state', $2::text) from changed`,
    values: [deliveryId, state],
  })
}
