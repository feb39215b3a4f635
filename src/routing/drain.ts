import type { Logger } from 'pino'
import { type Database, transaction } from '../store/database.ts'
import { wakeful } from '../store/wakeful.ts'
import { assignWaiting } from './assign-waiting.ts'

export interface QueueContext {
  readonly db: Database
  /** Of people: shifts and waits follow it. */
  readonly clock: () => Date
}

/** Gives out all that can be given now; each round is a transaction of its own, so that nobody waits for all of them. */
export async function drainQueues({ db, clock }: QueueContext): Promise<number> {
  let given = 0
  for (let more = true; more; ) {
    const round = await transaction(db, (tx) => assignWaiting(tx, clock()))
    given += round.given.length
    more = round.more
  }
  return given
}

// Many replies at once are one round.
const gapMs = 50
// Nobody with room stands beside what waits for a second: looking and giving take their time as well.
const floorMs = 600

/** Whenever somebody has room again, and at the latest within a second: shifts begin and waits end without anybody telling. */
export function startQueues(
  ctx: QueueContext & { readonly log: Logger },
  look: () => Promise<void>,
): { stop(): Promise<void> } {
  const { db, log } = ctx
  const work = async (woken: boolean) => {
    try {
      if (!woken) await look()
      await drainQueues(ctx)
    } catch (err) {
      log.warn({ event: 'queue.failed', err }, 'The queues could not be worked through.')
    }
  }
  const loop = wakeful(floorMs, work, gapMs)
  const listener = db.notifications.listen(['queue'], loop.wake, loop.wake)
  return {
    async stop() {
      listener.close()
      await loop.close()
    },
  }
}
