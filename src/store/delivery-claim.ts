import type { Audience } from '../channel/contract.ts'
import { named, type Queryable } from './database.ts'
import type { DeliveryOperation, DeliveryPayload } from './delivery.ts'

/** A notice that waited so long says nothing true any more: "we answer in a few minutes" an hour later is worse than silence. */
export const noticeMinutes = 10

export interface ClaimedDelivery {
  readonly id: string
  readonly inboxId: string
  readonly threadId: string
  readonly place: string
  readonly conversationId: string
  readonly messageId: string
  readonly operation: DeliveryOperation
  readonly part: number
  readonly payload: DeliveryPayload
  readonly replyTo: string | null
  readonly idempotencyKey: string
  /** The fencing token: whoever settles must still hold it. */
  readonly attempt: number
  readonly failures: number
  /** ms since the first attempt, by the database's clock. */
  readonly ageMs: number
  readonly thread: { readonly key: string; readonly kind: string; readonly audience: Audience }
  /** Of the settings in force when it was claimed: a refusal blames these and no newer ones. */
  readonly settingsVersion: number
}

const claimed = `d.id, d.inbox_id as "inboxId", d.thread_id as "threadId", d.place, d.conversation_id as "conversationId",
  d.message_id as "messageId", d.operation, d.part, d.payload, d.reply_to as "replyTo",
  d.idempotency_key as "idempotencyKey", d.attempt, d.failures,
  (extract(epoch from now() - coalesce(d.first_attempt_at, now())) * 1000)::float8 as "ageMs",
  json_build_object('key', t.key, 'kind', t.kind, 'audience', t.audience) as thread,
  i.settings_version as "settingsVersion"`

/**
 * Due heads, inbox by inbox, so that a paused inbox is not walked through. Both tests of `p` are needed: 'sending' keeps one
 * in flight for each thread, and a lower pending id keeps the order while an earlier one waits for its retry.
 * Two claims may still choose two rows of one thread; the unique index in_flight refuses the second with 23505.
 */
const claim = named(
  'delivery-claim',
  `with head as (
     select h.id from (
       select i.id, coalesce(allowance.n, $5) as n from inbox i
       left join unnest($1::bigint[], $2::int[]) as allowance (inbox_id, n) on allowance.inbox_id = i.id
        where i.enabled and i.deleted_at is null and i.health <> 'badCredentials'
          and (i.paused_until is null or i.paused_until <= now()) and coalesce(allowance.n, $5) > 0
        order by (i.id <= $6::bigint), i.id offset 0) i
     cross join lateral (
       select d.id from delivery d
        where d.inbox_id = i.id and d.state = 'pending' and d.due_at <= now()
          and not exists (select 1 from unnest($3::bigint[], $4::text[]) w (inbox_id, place)
                           where w.inbox_id = i.id and w.place = d.place)
          and (d.priority < 2 or d.created_at > now() - make_interval(mins => ${noticeMinutes}))
          and not exists (select 1 from delivery p where p.thread_id = d.thread_id
                           and (p.state = 'sending' or (p.state = 'pending' and p.id < d.id)))
        order by d.priority, d.due_at, d.id limit i.n for update skip locked) h
     limit $7)
   update delivery d set state = 'sending', attempt = d.attempt + 1,
     lease_until = now() + make_interval(secs => $8::float8 / 1000), first_attempt_at = coalesce(d.first_attempt_at, now())
   from head, thread t, inbox i where d.id = head.id and t.id = d.thread_id and i.id = d.inbox_id
   returning ${claimed}`,
)

export interface ClaimWish {
  /** How many each inbox may have at most now; those not named: `perInbox`. */
  readonly allowances: ReadonlyMap<string, number>
  readonly perInbox: number
  readonly pausedPlaces: readonly { readonly inboxId: string; readonly place: string }[]
  /** Inboxes after this one go first, so that a busy one does not always come before the others. */
  readonly afterInbox: string
  readonly limit: number
  readonly leaseMs: number
}

