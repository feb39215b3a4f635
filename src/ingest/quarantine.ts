import type { EventOutcome } from '../channel/contract.ts'
import type { Database } from '../store/database.ts'
import { getQuarantined } from '../store/quarantine.ts'
import { applyStored } from './apply-stored.ts'

/** What an administrator's "try again" does; null: it is no longer in quarantine. */
export async function retryQuarantined(db: Database, id: string, now: Date): Promise<EventOutcome | null> {
  const waiting = await getQuarantined(db.pool, id)
  return waiting && applyStored(db, id, now)
}
