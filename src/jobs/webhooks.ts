import type { Logger } from 'pino'
import { type FeedEntry, feedAfter } from '../store/feed.ts'
import { wakeful } from '../store/wakeful.ts'
import {
  alreadyDelivered,
  type ClaimedWebhook,
  claimWebhook,
  failWebhook,
  settleWebhook,
  WEBHOOK_LEASE_MS,
} from '../store/webhook-delivery.ts'
import { sendEvent, type WebhookSending } from './webhook-send.ts'

const FLOOR_MS = 1_000
/** Under a steady stream of events webhooks are looked at this often. */
const GAP_MS = 50
const WINDOW = 100
/** Conversations of one webhook that are told at once; within one it is strictly one after the other. */
const LANES = 8
const WEBHOOKS_AT_ONCE = 8
/** No request begins with less of the lease left; longer than a request may take. */
const LEASE_RESERVE_MS = 20_000
const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 5 * 60_000
const GIVE_UP_MS = 3 * 86_400_000

export interface WebhookWorker {
  /** Begins no further request, waits for those under way. */
  close(): Promise<void>
}

export interface WebhookWorkerDeps extends WebhookSending {
  readonly log: Logger
  /** Between the first failure and the next try, ms. */
  readonly firstDelayMs?: number
}

/** Tells the feed to those who subscribed by URL: at least once, with a stable event id, in order per conversation. */
export function startWebhooks(deps: WebhookWorkerDeps): WebhookWorker {
  const running = new Set<Promise<void>>()
  let closing = false
  const work = async () => {
    try {
      while (!closing && running.size < WEBHOOKS_AT_ONCE) {
        const hook = await claimWebhook(deps.db.pool)
        if (hook === null) return
        const sending = deliver(deps, hook, () => closing)
          .catch((error: unknown) => deps.log.error({ event: 'webhook.failed', webhook: hook.id, err: error }))
          .finally(() => {
            running.delete(sending)
            loop.wake()
          })
        running.add(sending)
      }
    } catch (error) {
      deps.log.warn({ event: 'webhook.claim', err: error }, 'Webhooks cannot be claimed.')
    }
  }
  const loop = wakeful(FLOOR_MS, work, GAP_MS)
  const listener = deps.db.notifications.listen(['feed_position'], loop.wake, loop.wake)
  return {
    async close() {
      closing = true
      listener.close()
      await loop.close()
      await Promise.all(running)
    },
  }
}

async function deliver(deps: WebhookWorkerDeps, hook: ClaimedWebhook, closing: () => boolean): Promise<void> {
  // The monotonic clock goes on while the process is paused: a worker that slept past its lease sends nothing more.
  const until = performance.now() + WEBHOOK_LEASE_MS - LEASE_RESERVE_MS
  const rows = await feedAfter(deps.db.pool, hook.position, WINDOW)
  const wanted = rows.filter((row) => wants(hook, row.kind))
  const ids = wanted.map((row) => row.id)
  const done = await alreadyDelivered(deps.db.pool, hook.id, ids)
  let failed: string | undefined
  const lanes = lanesOf(wanted.filter((row) => !done.has(row.id)))
  const runLane = async (lane: readonly FeedEntry[]) => {
    for (const row of lane) {
      if (failed !== undefined || closing() || performance.now() > until) return
      const { error } = await sendEvent(deps, hook, row)
      if (error === null) done.add(row.id)
      // What follows in any lane waits too: a receiver that is down is asked once, not once for each conversation.
      else failed ??= error
    }
  }
  const next = lanes[Symbol.iterator]()
  const runner = async () => {
    for (let lane = next.next(); !lane.done; lane = next.next()) await runLane(lane.value)
  }
  await Promise.all(Array.from({ length: LANES }, runner))
  const position = settledUpTo(hook.position, rows, (row) => done.has(row.id) || !wants(hook, row.kind))
  if (failed === undefined) await settleWebhook(deps.db.pool, hook, position)
  else await fail(deps, hook, { position, reason: failed })
}

/** An empty list means all; `message` stands for `message.created` and its like. */
function wants(hook: ClaimedWebhook, kind: string): boolean {
  return hook.events.length === 0 || hook.events.some((wish) => kind === wish || kind.startsWith(`${wish}.`))
}

function lanesOf(rows: readonly FeedEntry[]): FeedEntry[][] {
  const lanes = new Map<string, FeedEntry[]>()
  for (const row of rows) {
    const key = row.conversationId ?? `inbox:${row.inboxId}`
    const lane = lanes.get(key)
    if (lane) lane.push(row)
    else lanes.set(key, [row])
  }
  return [...lanes.values()]
}

function settledUpTo(from: string, rows: readonly FeedEntry[], settled: (row: FeedEntry) => boolean): string {
  const open = rows.findIndex((row) => !settled(row))
  const upTo = open === -1 ? rows.at(-1) : rows[open - 1]
  return upTo?.position ?? from
}

async function fail(
  deps: WebhookWorkerDeps,
  hook: ClaimedWebhook,
  failure: { readonly position: string; readonly reason: string },
): Promise<void> {
  const { log, db, firstDelayMs = FIRST_DELAY_MS } = deps
  const longest = Math.min(LONGEST_DELAY_MS, firstDelayMs * 2 ** Math.min(hook.failures, 20))
  // Never a fixed rhythm: receivers that come back are not met by everybody at once.
  const delayMs = longest * (0.5 + Math.random() / 2)
  const reason = `It failed for three days. ${failure.reason}`
  const { disabled } = await failWebhook(db.pool, hook, { ...failure, reason, delayMs, giveUpMs: GIVE_UP_MS })
  if (disabled)
    log.error({ event: 'webhook.disabled', webhook: hook.id }, 'A webhook failed for three days: it is off.')
  else if (hook.failures === 0) log.warn({ event: 'webhook.failing', webhook: hook.id, reason: failure.reason })
}