export async function claimDeliveries(q: Queryable, wish: ClaimWish): Promise<ClaimedDelivery[]> {
  const values = [
    [...wish.allowances.keys()],
    [...wish.allowances.values()],
    wish.pausedPlaces.map((paused) => paused.inboxId),
    wish.pausedPlaces.map((paused) => paused.place),
    wish.perInbox,
    wish.afterInbox,
    wish.limit,
    wish.leaseMs,
  ]
  for (let tries = 0; ; tries++) {
    try {
      return (await claim(q, values)).rows as ClaimedDelivery[]
    } catch (error) {
      if (!isInFlight(error) || tries >= 5) throw error
    }
  }
}

function isInFlight(error: unknown): boolean {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown }
  return code === '23505' && constraint === 'delivery_in_flight'
}

const hold = named(
  'delivery-hold-lease',
  `update delivery set lease_until = now() + make_interval(secs => $3::float8 / 1000)
    where id = $1 and state = 'sending' and attempt = $2 and lease_until > now()`,
)

/** Right before sending. False: the lease ran out, so somebody else decides what becomes of it, and nothing may be sent. */
export async function holdLease(q: Queryable, row: { id: string; attempt: number }, leaseMs: number): Promise<boolean> {
  return (await hold(q, [row.id, row.attempt, leaseMs])).rowCount === 1
}

/** Whoever sent these died or was stopped. They are still 'sending': settle each, guarded by its attempt. */
export async function expiredDeliveries(q: Queryable, limit: number): Promise<ClaimedDelivery[]> {
  const { rows } = await q.query({
    name: 'delivery-expired',
    text: `select ${claimed} from delivery d join thread t on t.id = d.thread_id join inbox i on i.id = d.inbox_id
      where d.state = 'sending' and d.lease_until < now() order by d.lease_until limit $1`,
    values: [limit],
  })
  return rows as ClaimedDelivery[]
}

/** Those to ask the platform about now, by one process at a time: whoever dies asking leaves them to others after `leaseMs`. */
export async function uncertainDeliveries(
  q: Queryable,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<ClaimedDelivery[]> {
  const { rows } = await q.query({
    name: 'delivery-uncertain',
    text: `with due as (select id from delivery where state = 'uncertain' and operation in ('send', 'letter') and due_at <= now()
        and first_attempt_at > now() - interval '48 hours' order by due_at limit $1 for update skip locked)
      update delivery d set due_at = now() + make_interval(secs => $2::float8 / 1000)
      from due, thread t, inbox i where d.id = due.id and t.id = d.thread_id and i.id = d.inbox_id
        and i.enabled and i.deleted_at is null and i.health <> 'badCredentials' returning ${claimed}`,
    values: [limit, leaseMs],
  })
  return rows as ClaimedDelivery[]
}

/** The platform did not know: it is asked again later and later. */
export async function askLater(q: Queryable, id: string): Promise<void> {
  await q.query({
    name: 'delivery-ask-later',
    text: `update delivery set due_at = now() + greatest(interval '2 s', least(interval '1 hour',
        (now() - coalesce(first_attempt_at, created_at)) / 2)) where id = $1 and state = 'uncertain'`,
    values: [id],
  })
}

/** For bookkeeping afterwards; null: it was not sent after all. */
export async function sentDelivery(
  q: Queryable,
  id: string,
): Promise<(ClaimedDelivery & { readonly externalId: string | null }) | null> {
  const { rows } = await q.query({
    name: 'delivery-sent',
    text: `select ${claimed}, d.external_id as "externalId"
      from delivery d join thread t on t.id = d.thread_id join inbox i on i.id = d.inbox_id
      where d.id = $1 and d.state in ('sent', 'delivered', 'read') and i.enabled and i.deleted_at is null`,
    values: [id],
  })
  return (rows[0] as (ClaimedDelivery & { externalId: string | null }) | undefined) ?? null
}

/** The safety net under `wakeLane`: heads that wait although nothing is before them. Answers how many there were. */
export async function sweepLanes(q: Queryable): Promise<number> {
  const { rowCount } = await q.query({
    name: 'delivery-sweep-lanes',
    text: `update delivery d set due_at = now()
      from (select distinct on (thread_id) thread_id, id, due_at from delivery
             where state in ('pending', 'sending') order by thread_id, id) head
      where d.id = head.id and d.state = 'pending' and head.due_at = 'infinity' and d.due_at = 'infinity'`,
  })
  return rowCount ?? 0
}
