import { type Database, type Queryable, transaction } from './database.ts'
import { type ErasureAbout, filesTaken } from './erasure.ts'

export interface EventSpan {
  readonly contactId: string
  readonly about: ErasureAbout
  /** An event's row, exclusive. */
  readonly after: string
}

const spanEvents = 5_000

/**
 * What the platforms told us of them, a stretch of rows at a time: no index leads from a person to these. The rows stay, without a
 * word, so that an event that comes again is known. Answers where it ended; null: that was all.
 */
export function eraseEvents(db: Database, span: EventSpan): Promise<string | null> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query(
      `select max(id) as last from (select id from inbound_event where id > $1 order by id limit ${spanEvents}) s`,
      [span.after],
    )
    const { last } = rows[0] as { last: string | null }
    if (last === null) return null
    const places = [span.about.places.map(({ inboxId }) => inboxId), span.about.places.map(({ key }) => key)]
    const own = await tx.query(
      `with old as (select e.id, e.raw_file_id from inbound_event e
          join unnest($3::bigint[], $4::text[]) p(inbox_id, key) on e.inbox_id = p.inbox_id and e.thread_key = p.key
          where e.id > $1 and e.id <= $2 order by e.id for update of e)
        update inbound_event e set raw = null, raw_file_id = null, event = null, reason = null, target = null, thread_key = 'erased',
          state = case when e.state in ('parked', 'quarantined') then 'dismissed' else e.state end
        from old where e.id = old.id returning old.raw_file_id as id`,
      [span.after, last, ...places],
    )
    const shared = await tx.query(
      `with old as (select e.id, e.raw_file_id from inbound_event e join thread t on t.inbox_id = e.inbox_id and t.key = e.thread_key
          where e.id > $1 and e.id <= $2 and e.state in ('applied', 'dismissed') and (e.raw is not null or e.raw_file_id is not null)
            and exists (select from participant p join identity n on n.id = p.identity_id
              where p.thread_id = t.id and n.contact_id = $3) order by e.id for update of e)
        update inbound_event e set raw = null, raw_file_id = null from old where e.id = old.id returning old.raw_file_id as id`,
      [span.after, last, span.contactId],
    )
    const files = [...own.rows, ...shared.rows].flatMap(({ id }: { id: string | null }) => id ?? [])
    await filesTaken(tx, span.contactId, files)
    return last
  })
}

/** What still waits to be applied names its sender in words only we can read. */
export async function eraseWaitingEvents(tx: Queryable, contactId: string, { keys }: ErasureAbout): Promise<void> {
  const { rows } = await tx.query(
    `select e.id, e.raw_file_id as "fileId", i.channel, e.event::text as event from inbox i cross join lateral (
        select * from inbound_event q where q.inbox_id = i.id and q.state = 'quarantined'
        union all select * from inbound_event p where p.inbox_id = i.id and p.state = 'parked') e
      where i.channel = any($1::text[])`,
    [keys.map(({ channel }) => channel)],
  )
  const waiting = rows as { id: string; fileId: string | null; channel: string; event: string | null }[]
  const theirs = waiting.filter(({ channel, event }) => {
    const sender = senderKeyOf(event)
    return keys.some((one) => one.channel === channel && one.key === sender)
  })
  await tx.query(
    `update inbound_event set state = 'dismissed', raw = null, raw_file_id = null, event = null, reason = null, target = null,
        thread_key = 'erased' where id = any($1::bigint[])`,
    [theirs.map(({ id }) => id)],
  )
  await filesTaken(
    tx,
    contactId,
    theirs.flatMap(({ fileId }) => fileId ?? []),
  )
}

function senderKeyOf(event: string | null): unknown {
  return (JSON.parse(event ?? 'null') as { sender?: { key?: unknown } } | null)?.sender?.key
}
