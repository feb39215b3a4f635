import type { Queryable } from './database.ts'

export interface QuarantinedEvent {
  readonly id: string
  readonly inboxId: string
  readonly eventId: string
  readonly kind: string
  readonly reason: string
  readonly attempts: number
  readonly raw: unknown
  readonly receivedAt: Date
}

const columns = `id, inbox_id as "inboxId", event_id as "eventId", kind, coalesce(reason, '') as reason, attempts, raw,
  received_at as "receivedAt"`

/** Newest first; `before` is the id of the last one already seen. */
export async function listQuarantine(
  q: Queryable,
  inboxId: string,
  page: { readonly limit: number; readonly before?: string | undefined },
): Promise<QuarantinedEvent[]> {
  const { rows } = await q.query(
    `select ${columns} from inbound_event
      where inbox_id = $1 and state = 'quarantined' and ($2::bigint is null or id < $2) order by id desc limit $3`,
    [inboxId, page.before ?? null, page.limit],
  )
  return rows as QuarantinedEvent[]
}

/** null: there is none, or it was applied meanwhile. Who may see its inbox may see it. */
export async function getQuarantined(q: Queryable, id: string): Promise<QuarantinedEvent | null> {
  const { rows } = await q.query(`select ${columns} from inbound_event where id = $1 and state = 'quarantined'`, [id])
  return (rows[0] as QuarantinedEvent | undefined) ?? null
}

/** Nobody wants it any more: never applied, and not taken again when it comes again. False: it does not wait. */
export async function dismissQuarantined(q: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await q.query(
    `update inbound_event set state = 'dismissed', event = null where id = $1 and state = 'quarantined'`,
    [id],
  )
  return rowCount === 1
}

/**
 * Removes the platform's own words once they are older than `days`, `limit` rows at a time: 0 means nothing is left to do.
 * What waits in quarantine, or for the message it belongs to, keeps them: it could not be applied any more.
 */
export async function purgeRaw(q: Queryable, days: number, limit: number): Promise<number> {
  const { rowCount } = await q.query(
    `update inbound_event set raw = null, raw_file_id = null
      where id in (select id from inbound_event
                    where (raw is not null or raw_file_id is not null) and state in ('applied', 'dismissed') and received_at < now() - make_interval(days => $1)
                    order by received_at limit $2 for update skip locked)`,
    [days, limit],
  )
  return rowCount ?? 0
}
