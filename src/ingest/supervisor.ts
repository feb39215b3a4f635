import { setTimeout as pause } from 'node:timers/promises'
import { type AcquiredLease, acquireLeases } from '../store/inbox-lease.ts'
import { type LoopContext, runReceiveLoop } from './receive-loop.ts'

export interface SupervisorContext extends LoopContext {
  /** Tells this process apart from the installation's others, in the lease. */
  readonly node: string
  /** Ids of the channels that this process knows. */
  readonly channelIds: readonly string[]
  readonly lookEveryMs?: number
}

export interface Supervisor {
  /** Resolves within a second or two; leases are given back. */
  stop(): Promise<void>
}

// How many inboxes one look takes over: another process that starts at the same moment gets its share.
const takeAtOnce = 20
const lookAgainMs = 100
const stopWithinMs = 1_500

/** One receive loop per inbox in the whole installation: whoever holds the inbox's lease runs it. */
export function startSupervisor(ctx: SupervisorContext): Supervisor {
  const stop = new AbortController()
  const loops = new Set<Promise<void>>()
  let looking: Promise<void> | null = null
  let failing = false

  function begin(lease: AcquiredLease): void {
    ctx.sinks.metrics.receivers.inc()
    ctx.log.info({ inbox: lease.inboxId, epoch: lease.epoch }, 'receiving')
    const loop = runReceiveLoop(ctx, lease, stop.signal).finally(() => {
      loops.delete(loop)
      ctx.sinks.metrics.receivers.dec()
      ctx.log.info({ inbox: lease.inboxId, epoch: lease.epoch }, 'no longer receiving')
    })
    loops.add(loop)
  }
  async function lookOnce(): Promise<void> {
    try {
      const wish = { node: ctx.node, channels: ctx.channelIds, limit: takeAtOnce }
      const leases = await acquireLeases(ctx.db.pool, wish)
      failing = false
      for (const lease of leases) begin(lease)
      if (leases.length === takeAtOnce) setTimeout(look, lookAgainMs).unref()
    } catch (error) {
      if (!failing) ctx.log.warn({ error: String(error) }, 'the database does not answer; no inbox is taken over')
      failing = true
    }
    looking = null
  }
  function look(): void {
    if (!stop.signal.aborted) looking ??= lookOnce()
  }

  const timer = setInterval(look, ctx.lookEveryMs ?? 1_000)
  const forget = ctx.connections.onChange(look)
  look()
  return {
    stop: async () => {
      clearInterval(timer)
      forget()
      stop.abort()
      await looking
      await Promise.race([Promise.all(loops), pause(stopWithinMs, undefined, { ref: false })])
    },
  }
}
