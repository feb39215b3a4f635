import type { Queryable } from './database.ts'

export interface IdempotencyKey {
  readonly principal: string
  readonly route: string
  readonly key: string
}

export type Earlier =
  | { readonly kind: 'first' }
  | { readonly kind: 'running' }
  | { readonly kind: 'otherBody' }
  | { readonly kind: 'answered'; readonly status: number; readonly response: unknown }

// An attempt whose process died must not block its key for a day.
const ABANDONED = `interval '2 minutes'`

/** One winner among parallel requests with the same key. */
export async function claimKey(q: Queryable, id: IdempotencyKey, bodyHash: Buffer): Promise<Earlier> {
  const values = [id.principal, id.route, id.key, bodyHash]
  const claimed = await q.query(
    `insert into idempotency_key as k (principal, route, key, body_hash) values ($1, $2, $3, $4)
     on conflict (principal, route, key) do update
       set body_hash = excluded.body_hash, status = null, response = null, created_at = now()
       where k.created_at < now() - interval '24 hours'
          or (k.status is null and k.body_hash = excluded.body_hash and k.created_at < now() - ${ABANDONED})
     returning 1`,
    values,
  )
  if (claimed.rowCount) return { kind: 'first' }
  const { rows } = await q.query(
    `select body_hash = $4 as same, status, response from idempotency_key
     where principal = $1 and route = $2 and key = $3`,
    values,
  )
  const [row] = rows
  if (!row) return { kind: 'running' }
  if (!row.same) return { kind: 'otherBody' }
  return row.status === null ? { kind: 'running' } : { kind: 'answered', status: row.status, response: row.response }
}

export async function saveAnswer(q: Queryable, id: IdempotencyKey, status: number, response: unknown): Promise<void> {
  await q.query(
    `update idempotency_key set status = $4, response = $5 where principal = $1 and route = $2 and key = $3`,
    [id.principal, id.route, id.key, status, JSON.stringify(response)],
  )
}

/** The attempt did nothing: the next one may try again. */
export async function releaseKey(q: Queryable, id: IdempotencyKey): Promise<void> {
  await q.query(`delete from idempotency_key where principal = $1 and route = $2 and key = $3 and status is null`, [
    id.principal,
    id.route,
    id.key,
  ])
}

export async function purgeIdempotencyKeys(q: Queryable): Promise<number> {
  const { rowCount } = await q.query(`delete from idempotency_key where created_at < now() - interval '24 hours'`)
  return rowCount ?? 0
}
