import { randomBytes } from 'node:crypto'
import type { Sealer } from '../domain/sealer.ts'
import type { Queryable } from './database.ts'

export interface WebhookRow {
  readonly id: string
  readonly url: string
  readonly events: string[]
  readonly enabled: boolean
  readonly disabledReason: string | null
  readonly position: string
  readonly createdAt: Date
}

const columns = `id, url, events, enabled, disabled_why as "disabledReason", position, created_at as "createdAt"`

/** The id is bound into the seal: a secret copied to another row opens nothing. */
export const secretContext = (id: string) => `webhook:${id}`

export interface NewWebhookRow {
  readonly url: string
  readonly events: readonly string[]
  readonly secret?: string | undefined
  readonly createdBy: string | null
}

/** Starts at the present head: what happened before was nobody's to hear. `secret` is shown this once. */
export async function createWebhook(
  q: Queryable,
  sealer: Sealer,
  webhook: NewWebhookRow,
): Promise<WebhookRow & { secret: string }> {
  const secret = webhook.secret ?? `whsec_${randomBytes(32).toString('base64url')}`
  const next = await q.query(`select nextval(pg_get_serial_sequence('webhook', 'id')) as id`)
  const { id } = next.rows[0] as { id: string }
  const { rows } = await q.query(
    `insert into webhook (id, url, secret, events, created_by, position)
     select $1, $2, $3::jsonb, $4, $5, position from feed_head returning ${columns}`,
    [id, webhook.url, sealer.seal(secret, secretContext(id)), webhook.events, webhook.createdBy],
  )
  return { ...(rows[0] as WebhookRow), secret }
}

export async function listWebhooks(q: Queryable): Promise<WebhookRow[]> {
  return (await q.query(`select ${columns} from webhook order by id limit 1000`)).rows as WebhookRow[]
}

export async function getWebhook(q: Queryable, id: string): Promise<WebhookRow | null> {
  const { rows } = await q.query(`select ${columns} from webhook where id = $1`, [id])
  return (rows[0] as WebhookRow | undefined) ?? null
}

export interface WebhookChange {
  readonly url?: string | undefined
  readonly events?: readonly string[] | undefined
  readonly secret?: string | undefined
  readonly enabled?: boolean | undefined
}

/** Any change is a reason to try again at once: it may be the repair. Switched on again it goes on where it stopped. */
export async function updateWebhook(
  q: Queryable,
  sealer: Sealer,
  id: string,
  change: WebhookChange,
): Promise<WebhookRow | null> {
  const secret = change.secret === undefined ? null : sealer.seal(change.secret, secretContext(id))
  const { rows } = await q.query(
    `update webhook set url = coalesce($2, url), events = coalesce($3, events),
       secret = coalesce($4::jsonb, secret), enabled = coalesce($5, enabled),
       disabled_why = case when coalesce($5, enabled) then null else disabled_why end,
       failures = 0, failing_since = null, due_at = now()
     where id = $1 returning ${columns}`,
    [id, change.url ?? null, change.events ?? null, secret, change.enabled ?? null],
  )
  return (rows[0] as WebhookRow | undefined) ?? null
}

export async function deleteWebhook(q: Queryable, id: string): Promise<boolean> {
  return Boolean((await q.query('delete from webhook where id = $1', [id])).rowCount)
}
