import type { Queryable } from './database.ts'
import { type DeliveryState, wakeLane } from './delivery.ts'
import { releaseLaterParts } from './delivery-settle.ts'
import { notify } from './feed-insert.ts'

export interface ResolvableDelivery {
  readonly id: string
  readonly inboxId: string
  readonly threadId: string
  readonly conversationId: string
  readonly messageId: string
  readonly part: number
  readonly state: DeliveryState
}

/** Without a lock: to learn the thread, and whether the agent may see the conversation. */
export async function findDelivery(q: Queryable, id: string): Promise<ResolvableDelivery | null> {
  const { rows } = await q.query({
    name: 'delivery-find',
    text: `select id, inbox_id as "inboxId", thread_id as "threadId", conversation_id as "conversationId",
        message_id as "messageId", part, state from delivery where id = $1`,
    values: [id],
  })
  return (rows[0] as ResolvableDelivery | undefined) ?? null
}

/** Under the thread's lock, as is each of the following. */
export async function resolveAsSent(tx: Queryable, row: ResolvableDelivery): Promise<void> {
  await tx.query(
    `update delivery set state = 'sent', failure = null, reason = null, held_reason = null, settled_at = now() where id = $1`,
    [row.id],
  )
  await releaseLaterParts(tx, row.messageId, row.part)
  await wakeLane(tx, row.threadId)
}

/** Goes before what waits in the thread; its attempts and its age begin anew. The later parts stay held until it has arrived. */
export async function resolveAsResend(tx: Queryable, row: ResolvableDelivery): Promise<void> {
  await tx.query(
    `update delivery set state = 'pending', failures = 0, first_attempt_at = null, due_at = now(), failure = null,
       reason = null, refused = null, held_reason = null, settled_at = null where id = $1`,
    [row.id],
  )
  await notify(tx, ['delivery'])
}

/** What it is stays said; what would have come after it does not go any more. */
export async function resolveAsLeft(tx: Queryable, row: ResolvableDelivery): Promise<void> {
  await tx.query(`update delivery set held_reason = 'left', due_at = 'infinity' where id = $1`, [row.id])
  await tx.query(
    `update delivery set state = 'cancelled', settled_at = now()
      where message_id = $1 and part > $2 and state = 'held' and held_reason = 'earlierPart'`,
    [row.messageId, row.part],
  )
  await wakeLane(tx, row.threadId)
}

/** What of a message has not been sent will not be. Answers how many parts that were; one may be claimed at this very moment. */
export async function cancelUnsent(
  tx: Queryable,
  { id, threadId }: { readonly id: string; readonly threadId: string },
): Promise<number> {
  const { rowCount } = await tx.query({
    name: 'delivery-cancel-unsent',
    text: `update delivery set state = 'cancelled', held_reason = null, due_at = 'infinity', settled_at = now()
      where message_id = $1 and operation = 'send' and state in ('pending', 'held', 'failed')`,
    values: [id],
  })
  await wakeLane(tx, threadId)
  return rowCount ?? 0
}
