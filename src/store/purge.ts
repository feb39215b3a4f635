import type { Queryable } from './database.ts'

/** What has ended and says nothing to anybody any more. Each answers how many rows went. */

export async function purgeSessions(q: Queryable): Promise<number> {
  const { rowCount } = await q.query(`delete from session where expires_at < now() - interval '1 day'`)
  return rowCount ?? 0
}

/** Kept for a month after their end, so that "this link was used" can be told from "there is no such link". */
export async function purgeOneTimeLinks(q: Queryable): Promise<number> {
  const { rowCount } = await q.query(
    `delete from one_time_link where least(expires_at, coalesce(used_at, expires_at)) < now() - interval '30 days'`,
  )
  return rowCount ?? 0
}

export async function purgeLinkCodes(q: Queryable): Promise<number> {
  const { rowCount } = await q.query(`delete from link_code where expires_at < now() - interval '30 days'`)
  return rowCount ?? 0
}

export async function purgeWebhookLog(q: Queryable): Promise<number> {
  const { rowCount } = await q.query(`delete from webhook_delivery where at < now() - interval '30 days'`)
  return rowCount ?? 0
}
