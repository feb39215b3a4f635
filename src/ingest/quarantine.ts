import type { EventOutcome } from '../channel/contract.ts'
import type { Database } from '../store/database.ts'
import { getQuarantined, purgeRaw } from '../store/quarantine.ts'
import { applyStored } from './apply-stored.ts'

/** Days that the platform's own words are kept once their event is applied. */
const rawDays = 30
// Few enough that nobody waits for the rows, many enough that a busy desk keeps up.
const purgeAtOnce = 2_000

/** What an administrator's "try again" does; null: it is no longer in quarantine. */
export async function retryQuarantined(db: Database, id: string, now: Date): Promise<EventOutcome | null> {
  const waiting = await getQuarantined(db.pool, id)
  return waiting && applyStored(db, id, now)
}

/** For the schedule of background work; answers how many events it took the raw words from. */
export async function purgeOldRaw(db: Database, signal: AbortSignal): Promise<number> {
  let total = 0
  while (!signal.aborted) {
    const purged = await purgeRaw(db.pool, rawDays, purgeAtOnce)
    total += purged
    if (purged < purgeAtOnce) break
  }
  return total
}
