import { createHmac } from 'node:crypto'
import type { Sealed, Sealer } from '../domain/sealer.ts'
import { OutboundRefused } from '../security/outbound-fetch.ts'
import type { Database } from '../store/database.ts'
import { eventOf, type FeedEntry } from '../store/feed.ts'
import { secretContext } from '../store/webhook.ts'
import { logAttempt, type WebhookAttempt } from '../store/webhook-delivery.ts'

export interface WebhookSending {
  readonly db: Database
  readonly sealer: Sealer
  /** Resolves, pins and refuses; follows no redirect, since a signature is for one receiver. */
  readonly fetch: typeof globalThis.fetch
}

export interface WebhookAddress {
  readonly id: string
  readonly url: string
  readonly sealedSecret: Sealed
}

/** `t=<seconds>,v1=<hex>` over `<seconds>.<body>`: the receiver checks the time too, so that a copy cannot be replayed later. */
export function signatureOf(secret: string, body: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/** One event to one receiver, once; whatever became of it stands in the log before this resolves. */
export async function sendEvent(
  ctx: WebhookSending,
  hook: WebhookAddress,
  row: FeedEntry,
): Promise<WebhookAttempt & { id: string }> {
  const started = performance.now()
  const outcome = await post(ctx, hook, row)
  const durationMs = Math.round(performance.now() - started)
  const attempt = { eventId: row.id, kind: row.kind, durationMs, ...outcome }
  return { ...attempt, id: await logAttempt(ctx.db.pool, hook.id, attempt) }
}

async function post(
  ctx: WebhookSending,
  hook: WebhookAddress,
  row: FeedEntry,
): Promise<Pick<WebhookAttempt, 'status' | 'error'>> {
  try {
    const secret = ctx.sealer.open(hook.sealedSecret, secretContext(hook.id))
    const body = JSON.stringify(eventOf(row))
    const response = await ctx.fetch(hook.url, {
      method: 'POST',
      redirect: 'manual',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'tributary',
        'x-tributary-event': row.kind,
        'x-tributary-signature': signatureOf(secret, body, Math.floor(Date.now() / 1000)),
      },
    })
    await response.body?.cancel()
    const { status } = response
    return { status, error: response.ok ? null : `The receiver answered ${status}.` }
  } catch (error) {
    return { status: null, error: sentence(error) }
  }
}

// What the network stack says may quote addresses behind the firewall: only known words go into the log that people read.
function sentence(error: unknown): string {
  if (error instanceof OutboundRefused) return error.message
  const { name, code } = error as { name?: string; code?: string }
  if (name === 'TimeoutError' || name === 'AbortError') return 'The receiver did not answer in time.'
  if (name === 'SealError') return 'The secret cannot be opened with the present SECRET_KEY. Set a new one.'
  return code ? `The receiver could not be reached (${code}).` : 'The receiver could not be reached.'
}
