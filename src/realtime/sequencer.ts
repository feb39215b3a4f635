import type { Logger } from 'pino'
import type { Database } from '../store/database.ts'
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
  let failing = false
  const loop = wakeful(
    FLOOR_MS,
    async (woken) => {
      try {
        if (!woken && !(await hasUnstamped(deps.db.pool))) return
        while ((await stampFeed(deps.db.pool)) === STAMP_BATCH);
        failing = false
      } catch (error) {
        if (!failing) deps.log.warn({ event: 'sequencer.failed', err: error }, 'The feed is not being stamped.')
        failing = true
      }
    },
    GAP_MS,
  )
  const listener = deps.db.notifications.listen(['feed'], loop.wake, loop.wake)
  return {
    async close() {
      listener.close()
      await loop.close()
    },
  }
}
