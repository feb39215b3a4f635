import type { RefusedRecipient, RenderedPart } from '../channel/contract.ts'
import type { Queryable } from './database.ts'

export type DeliveryState =
  | 'pending'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'uncertain'
  | 'cancelled'
  | 'held'
/** `letter`: words of the message once more, or about it, by another way than its own. */
export type DeliveryOperation = 'send' | 'edit' | 'remove' | 'react' | 'letter'

/** Something new arrives at somebody's. */
export function sends(operation: DeliveryOperation): boolean {
  return operation === 'send' || operation === 'letter'
}

/** 0 a person's reply, 1 a bot's answer, 2 a notice: who goes first inside a budget. */
export const priorities = { person: 0, bot: 1, notice: 2 } as const
export type Priority = keyof typeof priorities

/** What stands in `delivery.payload`. `target` is the platform's id of the message that an edit, removal or reaction is about. */
export interface DeliveryPayload extends RenderedPart {
  readonly target?: string
  readonly reactions?: readonly string[]
}

export interface NewDelivery {
  readonly part: number
  readonly payload: DeliveryPayload
  /** At most 25 characters, so that every platform's key field holds it as it is. */
  readonly idempotencyKey: string
  readonly operation?: DeliveryOperation
}

export interface DeliveryPlace {
  readonly inboxId: string
  readonly threadId: string
  readonly place: string
  readonly conversationId: string
  readonly messageId: string
  readonly priority: Priority
  readonly replyTo: string | null
}

/**
 * A lane's head is due now; whatever stands behind an unfinished delivery of its thread waits at 'infinity' until `wakeLane`,
 * so that a claim never walks over a long blocked lane. The caller holds the thread's lock: without it a settle could miss the new rows.
 */
const INSERT = `insert into delivery (inbox_id, thread_id, place, conversation_id, message_id, priority, reply_to,
    part, payload, idempotency_key, operation, due_at)
  select $1, $2, $3, $4, $5, $6, $7, part, payload, key, operation,
    case when n = 1 and not exists
           (select 1 from delivery p where p.thread_id = $2 and p.state in ('pending', 'sending'))
         then now() else 'infinity' end
  from unnest($8::int[], $9::json[], $10::text[], $11::text[]) with ordinality as t (part, payload, key, operation, n)
  order by n`

export async function insertDeliveries(tx: Queryable, at: DeliveryPlace, rows: readonly NewDelivery[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query({
    name: 'delivery-insert',
    text: INSERT,
    values: [
      at.inboxId,
      at.threadId,
      at.place,
      at.conversationId,
      at.messageId,
      priorities[at.priority],
      at.replyTo,
      rows.map((row) => row.part),
      rows.map((row) => JSON.stringify(row.payload)),
      rows.map((row) => row.idempotencyKey),
      rows.map((row) => row.operation ?? 'send'),
    ],
  })
}

/** First lock of every transaction that changes what waits in a thread (order: thread, identity, contact, conversation, rest). */
export async function lockThread(tx: Queryable, threadId: string): Promise<void> {
  await tx.query({
    name: 'delivery-thread-lock',
    text: 'select 1 from thread where id = $1 for no key update',
    values: [threadId],
  })
}

/** After a delivery left pending or sending: the next of its thread becomes due, and is heard of. Under the thread's lock. */
export async function wakeLane(tx: Queryable, threadId: string): Promise<void> {
  await tx.query({
    name: 'delivery-wake-lane',
    text: `with woken as (update delivery set due_at = now()
      where due_at = 'infinity' and id = (select id from delivery where thread_id = $1 and state = 'pending'
        and not exists (select 1 from delivery s where s.thread_id = $1 and s.state = 'sending') order by id limit 1)
      returning 1)
      select pg_notify('delivery', '') from woken`,
    values: [threadId],
  })
}

export interface DeliveryView {
  readonly id: string
  readonly messageId: string
  readonly part: number
  readonly state: DeliveryState
  /** blocked, threadGone, unavailable, earlierPart, credentials, left…; null: nothing to explain. */
  readonly reason: string | null
  /** A sentence from the channel. */
  readonly detail: string | null
  /** Who did not get it, where others did. */
  readonly refused: readonly RefusedRecipient[] | null
  readonly at: Date
  readonly operation: DeliveryOperation
}

/**
 * As people see them: what waits in an inbox whose credentials are refused is shown as held, though no row says so. Of what was
 * done to a message after it was sent only the newest of each kind, and only until it is settled well.
 */
export async function deliveriesOf(q: Queryable, messageIds: readonly string[]): Promise<DeliveryView[]> {
  const { rows } = await q.query({
    name: 'delivery-views',
    text: `select d.id, w.message_id as "messageId", d.part,
        case when d.state = 'pending' and i.health = 'badCredentials' then 'held' else d.state end as state,
        case when d.state = 'pending' and i.health = 'badCredentials' then 'credentials'
             else coalesce(d.held_reason, d.failure) end as reason,
        d.reason as detail, d.refused, coalesce(d.settled_at, d.first_attempt_at, d.created_at) as at, d.operation
      from (select id, message_id from delivery c where c.message_id = any($1::bigint[]) and c.operation <> 'letter'
              and (c.operation = 'send' or c.state not in ('sent', 'cancelled') and c.held_reason is distinct from 'left'
                and not exists (select 1 from delivery n where n.message_id = c.message_id and n.part = c.part
                  and n.operation = c.operation and n.id > c.id))
            union all select delivery_id, message_id from continued_message where message_id = any($1::bigint[])) w
        join delivery d on d.id = w.id join inbox i on i.id = d.inbox_id order by w.message_id, d.part, d.id`,
    values: [messageIds],
  })
  return rows as DeliveryView[]
}
