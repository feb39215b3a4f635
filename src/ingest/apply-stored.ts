import type { EventOutcome } from '../channel/contract.ts'
import { type Database, transaction } from '../store/database.ts'
import { notify } from '../store/feed-insert.ts'
import { inboxFacts, markApplied, quarantineEvent, storedEvent } from '../store/inbound.ts'
import { attempt } from './record-inbound.ts'

/** Applies a quarantined or parked event again; null when there is no such event any more. */
export async function applyStored(db: Database, rowId: string, now: Date): Promise<EventOutcome | null> {
  return transaction(db, async (tx) => {
    const stored = await storedEvent(tx, rowId)
    const inbox = stored && (await inboxFacts(tx, stored.inboxId))
    if (!stored || !inbox) return null
    const result = await attempt({ tx, inbox, now }, [{ rowId, event: stored.event }])
    if ('reason' in result) {
      await quarantineEvent(tx, rowId, result.reason, stored.event)
      return { kind: 'quarantined', reason: result.reason }
    }
    const outcome = result.outcomes[0]!
    if (outcome.kind !== 'parked') await markApplied(tx, [rowId])
    await notify(tx, ['feed', 'job'])
    return outcome
  })
}
