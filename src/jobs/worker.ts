import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Database } from '../store/database.ts'
import { claimJobs, type Job, reapJobs } from '../store/job.ts'
import { wakeful } from '../store/wakeful.ts'
import { type BatchHandler, defaultLimit, type JobHandlers, type SingleHandler } from './handler.ts'
import { type JobMetrics, jobMetrics } from './metrics.ts'
import { runBatch, runSingle } from './run-job.ts'

export interface JobContext {
  readonly db: Database
  readonly log: Logger
  readonly registry: Registry
}

export interface JobWorkerOptions {
  /** Single jobs at once. */
  readonly concurrency?: number
  readonly batch?: number
  readonly leaseMs?: number
  readonly pollMs?: number
  /** How long `stop` waits before it aborts what still runs; those jobs come again. */
  readonly drainMs?: number
}

export interface JobWorker {
  /** No new claims; resolves when everything under way has ended. */
  stop(): Promise<void>
}

export interface Running {
  readonly ctx: JobContext
  readonly handlers: JobHandlers
  readonly leaseMs: number
  readonly metrics: JobMetrics
  readonly underWay: Set<Promise<void>>
  /** Aborts what did not end while draining. */
  readonly stopping: AbortSignal
  draining: boolean
}

// Many small jobs at once are cheaper than each alone; nobody notices so few milliseconds.
const singleGapMs = 50
const batchGapMs = 25

export function startJobWorker(ctx: JobContext, handlers: JobHandlers, options: JobWorkerOptions = {}): JobWorker {
  const { concurrency = 8, batch = 200, leaseMs = 30_000, pollMs = 500, drainMs = 10_000 } = options
  const stop = new AbortController()
  const metrics = jobMetrics(ctx.registry, ctx.db)
  const state = { leaseMs, metrics, underWay: new Set<Promise<void>>(), draining: false }
  const running: Running = { ctx, handlers, stopping: stop.signal, ...state }
  const kinds = kindsOf(handlers)
  const loop = (everyMs: number, work: () => Promise<void>, gapMs = 0) =>
    wakeful(
      everyMs,
      () =>
        work().catch((err: unknown) => {
          if (!running.draining) ctx.log.warn({ event: 'job.database', err }, 'Jobs wait for the database.')
        }),
      gapMs,
    )
  const singles = loop(
    pollMs,
    () => startSingles(running, kinds.single, concurrency, () => singles.wake()),
    singleGapMs,
  )
  const batches = loop(
    pollMs,
    async () => {
      if (await runBatches(running, kinds.batch, batch)) batches.wake()
    },
    batchGapMs,
  )
  const reaper = loop(leaseMs / 6, () => reap(running))
  const wake = () => {
    singles.wake()
    batches.wake()
  }
  const listener = ctx.db.notifications.listen(['job'], wake, wake)
  return {
    async stop() {
      running.draining = true
      const patience = setTimeout(() => stop.abort(), drainMs)
      await Promise.all([singles.close(), batches.close(), reaper.close()])
      await Promise.all(running.underWay)
      clearTimeout(patience)
      listener.close()
    },
  }
}

async function startSingles(running: Running, kinds: string[], concurrency: number, wake: () => void): Promise<void> {
  const { underWay } = running
  for (let more = true; more && !running.draining; ) {
    const jobs = await claim(running, kinds, concurrency - underWay.size)
    for (const job of jobs) {
      const work = runSingle(running, job).finally(() => {
        underWay.delete(work)
        wake()
      })
      underWay.add(work)
    }
    more = jobs.length > 0
  }
}

/** One round; true when work was done, so that another should look for what stood behind it in its lanes. */
async function runBatches(running: Running, kinds: string[], size: number): Promise<boolean> {
  let found = false
  for (const kind of kinds) {
    if (running.draining) break
    found = (await runBatch(running, kind, size)) || found
  }
  return found
}

function kindsOf(handlers: JobHandlers): { single: string[]; batch: string[] } {
  const all = Object.keys(handlers)
  const batch = all.filter((kind) => isBatch(handlers, kind))
  return { batch, single: all.filter((kind) => !batch.includes(kind)) }
}

function isBatch(handlers: JobHandlers, kind: string): boolean {
  const handler = handlers[kind]
  return handler !== undefined && (handler as Partial<BatchHandler>).runBatch !== undefined
}

async function claim({ ctx, leaseMs }: Running, kinds: readonly string[], limit: number): Promise<Job[]> {
  return limit <= 0 || kinds.length === 0 ? [] : claimJobs(ctx.db.pool, { kinds, limit, leaseMs })
}

async function reap({ ctx, metrics, handlers }: Running): Promise<void> {
  const { reaped, dead } = await reapJobs(ctx.db.pool, defaultLimit)
  metrics.reaped(reaped)
  if (reaped > 0) {
    const ids = dead.map((job) => job.id)
    ctx.log.warn({ event: 'job.reaped', reaped, dead: ids }, 'Jobs of a process that stopped came back.')
  }
  for (const job of dead) {
    const handler: Partial<SingleHandler> | undefined = handlers[job.kind]
    await handler?.gaveUp?.(job, new Error('Every process that worked on it stopped.'))
  }
}
