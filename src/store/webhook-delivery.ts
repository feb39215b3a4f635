import type { Sealed } from '../domain/sealer.ts'
import type { Queryable } from './database.ts'
import { type FeedEntry, feedRow } from './feed.ts'

/** How long one worker may keep a webhook to itself, ms; a request takes far less. */
export const WEBHOOK_LEASE_MS = 60_000

/** A webhook somebody works on. `epoch` changes with every claim: a late worker's answers change nothing. */
export interface ClaimedWebhook {
  readonly id: string
  readonly url: string
  readonly sealedSecret: Sealed
  readonly events: readonly string[]
  readonly position: string
  readonly epoch: string
  readonly failures: number
}

/** One that has something to say and is not waiting after a failure; null: none. */
export async function claimWebhook(q: Queryable): Promise<ClaimedWebhook | null> {
  const { rows } = await q.query({
    name: 'webhook-claim',
    text: `update webhook set lease_epoch = lease_epoch + 1, lease_until = now() + interval '${WEBHOOK_LEASE_MS} ms'
      where id = (select w.id from webhook w where w.enabled and w.due_at <= now()
          and (w.lease_until is null or w.lease_until < now()) and w.position < (select position from feed_head)
        order by w.due_at, w.id limit 1 for update skip locked)
      returning id, url, secret as "sealedSecret", events, position, lease_epoch as epoch, failures`,
  })
  return (rows[0] as ClaimedWebhook | undefined) ?? null
}

/** Everything up to `position` is delivered: the next look starts behind it. False: the lease was lost. */
export async function settleWebhook(q: Queryable, hook: ClaimedWebhook, position: string): Promise<boolean> {
  const { rowCount } = await q.query(
    `update webhook set position = $3, lease_until = null, failures = 0, failing_since = null, due_at = now()
     where id = $1 and lease_epoch = $2`,
    [hook.id, hook.epoch, position],
  )
  return Boolean(rowCount)
}

export interface WebhookFailure {
  readonly position: string
  readonly delayMs: number
  readonly reason: string
  /** After failing for so long it is switched off. */
  readonly giveUpMs: number
}

/** `disabled`: that was the last try. */
export async function failWebhook(
  q: Queryable,
  hook: ClaimedWebhook,
  failure: WebhookFailure,
): Promise<{ readonly disabled: boolean }> {
  const { rows } = await q.query(
    `update webhook set position = $3, lease_until = null, failures = failures + 1,
       failing_since = coalesce(failing_since, now()), due_at = now() + $4 * interval '1 ms',
       enabled = enabled and coalesce(failing_since, now()) > now() - $6 * interval '1 ms',
       disabled_why = case when coalesce(failing_since, now()) > now() - $6 * interval '1 ms' then disabled_why else $5 end
     where id = $1 and lease_epoch = $2 returning not enabled as disabled`,
    [hook.id, hook.epoch, failure.position, failure.delayMs, failure.reason, failure.giveUpMs],
  )
  return { disabled: (rows[0] as { disabled: boolean } | undefined)?.disabled ?? false }
}

export interface WebhookAttempt {
  readonly eventId: string
  readonly kind: string
  readonly status: number | null
  readonly error: string | null
  readonly durationMs: number
}

/** Written after every answer, so that a worker that dies repeats at most what it had in flight. */
export async function logAttempt(q: Queryable, webhookId: string, attempt: WebhookAttempt): Promise<string> {
  const { rows } = await q.query({
    name: 'webhook-log',
    text: `insert into webhook_delivery (webhook_id, event_id, kind, status, error, duration)
      values ($1, $2, $3, $4, $5, $6) returning id`,
    values: [webhookId, attempt.eventId, attempt.kind, attempt.status, attempt.error, attempt.durationMs],
  })
  return (rows[0] as { id: string }).id
}

/** Which of these events this receiver has answered with 2xx already. */
export async function alreadyDelivered(
  q: Queryable,
  webhookId: string,
  eventIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await q.query({
    name: 'webhook-delivered',
    text: `select event_id from webhook_delivery where webhook_id = $1 and event_id = any($2::bigint[]) and error is null`,
    values: [webhookId, eventIds],
  })
  return new Set(rows.map((row: { event_id: string }) => row.event_id))
}

export interface WebhookLogRow {
  readonly id: string
  readonly eventId: string
  readonly kind: string
  readonly status: number | null
  readonly error: string | null
  readonly durationMs: number | null
  readonly at: Date
}

const logColumns = 'id, event_id as "eventId", kind, status, error, duration as "durationMs", at'

/** Newest first, before `before`. */
export async function listAttempts(
  q: Queryable,
  webhookId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<WebhookLogRow[]> {
  const { rows } = await q.query(
    `select ${logColumns} from webhook_delivery where webhook_id = $1 and ($2::bigint is null or id < $2)
     order by id desc limit $3`,
    [webhookId, page.before, page.limit],
  )
  return rows as WebhookLogRow[]
}

export async function getAttempt(q: Queryable, webhookId: string, id: string): Promise<WebhookLogRow | null> {
  const { rows } = await q.query(`select ${logColumns} from webhook_delivery where webhook_id = $1 and id = $2`, [
    webhookId,
    id,
  ])
  return (rows[0] as WebhookLogRow | undefined) ?? null
}

/** What one attempt was about, with where to send it now. */
export async function againOf(
  q: Queryable,
  webhookId: string,
  attemptId: string,
): Promise<{ url: string; sealedSecret: Sealed; row: FeedEntry } | null> {
  const { rows } = await q.query(
    `select w.url, w.secret as "sealedSecret", d.event_id as "eventId"
     from webhook_delivery d join webhook w on w.id = d.webhook_id where d.webhook_id = $1 and d.id = $2`,
    [webhookId, attemptId],
  )
  const found = rows[0] as { url: string; sealedSecret: Sealed; eventId: string } | undefined
  const row = found && (await feedRow(q, found.eventId))
  return row ? { url: found.url, sealedSecret: found.sealedSecret, row } : null
}
