import { setTimeout as pause } from 'node:timers/promises'
import type { OpenInbox } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { leasedCursor } from '../store/inbox-lease.ts'
import type { LoopContext } from './receive-loop.ts'
import { createLeasedSink, type LeasedSink } from './sink.ts'
import { createWatchdog, type Watchdog } from './watchdog.ts'

/** Why one run of receive came to its end. */
export type RunEnd =
  | { readonly why: 'stopped' }
  /** The lease is lost: nothing more may be written for this inbox. */
  | { readonly why: 'lost' }
  | { readonly why: 'refused'; readonly error: ChannelError }
  | { readonly why: 'store'; readonly error: unknown }
  | { readonly why: 'silent'; readonly ms: number }
  | { readonly why: 'failed'; readonly error: unknown }

export interface RunOptions {
  readonly lease: { readonly inboxId: string; readonly epoch: string }
  /** Ends the run: the lease is lost, the settings changed, the process stops. */
  readonly signal: AbortSignal
  /** The platform answered; the first time and ever again. */
  readonly onLife: () => void
  readonly onOpen: (open: OpenInbox) => void
  readonly warn: (message: string | null) => void
}

// What the agreement gives receive() to resolve after its abort, ms.
const abortGraceMs = 1_000

interface Ends {
  broken?: unknown
  silentMs?: number
}

/** Opens, receives from the committed cursor until something ends it, and says what. Never throws. */
export async function receiveOnce(ctx: LoopContext, options: RunOptions): Promise<RunEnd> {
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const ends: Ends = {}
  let sink: LeasedSink | undefined
  let watchdog: Watchdog | undefined
  let leave: (() => void) | undefined
  try {
    const open = await unlessAborted(ctx.connections.fresh(options.lease.inboxId), signal)
    if (open === null) return { why: 'stopped' }
    leave = ctx.connections.hold(open)
    const at = await leasedCursor(ctx.db.pool, options.lease).catch((error: unknown) => {
      ends.broken = error
      throw error
    })
    if (at === null) return { why: 'lost' }
    const { receives, silenceMs } = open.adapter.capabilities(open.settings)
    watchdog = createWatchdog(silenceMs, (ms) => {
      ends.silentMs = ms
      ctx.connections.discard(open)
      stop.abort()
    })
    sink = createLeasedSink(ctx.sinks, options.lease, {
      alive: () => {
        watchdog?.alive()
        options.onLife()
      },
      warn: options.warn,
      broken: (error) => {
        ends.broken = error
        stop.abort()
      },
    })
    options.onOpen(open)
    await receiveUntilEnd(ctx, open, { cursor: at.cursor, sink, signal, receives })
    return endOf(ends, signal) ?? { why: 'failed', error: new Error('receive() returned before it was asked to.') }
  } catch (error) {
    return endOf(ends, signal) ?? endOfError(error)
  } finally {
    // What still listens to this run is let go.
    stop.abort()
    sink?.close()
    watchdog?.stop()
    leave?.()
  }
}

interface Receiving {
  readonly cursor: unknown
  readonly sink: LeasedSink
  readonly signal: AbortSignal
  readonly receives: boolean
}

async function receiveUntilEnd(ctx: LoopContext, open: OpenInbox, { cursor, sink, signal, receives }: Receiving) {
  const receiving = open.connection.receive(cursor, sink, signal)
  const overdue = aborted(signal).then(() => pause(abortGraceMs, 'overdue' as const, { ref: false }))
  if ((await Promise.race([receiving, overdue])) === 'overdue') {
    // Its sink is closed, so it can do no harm; it may still hold sockets, which close with the connection.
    receiving.catch(() => {})
    ctx.connections.discard(open)
    ctx.log.error({ inbox: open.inboxId }, 'receive did not end within a second of its abort')
    return
  }
  // Caught up; what comes next comes by webhook or from visitors. The lease is kept: nobody else need look.
  if (!receives) await aborted(signal)
}

function endOf(ends: Ends, signal: AbortSignal): RunEnd | null {
  if ('broken' in ends) return { why: 'store', error: ends.broken }
  if (ends.silentMs !== undefined) return { why: 'silent', ms: ends.silentMs }
  return signal.aborted ? { why: 'stopped' } : null
}

function endOfError(error: unknown): RunEnd {
  if (error instanceof ChannelError && error.failure.kind === 'auth') return { why: 'refused', error }
  return { why: 'failed', error }
}

function aborted(signal: AbortSignal, over?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true, ...(over && { signal: over }) })
  })
}

/** null: aborted first. What comes of the promise later is nobody's business any more. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  promise.catch(() => {})
  // The signal lives as long as the lease: each failed run would leave a listener behind.
  const over = new AbortController()
  try {
    return await Promise.race([promise, aborted(signal, over.signal).then(() => null)])
  } finally {
    over.abort()
  }
}
