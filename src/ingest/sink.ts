import type { CommitResult, InboundBatch, InboundSink } from '../channel/contract.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import { createLanes } from './lanes.ts'
import { createMicroBatcher, type MicroBatcher } from './micro-batch.ts'

/** T1: everything of the batch is stored, or it rejects and nothing is. */
export type RecordInbound = (input: {
  readonly inboxId: string
  readonly batch: InboundBatch
  /** Of the lease under which it was received; absent where no lease is needed. */
  readonly epoch?: string
}) => Promise<CommitResult>

export interface SinkContext {
  readonly record: RecordInbound
  /** Shown for seconds, never stored; must not throw. */
  readonly ephemeral: (inboxId: string, event: Parameters<InboundSink['ephemeral']>[0]) => void
  /** Events came by themselves, without a lease's cursor to tell of them; at most every few seconds. Must not throw. */
  readonly stored: (inboxId: string) => void
  readonly metrics: IngestMetrics
}

// Commits of one inbox at the same moment; more would only share the same connections.
const lanes = 2

// What health shows as the last event need not be truer than this, ms.
const tellEveryMs = 5_000

export interface SinkListener {
  /** The connection showed a sign of life. */
  alive(): void
  warn(message: string | null): void
  /** A batch was refused: this loop must end, and start again from the committed cursor. */
  broken(error: unknown): void
}

export interface LeasedSink extends InboundSink {
  /** Nothing is committed from now on, whatever the loop still tries. */
  close(): void
}

/**
 * For one run of a receive loop: one batch after the other, each with its cursor and the epoch of the lease. After a refused
 * batch every later one is refused too: its cursor would skip what was not stored.
 */
export function createLeasedSink(
  ctx: SinkContext,
  lease: { readonly inboxId: string; readonly epoch: string },
  listener: SinkListener,
): LeasedSink {
  let before: Promise<unknown> = Promise.resolve()
  let ended: Error | null = null

  async function commitNow(batch: InboundBatch): Promise<CommitResult> {
    if (ended) throw ended
    try {
      const result = await timed(ctx, { ...lease, batch })
      listener.alive()
      return result
    } catch (error) {
      ended = new Error('An earlier batch of this loop was not stored.', { cause: error })
      listener.broken(error)
      throw error
    }
  }

  return {
    commit: (batch) => {
      const mine = before.then(() => commitNow(batch))
      before = mine.catch(() => {})
      return mine
    },
    ephemeral: (event) => {
      if (!ended) ctx.ephemeral(lease.inboxId, event)
    },
    alive: () => {
      if (!ended) listener.alive()
    },
    warn: (message) => {
      if (!ended) listener.warn(message)
    },
    close: () => {
      ended ??= new Error('This loop has ended.')
    },
  }
}

export interface OpenSinks {
  /** For webhooks and visitors; the same sink for the same inbox. */
  sinkFor(inboxId: string): Promise<InboundSink>
  /** Resolves when what was taken is stored or refused. */
  drained(): Promise<void>
}

/** For what platforms and visitors bring by themselves, in any number at once and on any node: no lease, no cursor. */
export function createOpenSinks(ctx: SinkContext, maxEvents = 200): OpenSinks {
  const batchers = new Map<string, MicroBatcher>()
  const batcherOf = (inboxId: string) => {
    const known = batchers.get(inboxId)
    if (known) return known
    const tell = atMostEvery(tellEveryMs, () => ctx.stored(inboxId))
    const commit = async (batch: InboundBatch) => {
      const result = await timed(ctx, { inboxId, batch })
      tell()
      return result
    }
    const made = createLanes(Array.from({ length: lanes }, () => createMicroBatcher(commit, { maxEvents })))
    batchers.set(inboxId, made)
    return made
  }
  return {
    sinkFor: async (inboxId) => ({
      // The cursor belongs to the receive loop; a webhook that moved it would skip what the loop has not seen.
      commit: ({ events, ignored }) => batcherOf(inboxId).add(ignored ? { events, ignored } : { events }),
      ephemeral: (event) => ctx.ephemeral(inboxId, event),
      alive: () => {},
      warn: () => {},
    }),
    drained: async () => {
      await Promise.all([...batchers.values()].map((batcher) => batcher.drained()))
    },
  }
}

function atMostEvery(ms: number, act: () => void): () => void {
  let next = 0
  return () => {
    if (performance.now() < next) return
    next = performance.now() + ms
    act()
  }
}

async function timed(ctx: SinkContext, input: Parameters<RecordInbound>[0]): Promise<CommitResult> {
  const end = ctx.metrics.commitSeconds.startTimer()
  try {
    const result = await ctx.record(input)
    for (const { kind } of result.outcomes) ctx.metrics.events.inc({ outcome: kind })
    for (const { count } of input.batch.ignored ?? []) ctx.metrics.events.inc({ outcome: 'ignored' }, count ?? 1)
    return result
  } catch (error) {
    ctx.metrics.failedCommits.inc()
    throw error
  } finally {
    end()
  }
}
