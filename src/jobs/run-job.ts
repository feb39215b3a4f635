import { isTransient, transaction } from '../store/database.ts'
import { claimJobs, failJob, finishJob, finishJobs, type Job, renewJob, takeJobs } from '../store/job.ts'
import { type BatchHandler, defaultLimit, GiveUp, jobBackOffMs, NotYet, type SingleHandler } from './handler.ts'
import type { Running } from './worker.ts'

/** Never rejects: what cannot even be noted is left to the lease. */
export async function runSingle(running: Running, job: Job): Promise<void> {
  const { ctx, metrics, handlers, stopping } = running
  const handler = handlers[job.kind] as SingleHandler
  const lost = new AbortController()
  const heartbeat = keepAlive(running, job, lost)
  const signal = AbortSignal.any([stopping, lost.signal])
  const ids = { job: job.id, kind: job.kind, attempt: job.attempt }
  try {
    await handler.run(job, signal)
    if (await finishJob(ctx.db.pool, job)) metrics.done(job.kind)
    else metrics.fenced()
  } catch (error) {
    const failure = stopping.aborted ? new NotYet(0, 'The server stopped.') : blamed(error)
    await noteFailure(running, handler, job, failure).catch((err: unknown) => {
      ctx.log.error({ event: 'job.unnoted', err, ...ids }, 'The failure of a job could not be noted.')
    })
  } finally {
    clearInterval(heartbeat)
  }
}

/** A database that is away or a deadlock says nothing against the job. */
function blamed(error: unknown): unknown {
  return isTransient(error) ? new NotYet(500, 'The database was not available.', { cause: error }) : error
}

/** A job that outlives its lease keeps it; one that lost it must stop. */
function keepAlive({ ctx, leaseMs }: Running, job: Job, lost: AbortController): NodeJS.Timeout {
  let renewedAt = performance.now()
  return setInterval(() => {
    renewJob(ctx.db.pool, job, leaseMs).then(
      (ours) => {
        if (ours) renewedAt = performance.now()
        else lost.abort()
      },
      () => {
        if (performance.now() - renewedAt > leaseMs) lost.abort()
      },
    )
  }, leaseMs / 3)
}

async function noteFailure(running: Running, handler: SingleHandler, job: Job, error: unknown): Promise<void> {
  const { ctx, metrics } = running
  const limit = error instanceof GiveUp ? 1 : (handler.limit ?? defaultLimit)
  const outcome = await failJob(ctx.db.pool, job, {
    counts: !(error instanceof NotYet),
    limit,
    backOffMs: error instanceof NotYet ? error.afterMs : jobBackOffMs(job.failures),
    error: sentenceOf(error),
  })
  const ids = { job: job.id, kind: job.kind, attempt: job.attempt }
  if (outcome === 'lost') return metrics.fenced()
  metrics.failed(job.kind, outcome)
  if (error instanceof NotYet) return
  if (outcome === 'dead') ctx.log.error({ event: 'job.dead', err: error, ...ids }, 'A job gave up.')
  else ctx.log.warn({ event: 'job.failed', err: error, ...ids }, 'A job failed and comes again.')
  if (outcome === 'dead') await handler.gaveUp?.(job, error)
}

/** The database's own text may quote what a customer wrote: its code says enough. */
function sentenceOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return `It failed with ${code}.`
  return typeof message === 'string' ? message : 'It failed.'
}

/** All in one transaction; when that fails, one by one, so that a bad one does not stop the others. True: something was done. */
export async function runBatch(running: Running, kind: string, limit: number): Promise<boolean> {
  const { ctx, metrics, handlers, leaseMs } = running
  const handler = handlers[kind] as BatchHandler
  try {
    const done = await transaction(ctx.db, async (tx) => {
      const jobs = await takeJobs(tx, { kind, limit })
      if (jobs.length > 0) await handler.runBatch(tx, jobs)
      return jobs.length
    })
    metrics.done(kind, done)
    return done > 0
  } catch (error) {
    // A deadlock or a database that is away says nothing against any of them: all come again.
    if (isTransient(error)) throw error
    const jobs = await claimJobs(ctx.db.pool, { kinds: [kind], limit, leaseMs })
    for (const job of jobs) await runAlone(running, handler, job)
    return jobs.length > 0
  }
}

async function runAlone(running: Running, handler: BatchHandler, job: Job): Promise<void> {
  try {
    await transaction(running.ctx.db, async (tx) => {
      if ((await finishJobs(tx, [job])) !== 1) throw new NotYet(0, 'Its lease was lost.')
      await handler.runBatch(tx, [job])
    })
    running.metrics.done(job.kind)
  } catch (error) {
    const limit = handler.limit === undefined ? {} : { limit: handler.limit }
    await noteFailure(running, { run: neverRun, ...limit }, job, blamed(error))
  }
}

const neverRun = () => Promise.reject(new Error('batch jobs run in batches'))
