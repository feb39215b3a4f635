import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { OpenInbox } from '../channel/contract.ts'
import type { ChannelError } from '../channel/errors.ts'
import { type Database, isAway } from '../store/database.ts'
import { markBadCredentials } from '../store/inbox-health.ts'
import type { AcquiredLease } from '../store/inbox-lease.ts'
import { type BackOff, backOffMs } from './back-off.ts'
import type { InboxConnections } from './connections.ts'
import { createHealthReporter, type HealthReporter } from './health-reporter.ts'
import { type HeldLease, holdLease } from './lease.ts'
import { receiveOnce, unlessAborted } from './receive-run.ts'
import { type Failed, toldOf } from './run-failure.ts'
import type { SinkContext } from './sink.ts'

export interface LoopContext {
  readonly db: Database
  readonly connections: InboxConnections
  readonly sinks: SinkContext
  readonly log: Logger
  readonly backOff?: BackOff
}

const usualBackOff: BackOff = { firstMs: 1_000, longestMs: 60_000 }
// A run that lasted so long was a success; the failure after it is a first one.
const soundRunMs = 30_000
// While our own database is away it alone is asked, so often: no platform has to be spared. Half is random.
const databaseBackOff: BackOff = { firstMs: 250, longestMs: 500 }
// Without a sign of life, how long a run must go on before the platform counts as reached again.
const calmMs = 10_000

interface Loop {
  readonly ctx: LoopContext
  readonly held: HeldLease
  readonly health: HealthReporter
  readonly ended: AbortSignal
  /** Ends the run or the pause of this moment; replaced for each round. */
  round: AbortController
  settingsVersion: number
  failures: number
  lastOpen: OpenInbox | null
}

/** Receives for one inbox as long as its lease is ours and `stop` does not abort; then gives the lease back. Never throws. */
export async function runReceiveLoop(ctx: LoopContext, lease: AcquiredLease, stop: AbortSignal): Promise<void> {
  const health = createHealthReporter(ctx.db, lease, ctx.log)
  const held = holdLease(ctx.db.pool, lease, {
    onRenewed: (version) => {
      if (version === loop.settingsVersion) void health.flush()
      else newSettings(loop, version)
    },
  })
  const loop: Loop = {
    ctx,
    held,
    health,
    ended: AbortSignal.any([stop, held.lost]),
    round: new AbortController(),
    settingsVersion: lease.settingsVersion,
    failures: 0,
    lastOpen: null,
  }
  const forget = ctx.connections.onChange((id) => {
    if (id === null || id === lease.inboxId) void held.check()
  })
  health.set({ state: 'connecting', error: null })
  try {
    while (!loop.ended.aborted) await oneRound(loop)
  } catch (error) {
    ctx.log.error({ inbox: lease.inboxId, error: String(error) }, 'a receive loop ended unexpectedly')
  } finally {
    forget()
    if (held.lost.aborted && !stop.aborted) ctx.sinks.metrics.leasesLost.inc()
    await health.flush()
    await held.release().catch(() => {})
  }
}

/** Whoever saved them has written a state of their own over ours. */
function newSettings(loop: Loop, version: number): void {
  loop.settingsVersion = version
  loop.failures = 0
  loop.health.set({ state: 'connecting', error: null })
  loop.health.warn(null)
  loop.round.abort()
}

async function oneRound(loop: Loop): Promise<void> {
  loop.round = new AbortController()
  const signal = AbortSignal.any([loop.ended, loop.round.signal])
  const started = performance.now()
  let calm: NodeJS.Timeout | undefined
  const end = await receiveOnce(loop.ctx, {
    lease: loop.held,
    signal,
    onLife: () => connected(loop),
    onOpen: (open) => {
      // What an earlier run said of itself is the next one's to say again.
      loop.health.warn(null)
      // Connecting checked the credentials; a connection that receive just failed on proves nothing.
      if (open !== loop.lastOpen) connected(loop)
      loop.lastOpen = open
      calm = setTimeout(() => connected(loop), calmMs).unref()
    },
    warn: (message) => loop.health.warn(message),
  })
  clearTimeout(calm)
  if (performance.now() - started > soundRunMs) loop.failures = 0
  if (end.why === 'stopped' || loop.ended.aborted) return
  await afterFailure(loop, end, signal)
}

function connected(loop: Loop): void {
  loop.health.set({ state: 'connected', error: null })
}

async function afterFailure(loop: Loop, end: Failed, signal: AbortSignal): Promise<void> {
  const { ctx, held } = loop
  ctx.sinks.metrics.restarts.inc({ reason: end.why })
  // A refused commit often means that the lease is gone: know it before anything else is tried.
  const answered = await unlessAborted(held.check(), loop.ended)
  if (loop.ended.aborted) return
  if (end.why === 'refused') {
    await credentialsRefused(loop, end.error)
    if (loop.ended.aborted) return
  }
  const told = toldOf(end)
  if (told.cause !== undefined) ctx.log.warn({ inbox: held.inboxId, why: end.why, error: told.cause }, 'receive failed')
  loop.health.set({ state: 'unavailable', error: told.sentence })
  const databaseAway = !answered || (end.why === 'store' && isAway(end.error))
  if (databaseAway && told.waitMs === undefined) return databaseBack(held, signal)
  if (told.waitMs === undefined) loop.failures++
  const waitMs = told.waitMs ?? backOffMs(loop.failures, ctx.backOff ?? usualBackOff, Math.random())
  await pause(waitMs, undefined, { signal }).catch(() => {})
}

/** That our own database was away says nothing of the platform: it counts as no failure of it. */
async function databaseBack(held: HeldLease, signal: AbortSignal): Promise<void> {
  do {
    await pause(backOffMs(1, databaseBackOff, Math.random()), undefined, { signal }).catch(() => {})
  } while (!signal.aborted && !(await unlessAborted(held.check(), signal)))
}

/** Newer settings, saved meanwhile, are not blamed: then the loop goes on with those. */
async function credentialsRefused(loop: Loop, error: ChannelError): Promise<void> {
  const { ctx, held, settingsVersion } = loop
  if (loop.lastOpen) ctx.connections.discard(loop.lastOpen)
  await markBadCredentials(ctx.db, { id: held.inboxId, settingsVersion }, error.message).catch(() => false)
  await held.check()
}
