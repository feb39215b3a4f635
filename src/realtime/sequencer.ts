import type { Logger } from 'pino'
import type { Database, Queryable } from '../store/database.ts'
import { hasUnstamped, STAMP_BATCH, stampFeed } from '../store/feed.ts'
import { wakeful } from '../store/wakeful.ts'

// Stamping costs a commit: under load one pass stands for several transactions.
const GAP_MS = 4
const FLOOR_MS = 250

export interface Sequencer {
  close(): Promise<void>
}

/**
 * Gives feed rows their positions. Each process runs one; the row of feed_head lets one stamp at a time. No process is elected for
 * longer than a statement: one that is paused or cut off delays nobody.
 */
export function startSequencer(deps: { readonly db: Database; readonly log: Logger }): Sequencer {
  const { pool, notifications } = deps.db
  const passes = createPasses(pool)
  let failing = false
  const loop = wakeful(
    FLOOR_MS,
    async (woken) => {
      try {
        if (woken || (await hasUnstamped(pool))) await passes.run()
        failing = false
      } catch (error) {
        if (!failing) deps.log.warn({ event: 'sequencer.failed', err: error }, 'The feed is not being stamped.')
        failing = true
      }
    },
    GAP_MS,
  )
  const listener = notifications.listen(['feed'], loop.wake, loop.wake)
  return {
    async close() {
      listener.close()
      await loop.close()
    },
  }
}

/**
 * The index of what has no position begins with everything stamped since it was last cleaned. So most passes begin behind what an
 * earlier one had stamped; those of transactions that took so long are found by the full pass.
 */
function createPasses(pool: Queryable): { run(): Promise<void> } {
  let after = '0'
  let highest = '0'
  let fullAt = Number.NEGATIVE_INFINITY
  return {
    async run() {
      const full = performance.now() - fullAt >= FLOOR_MS
      for (let more = true; more; ) {
        const stamped = await stampFeed(pool, full ? '0' : after)
        more = stamped.count === STAMP_BATCH
        if (stamped.highest !== null && BigInt(stamped.highest) > BigInt(highest)) highest = stamped.highest
      }
      if (!full) return
      after = highest
      fullAt = performance.now()
    },
  }
}
