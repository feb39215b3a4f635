import type { Registry } from 'prom-client'
import { type ClaimedDelivery, sweepLanes } from '../store/delivery-claim.ts'
import { dropOldNotices } from '../store/delivery-notices.ts'
import { markBadCredentials } from '../store/inbox-health.ts'
import { wakeful } from '../store/wakeful.ts'
import { type Budget, createBudget } from './budget.ts'
import { type Claimer, createClaimer } from './claim.ts'
import { type Attempted, type DeliverContext, deliver } from './deliver.ts'
import { type DeliveryMetrics, deliveryMetrics } from './metrics.ts'
import { confirmDeliveries, reapDeliveries } from './recover.ts'
import { graceMs } from './send-time.ts'
import { settle } from './settle.ts'

export interface DeliveryWorkerOptions {
  /** Sends at once for one inbox; a platform that hangs must not take the others' places. */
  readonly perInbox?: number
  /** Sends at once in this process. */
  readonly total?: number
  readonly leaseMs?: number
  readonly deadlineMs?: number
  readonly longestMs?: number
  readonly pollMs?: number
}

export interface DeliveryWorker {
  /** No new claims; resolves when everything under way is settled. */
  stop(): Promise<void>
}

export type WorkerContext = Omit<DeliverContext, 'leaseMs' | 'deadlineMs' | 'longestMs'> & {
  readonly registry: Registry
}

interface Running {
  readonly ctx: DeliverContext
  readonly budget: Budget
  readonly metrics: DeliveryMetrics
  readonly underWay: Set<Promise<void>>
}

const safetyNetMs = 5_000
// The largest mail over a line of 30 kB/s.
const longestSendMs = 15 * 60_000

export function startDeliveryWorker(context: WorkerContext, options: DeliveryWorkerOptions = {}): DeliveryWorker {
  const { perInbox = 16, total = 128, leaseMs = 30_000, deadlineMs = 20_000, pollMs = 500 } = options
  const { longestMs = longestSendMs } = options
  if (deadlineMs + graceMs >= leaseMs) throw new RangeError('the deadline of a send must be shorter than its lease')
  const stop = new AbortController()
  const ctx: DeliverContext = { ...context, leaseMs, deadlineMs, longestMs, stopping: stop.signal }
  const metrics = deliveryMetrics(context.registry, ctx.db)
  const running: Running = { ctx, budget: createBudget(perInbox), metrics, underWay: new Set() }
  const claimer = createClaimer(ctx.db, running.budget, { perInbox, leaseMs })
  let stopping = false
  const guarded = (work: () => Promise<void>) => () =>
    work().catch((err: unknown) => {
      if (!stopping) ctx.log.warn({ event: 'delivery.database', err }, 'Deliveries wait for the database.')
    })
  const pump = wakeful(
    pollMs,
    guarded(async () => {
      for (let more = true; more && !stopping; ) more = await claimSome(running, claimer, total, pump.wake)
    }),
  )
  const careMs = Math.min(1_000, leaseMs / 6)
  const care = wakeful(
    careMs,
    guarded(() => housekeeping(running, pump.wake)),
  )
  // On its own: a platform that answers slowly must not keep the reaper waiting.
  const asking = wakeful(
    careMs,
    guarded(async () => metrics.confirmed(await confirmDeliveries(ctx))),
  )
  const net = wakeful(
    safetyNetMs,
    guarded(() => sweep(running, pump.wake)),
  )
  const listener = ctx.db.notifications.listen(['delivery', 'inbox'], pump.wake, pump.wake)
  return {
    async stop() {
      stopping = true
      stop.abort()
      await Promise.all([pump.close(), care.close(), asking.close(), net.close()])
      await Promise.all(running.underWay)
      listener.close()
    },
  }
}

/** True: as many as could be taken were there, so there may be more. */
async function claimSome(running: Running, claimer: Claimer, total: number, wake: () => void): Promise<boolean> {
  const free = total - running.underWay.size
  if (free <= 0) return false
  const rows = await claimer.next(free)
  for (const row of rows) start(running, row, total, wake)
  return rows.length >= free
}

async function sweep({ ctx, metrics }: Running, wake: () => void): Promise<void> {
  const swept = await sweepLanes(ctx.db.pool)
  metrics.swept(swept)
  if (swept === 0) return
  ctx.log.error({ event: 'delivery.swept', swept }, 'Deliveries waited although nothing was before them.')
  wake()
}

async function housekeeping({ ctx, metrics }: Running, wake: () => void): Promise<void> {
  const reaped = await reapDeliveries(ctx)
  metrics.reaped(reaped)
  if (reaped > 0) wake()
  await dropOldNotices(ctx.db)
}

function start(running: Running, row: ClaimedDelivery, total: number, wake: () => void): void {
  running.budget.started(row.inboxId)
  const work = attempt(running, row)
    .catch((err: unknown) => {
      // Left in 'sending': when its lease has run out the reaper decides.
      const ids = { delivery: row.id, inbox: row.inboxId }
      running.ctx.log.error({ event: 'delivery.unsettled', err, ...ids }, 'A delivery could not be settled.')
    })
    .finally(() => {
      const wasFull = running.underWay.size >= total
      running.underWay.delete(work)
      // What became due by this one's end was notified with it.
      if (running.budget.ended(row.inboxId) || wasFull) wake()
    })
  running.underWay.add(work)
}

async function attempt({ ctx, budget, metrics }: Running, row: ClaimedDelivery): Promise<void> {
  const result = await deliver(ctx, row)
  if (!result) return metrics.fenced()
  if (result.step?.kind === 'hold') {
    await markBadCredentials(ctx.db, { id: row.inboxId, settingsVersion: row.settingsVersion }, result.sentence ?? '')
  }
  const { step } = result
  if (step?.kind === 'wait') budget.limited(row, step.scope, step.afterMs)
  else if (result.outcome.state === 'sent') budget.succeeded(row.inboxId)
  const settled = await settle(ctx.db, row, result.outcome, ctx.leaseMs)
  // Its place must not wake before it is due again itself: whoever it goes before would go first.
  if (step?.kind === 'wait' && step.scope === 'thread') budget.limited(row, step.scope, step.afterMs)
  if (settled) metrics.settled(result.outcome.state)
  else metrics.fenced()
  logAttempt(ctx, row, result, settled)
}

function logAttempt(
  { log }: DeliverContext,
  row: ClaimedDelivery,
  { outcome, sentence }: Attempted,
  settled: boolean,
): void {
  const ids = { delivery: row.id, inbox: row.inboxId, thread: row.threadId, conversation: row.conversationId }
  const facts = { ...ids, attempt: row.attempt, state: settled ? outcome.state : 'fenced', why: sentence ?? undefined }
  if (outcome.state === 'sent') log.debug({ event: 'delivery.sent', ...facts }, 'Delivered.')
  else log.info({ event: 'delivery.notSent', ...facts }, 'Not delivered.')
}
