import type { InboundEvent } from '../channel/contract.ts'
import type { Queryable } from './database.ts'

export interface InboxFacts {
  readonly id: string
  readonly channel: string
  readonly teamId: string | null
  readonly restricted: boolean
  readonly reopenHours: number
  readonly retentionDays: number | null
  readonly importFrom: Date
  readonly liveSince: Date
  /** A rule wants to be asked at every message, not only where a case asks for hands. */
  readonly everyMessage: boolean
}

export async function inboxFacts(tx: Queryable, inboxId: string): Promise<InboxFacts | null> {
  const { rows } = await tx.query({
    name: 'inbox-facts',
    text: `select id, channel, team_id as "teamId", restricted, reopen_hours as "reopenHours",
        retention_days as "retentionDays", import_from as "importFrom", live_since as "liveSince",
        coalesce((select every_message from rule_set), false) as "everyMessage"
      from inbox where id = $1 and deleted_at is null`,
    values: [inboxId],
  })
  return (rows[0] as InboxFacts | undefined) ?? null
}

/** Adds what is new and answers the row ids of exactly those: the rest came before. */
export async function insertEvents(
  tx: Queryable,
  inboxId: string,
  events: readonly InboundEvent[],
): Promise<Map<string, string>> {
  const { rows } = await tx.query({
    name: 'inbound-event-insert',
    text: `insert into inbound_event (inbox_id, event_id, kind, thread_key, occurred_at, raw, raw_file_id)
      select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::json[], $7::bigint[]) w(event_id)
      order by w.event_id
      on conflict (inbox_id, event_id) do nothing returning id, event_id`,
    values: [
      inboxId,
      events.map((e) => e.eventId),
      events.map((e) => e.kind),
      events.map((e) => e.thread.key),
      events.map((e) => e.occurredAt),
      events.map((e) => toJson(e.raw)),
      events.map((e) => e.rawFileId ?? null),
    ],
  })
  return new Map(rows.map((row: { id: string; event_id: string }) => [row.event_id, row.id]))
}

export async function parkEvent(tx: Queryable, rowId: string, target: string, event: InboundEvent): Promise<void> {
  await tx.query({
    name: 'inbound-event-park',
    text: `update inbound_event set state = 'parked', target = $2, event = $3 where id = $1`,
    values: [rowId, target, toJson(event)],
  })
}

export async function quarantineEvent(
  tx: Queryable,
  rowId: string,
  reason: string,
  event: InboundEvent,
): Promise<void> {
  await tx.query({
    name: 'inbound-event-quarantine',
    text: `update inbound_event set state = 'quarantined', reason = $2, event = $3, attempts = attempts + 1 where id = $1`,
    values: [rowId, reason.slice(0, 500), toJson(event)],
  })
}

export async function markApplied(tx: Queryable, rowIds: readonly string[]): Promise<void> {
  if (rowIds.length === 0) return
  await tx.query({
    name: 'inbound-event-applied',
    text: `update inbound_event set state = 'applied', event = null, reason = null,
        target = case when message_id is not null then target end where id = any($1::bigint[])`,
    values: [rowIds],
  })
}

export interface StoredEvent {
  readonly rowId: string
  readonly inboxId: string
  readonly state: string
  readonly event: InboundEvent
}

/** Locks the row, so that two administrators pressing retry apply it once. */
export async function storedEvent(tx: Queryable, rowId: string): Promise<StoredEvent | null> {
  const { rows } = await tx.query(
    `select id as "rowId", inbox_id as "inboxId", state, event from inbound_event where id = $1 for update`,
    [rowId],
  )
  const row = rows[0] as (Omit<StoredEvent, 'event'> & { event: unknown }) | undefined
  return row?.event ? { ...row, event: reviveEvent(row.event) } : null
}

export async function parkedFor(
  tx: Queryable,
  inboxId: string,
  keys: readonly { thread: string; target: string }[],
): Promise<StoredEvent[]> {
  const { rows } = await tx.query({
    name: 'inbound-event-parked',
    text: `select e.id as "rowId", e.inbox_id as "inboxId", e.state, e.event
      from unnest($2::text[], $3::text[]) k(thread, target)
      join inbound_event e on e.inbox_id = $1 and e.thread_key = k.thread and e.target = k.target and e.state = 'parked'
      order by e.occurred_at, e.id`,
    values: [inboxId, keys.map((k) => k.thread), keys.map((k) => k.target)],
  })
  return rows.map((row: StoredEvent) => ({ ...row, event: reviveEvent(row.event) }))
}

export async function countIgnored(
  tx: Queryable,
  inboxId: string,
  ignored: ReadonlyMap<string, number>,
): Promise<void> {
  const reasons = [...ignored.keys()].sort()
  if (reasons.length === 0) return
  await tx.query(
    `insert into inbox_ignored (inbox_id, reason, count)
     select $1, * from unnest($2::text[], $3::bigint[])
     on conflict (inbox_id, reason) do update set count = inbox_ignored.count + excluded.count, last_at = now()`,
    [inboxId, reasons, reasons.map((r) => ignored.get(r))],
  )
}

/** False: the lease behind `epoch` is no longer ours, so nothing of this transaction may stand. */
export async function advanceCursor(
  tx: Queryable,
  inboxId: string,
  cursor: unknown,
  epoch: string | null,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'inbox-cursor',
    text: `update inbox set cursor = coalesce($2::jsonb, cursor), last_event_at = case when $4 then now() else last_event_at end
      where id = $1 and ($3::bigint is null or lease_epoch = $3)`,
    values: [inboxId, cursor === undefined ? null : JSON.stringify(cursor), epoch, true],
  })
  return rowCount === 1
}

// json, not jsonb: a lone surrogate or NUL inside a customer's words must not make the event unstorable.
function toJson(value: unknown): string {
  return JSON.stringify(value ?? null)
}

function reviveEvent(stored: unknown): InboundEvent {
  const event = stored as InboundEvent & { occurredAt: string | Date }
  return { ...event, occurredAt: new Date(event.occurredAt) }
}
