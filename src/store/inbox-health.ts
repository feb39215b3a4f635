import type { InboxHealth } from '../domain/inbox.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'
import type { Lease } from './inbox-lease.ts'

export interface HealthReport {
  readonly state: InboxHealth
  readonly since: Date
  readonly lastEventAt: Date | null
  readonly cursor: unknown
  readonly error: string | null
  readonly warning: string | null
  readonly quarantined: number
  readonly ignored: readonly { readonly reason: string; readonly count: number }[]
}

// Twice the lease and a little: by then another process would have taken over if there were one.
const deserted = `i.enabled and i.health not in ('badCredentials', 'stopped')
  and coalesce(i.lease_until, i.health_since) < now() - interval '9 s'`

/** Of `i`, a row of inbox, as it is shown: its state, since when, and what is wrong. */
export const presentHealth = `select case when ${deserted} then 'stopped' else i.health end as state,
  case when ${deserted} then coalesce(i.lease_until, i.health_since) else i.health_since end as since,
  case when ${deserted} then 'No running server process receives for this inbox.' else i.health_error end as error`

/** What is shown of each of these inboxes. A state that nobody keeps up any more is not shown as if it were true. */
export async function readHealth(q: Queryable, ids: readonly string[]): Promise<Map<string, HealthReport>> {
  const { rows } = await q.query(
    `select i.id, i.last_event_at as "lastEventAt", i.cursor, i.health_warning as warning, h.state, h.since, h.error,
       (select count(*)::int from inbound_event e where e.inbox_id = i.id and e.state = 'quarantined') as quarantined,
       coalesce((select json_agg(json_build_object('reason', g.reason, 'count', g.count) order by g.reason)
                   from inbox_ignored g where g.inbox_id = i.id), '[]') as ignored
     from inbox i cross join lateral (${presentHealth}) h where i.id = any($1::bigint[]) and i.deleted_at is null`,
    [ids],
  )
  return new Map(rows.map(({ id, ...report }: HealthReport & { id: string }) => [id, report]))
}

/** The state alone, as it was last reported. */
export async function inboxState(
  q: Queryable,
  id: string,
): Promise<{ state: InboxHealth; error: string | null } | null> {
  const { rows } = await q.query(`select health as state, health_error as error from inbox where id = $1`, [id])
  return (rows[0] as { state: InboxHealth; error: string | null } | undefined) ?? null
}

export interface HealthChange {
  readonly state: InboxHealth
  /** A sentence for the administrator; null: nothing is wrong. */
  readonly error: string | null
}

/** By the holder of the lease only: false when it is lost, and nothing changes. */
export async function reportHealth(db: Database, lease: Lease, change: HealthChange): Promise<boolean> {
  return transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update inbox set health = $3, health_error = $4,
         health_since = case when health = $3 then health_since else now() end
       where id = $1 and lease_epoch = $2 and deleted_at is null and enabled and health <> 'badCredentials'`,
      [lease.inboxId, lease.epoch, change.state, change.error],
    )
    if (rowCount === 1) await tellBrowsers(tx, lease.inboxId, change.state)
    return rowCount === 1
  })
}

export async function reportWarning(q: Queryable, lease: Lease, warning: string | null): Promise<void> {
  await q.query(`update inbox set health_warning = $3 where id = $1 and lease_epoch = $2`, [
    lease.inboxId,
    lease.epoch,
    warning,
  ])
}

export async function touchInbox(q: Queryable, id: string): Promise<void> {
  await q.query('update inbox set last_event_at = now() where id = $1', [id])
}

/**
 * The platform refused the credentials of exactly this version of the settings; newer ones are not blamed.
 * Nothing connects for the inbox until a person changes the settings or presses "try again".
 */
export async function markBadCredentials(
  db: Database,
  inbox: { readonly id: string; readonly settingsVersion: number },
  error: string,
): Promise<boolean> {
  return transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update inbox set health = 'badCredentials', health_error = $3,
         health_since = case when health = 'badCredentials' then health_since else now() end
       where id = $1 and settings_version = $2 and deleted_at is null and enabled`,
      [inbox.id, inbox.settingsVersion, error],
    )
    if (rowCount !== 1) return false
    await tellBrowsers(tx, inbox.id, 'badCredentials')
    await notify(tx, ['inbox'], inbox.id)
    return true
  })
}

async function tellBrowsers(tx: Queryable, inboxId: string, state: InboxHealth): Promise<void> {
  await insertFeed(tx, [{ kind: 'inbox.health', inboxId, data: { state } }])
  await notify(tx, ['feed'])
}
