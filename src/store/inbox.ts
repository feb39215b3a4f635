import type { CustomerSettings } from '../domain/inbox.ts'
import type { Sealed } from '../domain/sealer.ts'
import type { Queryable } from './database.ts'
import { notify } from './feed-insert.ts'

/** The secret fields of the settings, sealed together, and where they belong. */
export interface SealedSecrets extends Sealed {
  readonly places: readonly (readonly string[])[]
}

export interface Inbox {
  readonly id: string
  readonly channel: string
  readonly name: string
  readonly teamId: string | null
  readonly enabled: boolean
  readonly restricted: boolean
  /** The channel's settings without their secrets. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: SealedSecrets | null
  /** Rises with every change a connection must learn of. */
  readonly settingsVersion: number
  readonly reopenHours: number
  readonly retentionDays: number | null
  readonly privacyUrl: string | null
  readonly learn: boolean
  /** The bot answers first. */
  readonly bot: boolean
  /** Of a customer's silence; null: nobody is reminded, nothing is resolved by itself. */
  readonly remindAfterHours: number | null
  readonly resolveAfterHours: number | null
  /** What was said before is left alone. */
  readonly remindSince: Date | null
  readonly customer: CustomerSettings
  readonly importFrom: Date
  readonly liveSince: Date
  /** Some process has received for it at least once. */
  readonly started: boolean
  readonly createdAt: Date
}

export type NewInbox = Omit<Inbox, 'settingsVersion' | 'restricted' | 'started' | 'createdAt'>

/** Only the fields that are present change. */
export type InboxChanges = Partial<Omit<NewInbox, 'id' | 'channel'>> & {
  /** The connections of the old settings end, and an inbox stopped for its credentials is tried again. */
  readonly reconnect?: boolean
}

const columns = `id, channel, name, team_id as "teamId", enabled, restricted, settings, secrets,
  settings_version as "settingsVersion", reopen_hours as "reopenHours", retention_days as "retentionDays",
  privacy_url as "privacyUrl", learn, bot, remind_after_hours as "remindAfterHours", resolve_after_hours as "resolveAfterHours",
  remind_since as "remindSince", customer, import_from as "importFrom", live_since as "liveSince",
  lease_epoch > 0 as started, created_at as "createdAt"`

/** Known before the row exists, because its secrets are sealed for it. */
export async function nextInboxId(q: Queryable): Promise<string> {
  const { rows } = await q.query(`select nextval(pg_get_serial_sequence('inbox', 'id')) as id`)
  return (rows[0] as { id: string }).id
}

export async function insertInbox(q: Queryable, inbox: NewInbox): Promise<Inbox> {
  const { rows } = await q.query(
    `insert into inbox (id, channel, name, team_id, enabled, settings, secrets, reopen_hours, retention_days,
       privacy_url, learn, import_from, live_since, remind_after_hours, resolve_after_hours, remind_since, bot, customer,
       health)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, case when $5 then 'connecting' else 'stopped' end)
     returning ${columns}`,
    [inbox.id, inbox.channel, ...mutableValues(inbox)],
  )
  await notify(q, ['inbox'], inbox.id)
  return rows[0] as Inbox
}

export async function getInbox(q: Queryable, id: string): Promise<Inbox | null> {
  const { rows } = await q.query(`select ${columns} from inbox where id = $1 and deleted_at is null`, [id])
  return (rows[0] as Inbox | undefined) ?? null
}

/** For changes: nobody else changes it until the transaction ends. */
export async function lockInbox(tx: Queryable, id: string): Promise<Inbox | null> {
  const { rows } = await tx.query(`select ${columns} from inbox where id = $1 and deleted_at is null for update`, [id])
  return (rows[0] as Inbox | undefined) ?? null
}

export async function listInboxes(q: Queryable, ids?: readonly string[]): Promise<Inbox[]> {
  const { rows } = await q.query(
    `select ${columns} from inbox where deleted_at is null and ($1::bigint[] is null or id = any($1)) order by id`,
    [ids ?? null],
  )
  return rows as Inbox[]
}

/** Writes a row that the same transaction has locked. */
export async function writeInbox(tx: Queryable, current: Inbox, changes: InboxChanges): Promise<Inbox> {
  const next = { ...current, ...changes }
  const { rows } = await tx.query(
    `update inbox set name = $2, team_id = $3, enabled = $4, settings = $5, secrets = $6, reopen_hours = $7,
       retention_days = $8, privacy_url = $9, learn = $10, import_from = $11, live_since = $12,
       remind_after_hours = $13, resolve_after_hours = $14, remind_since = $15, bot = $16, customer = $17,
       settings_version = settings_version + case when $18 then 1 else 0 end,
       health = case when not $4 then 'stopped' when $18 or not enabled then 'connecting' else health end,
       health_since = case when $18 or $4 <> enabled then now() else health_since end,
       health_error = case when $18 or $4 <> enabled then null else health_error end
     where id = $1 returning ${columns}`,
    [next.id, ...mutableValues(next), changes.reconnect === true],
  )
  await notify(tx, ['inbox'], current.id)
  return rows[0] as Inbox
}

/** The row stays for what its conversations refer to; nothing that could sign in anywhere stays with it. */
export async function removeInbox(q: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await q.query(
    `update inbox set deleted_at = now(), enabled = false, secrets = null, settings_version = settings_version + 1,
       health = 'stopped', health_since = now(), health_error = null, health_warning = null
     where id = $1 and deleted_at is null`,
    [id],
  )
  await notify(q, ['inbox'], id)
  return rowCount === 1
}

/** An administrator pressed "try again": the same settings, as if they were new. */
export async function retryInbox(q: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await q.query(
    `update inbox set settings_version = settings_version + 1, health = 'connecting', health_since = now(),
       health_error = null
     where id = $1 and deleted_at is null and enabled`,
    [id],
  )
  await notify(q, ['inbox'], id)
  return rowCount === 1
}

/** Rotated credentials. False: the settings changed since `current` was read, and nothing was written. */
export async function replaceSecrets(
  q: Queryable,
  current: Inbox,
  next: Pick<Inbox, 'settings' | 'secrets'>,
): Promise<boolean> {
  const { rowCount } = await q.query(
    `update inbox set settings = $4, secrets = $5
     where id = $1 and deleted_at is null and settings_version = $2 and secrets is not distinct from $3::jsonb`,
    [current.id, current.settingsVersion, json(current.secrets), json(next.settings), json(next.secrets)],
  )
  return rowCount === 1
}

function mutableValues(inbox: Omit<NewInbox, 'id' | 'channel'>): unknown[] {
  return [
    inbox.name,
    inbox.teamId,
    inbox.enabled,
    json(inbox.settings),
    json(inbox.secrets),
    inbox.reopenHours,
    inbox.retentionDays,
    inbox.privacyUrl,
    inbox.learn,
    inbox.importFrom,
    inbox.liveSince,
    inbox.remindAfterHours,
    inbox.resolveAfterHours,
    inbox.remindSince,
    inbox.bot,
    json(inbox.customer),
  ]
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}
