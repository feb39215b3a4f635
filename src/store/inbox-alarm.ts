import type { InboxHealth } from '../domain/inbox.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'
import { presentHealth } from './inbox-health.ts'

/** Not connected for so long is worth an alarm, s. */
const DOWN_S = 120
/** After all of the installation was down nobody is connected yet, and soon will be: seen down by ourselves for so long, s. */
const NOTED_S = 30
/** Of an inbox that goes up and down people are told once in this time, s. */
const TOLD_S = 1_800

export interface InboxAlarm {
  readonly id: string
  readonly inboxId: string
  readonly inboxName: string
  readonly state: InboxHealth
  /** A sentence. */
  readonly error: string | null
  readonly since: Date
}

export interface AlarmRound {
  readonly opened: readonly InboxAlarm[]
  readonly ended: readonly { readonly id: string; readonly inboxId: string }[]
  /** Of these people are to be told now; `inbox.down` is in the feed. */
  readonly told: readonly InboxAlarm[]
}

const nothing: AlarmRound = { opened: [], ended: [], told: [] }

/**
 * One look at every inbox, by the database's clock, by one process at a time. What is opened, ended and told stands in
 * the table before anybody hears of it.
 */
export async function watchInboxes(db: Database): Promise<AlarmRound> {
  return transaction(db, async (tx) => {
    const lock = await tx.query(`select pg_try_advisory_xact_lock(hashtextextended('inbox-alarms', 0)) as mine`)
    if (!(lock.rows[0] as { mine: boolean }).mine) return nothing
    await noteDown(tx)
    const ended = await endThoseUp(tx)
    const opened = await openThoseOverdue(tx)
    const told = await tellDue(tx)
    const rows = [
      ...ended.filter((alarm) => alarm.told).map(({ inboxId }) => ({ kind: 'inbox.up' as const, inboxId })),
      ...told.map(({ inboxId, state }) => ({ kind: 'inbox.down' as const, inboxId, data: { state } })),
    ]
    await insertFeed(tx, rows)
    if (rows.length > 0) await notify(tx, ['feed'])
    return { opened, ended: ended.filter((alarm) => alarm.opened), told }
  })
}

// Switched off by people, or removed: nothing to be alarmed about.
const DOWN = `select i.id, h.* from inbox i cross join lateral (${presentHealth}) h
  where i.enabled and i.deleted_at is null and h.state <> 'connected'`

// The moment it was first seen down stays, however often it tries again, fails differently or changes hands meanwhile.
async function noteDown(tx: Queryable): Promise<void> {
  await tx.query(
    `insert into inbox_alarm as a (inbox_id, state, error, since) select id, state, error, since from (${DOWN}) down
     on conflict (inbox_id) where ended_at is null do update set state = excluded.state,
       error = coalesce(excluded.error, a.error)
     where a.state <> excluded.state or a.error is distinct from coalesce(excluded.error, a.error)`,
  )
}

async function endThoseUp(tx: Queryable) {
  await tx.query(
    `delete from inbox_alarm where ended_at is null and opened_at is null
       and inbox_id not in (select id from (${DOWN}) down)`,
  )
  const { rows } = await tx.query(
    `update inbox_alarm set ended_at = now() where ended_at is null and opened_at is not null
       and inbox_id not in (select id from (${DOWN}) down)
     returning id, inbox_id as "inboxId", told_at is not null as told, true as opened`,
  )
  return rows as { id: string; inboxId: string; told: boolean; opened: boolean }[]
}

const alarm = `a.id, a.inbox_id as "inboxId", i.name as "inboxName", a.state, a.error, a.since`

async function openThoseOverdue(tx: Queryable): Promise<InboxAlarm[]> {
  const { rows } = await tx.query(
    `update inbox_alarm a set opened_at = now() from inbox i where i.id = a.inbox_id and a.ended_at is null
       and a.opened_at is null and a.since < now() - $1 * interval '1 s'
       and a.noted_at < now() - $2 * interval '1 s' returning ${alarm}`,
    [DOWN_S, NOTED_S],
  )
  return rows as InboxAlarm[]
}

async function tellDue(tx: Queryable): Promise<InboxAlarm[]> {
  const { rows } = await tx.query(
    `update inbox_alarm a set told_at = now() from inbox i where i.id = a.inbox_id and a.ended_at is null
       and a.opened_at is not null and a.told_at is null and not exists (select from inbox_alarm before
         where before.inbox_id = a.inbox_id and before.told_at > now() - $1 * interval '1 s') returning ${alarm}`,
    [TOLD_S],
  )
  return rows as InboxAlarm[]
}

/** Of these inboxes, oldest first. */
export async function openAlarms(q: Queryable, inboxIds: readonly string[]): Promise<InboxAlarm[]> {
  const { rows } = await q.query(
    `select ${alarm} from inbox_alarm a join inbox i on i.id = a.inbox_id
     where a.ended_at is null and a.opened_at is not null and a.inbox_id = any($1::bigint[]) order by a.since, a.id`,
    [inboxIds],
  )
  return rows as InboxAlarm[]
}

export async function countOpenAlarms(q: Queryable): Promise<number> {
  const { rows } = await q.query(
    'select count(*)::int as n from inbox_alarm where ended_at is null and opened_at is not null',
  )
  return (rows[0] as { n: number }).n
}

/** What ended long ago; how often an inbox was told of is asked for half an hour only. */
export async function purgeAlarms(q: Queryable): Promise<void> {
  await q.query(`delete from inbox_alarm where ended_at < now() - interval '90 days'`)
}
