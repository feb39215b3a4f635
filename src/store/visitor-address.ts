import type { Queryable } from './database.ts'

/** Where a visitor of a chat can be reached besides it: one confirmed address for each place, and at most one that waits. */
export interface VisitorAddress {
  readonly threadId: string
  readonly address: string | null
  readonly verifiedBy: string | null
  readonly pending: string | null
  /** Of the letter with the link; null: none, or it is gone. */
  readonly pendingState: string | null
  readonly language: string | null
}

export async function findVisitorAddress(q: Queryable, threadId: string): Promise<VisitorAddress | null> {
  const { rows } = await q.query({
    name: 'visitor-address',
    text: `select a.thread_id as "threadId", a.address, a.verified_by as "verifiedBy", a.language,
        case when a.pending_until > now() then a.pending end as pending, d.state as "pendingState"
      from visitor_address a left join delivery d on d.id = a.pending_delivery where a.thread_id = $1`,
    values: [threadId],
  })
  return (rows[0] as VisitorAddress | undefined) ?? null
}

export interface Asked {
  readonly threadId: string
  readonly address: string
  readonly tokenHash: Buffer
  readonly deliveryId: string
  readonly hours: number
  readonly language: string | null
}

/** The one that waits from now on; a link sent before is worth nothing any more. Answers the letter it was in. */
export async function setPendingAddress(tx: Queryable, asked: Asked): Promise<void> {
  await tx.query(
    `insert into visitor_address (thread_id, pending, pending_hash, pending_until, pending_delivery, language)
      values ($1, $2, $3, now() + make_interval(hours => $4), $5, $6)
      on conflict (thread_id) do update set pending = excluded.pending, pending_hash = excluded.pending_hash,
        pending_until = excluded.pending_until, pending_delivery = excluded.pending_delivery,
        language = coalesce(excluded.language, visitor_address.language)`,
    [asked.threadId, asked.address, asked.tokenHash, asked.hours, asked.deliveryId, asked.language],
  )
}

/** A link that was not sent yet and is replaced; the lanes of these threads may have to go on. */
export async function cancelAsk(tx: Queryable, threadId: string): Promise<string[]> {
  const { rows } = await tx.query(
    `update delivery d set state = 'cancelled', settled_at = now() from visitor_address a
      where a.thread_id = $1 and d.id = a.pending_delivery and d.state in ('pending', 'held') returning d.thread_id as id`,
    [threadId],
  )
  return rows.map((row: { id: string }) => row.id)
}

export interface PendingAddress {
  readonly threadId: string
  readonly inboxId: string
  readonly address: string
  readonly language: string | null
}

/** null: no such link, one that ran out, or one that was used or replaced. */
export async function findPendingAddress(q: Queryable, tokenHash: Buffer): Promise<PendingAddress | null> {
  const { rows } = await q.query({
    name: 'visitor-address-pending',
    text: `select a.thread_id as "threadId", t.inbox_id as "inboxId", a.pending as address, a.language
      from visitor_address a join thread t on t.id = a.thread_id where a.pending_hash = $1 and a.pending_until > now()`,
    values: [tokenHash],
  })
  return (rows[0] as PendingAddress | undefined) ?? null
}

/** Uses the link up. False: somebody else did, or it ran out meanwhile. */
export async function takePendingAddress(tx: Queryable, tokenHash: Buffer): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update visitor_address set pending = null, pending_hash = null, pending_until = null, pending_delivery = null
      where pending_hash = $1 and pending_until > now()`,
    [tokenHash],
  )
  return rowCount === 1
}

export async function setConfirmedAddress(
  tx: Queryable,
  { threadId, address, verifiedBy }: { threadId: string; address: string; verifiedBy: string },
): Promise<void> {
  await tx.query(
    `insert into visitor_address (thread_id, address, verified_by, confirmed_at) values ($1, $2, $3, now())
      on conflict (thread_id) do update set address = excluded.address, verified_by = excluded.verified_by, confirmed_at = now()`,
    [threadId, address, verifiedBy],
  )
}

/** Counts one asking within a day. False: it is one too many. */
export async function countAsk(q: Queryable, key: string, most: number): Promise<boolean> {
  const { rows } = await q.query({
    name: 'address-ask',
    text: `insert into address_ask as a (key, since, n) values ($1, now(), 1)
      on conflict (key) do update set n = case when a.since < now() - interval '1 day' then 1 else a.n + 1 end,
        since = case when a.since < now() - interval '1 day' then now() else a.since end returning n`,
    values: [key],
  })
  return (rows[0] as { n: number }).n <= most
}

/** What ran out unanswered: nobody said yes, so nothing of it is kept. */
export async function purgeAddressAsks(q: Queryable): Promise<void> {
  await q.query(`delete from address_ask where since < now() - interval '1 day'`)
  const over = `pending is not null and pending_until < now() - interval '1 day'`
  await q.query(`delete from visitor_address where ${over} and address is null`)
  await q.query(
    `update visitor_address set pending = null, pending_hash = null, pending_until = null, pending_delivery = null where ${over}`,
  )
}
