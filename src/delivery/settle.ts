import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../store/database.ts'
import { isTransient } from '../store/database.ts'
import type { ClaimedDelivery } from '../store/delivery-claim.ts'
import { type Outcome, settleDelivery } from '../store/delivery-settle.ts'

/**
 * T4, tried until the database answers: an outcome known here and forgotten would leave a person guessing.
 * Our own receipt is proof, so it also settles what the reaper had meanwhile called uncertain, as long as nobody sent it anew.
 * False: fenced off.
 */
export async function settle(
  db: Database,
  row: ClaimedDelivery,
  outcome: Outcome,
  patienceMs: number,
): Promise<boolean> {
  const until = performance.now() + patienceMs
  for (let wait = 50; ; wait = Math.min(1_000, wait * 2)) {
    try {
      if (await settleDelivery(db, row, outcome)) return true
      return outcome.state === 'sent' && (await settleDelivery(db, row, outcome, { from: 'uncertain' }))
    } catch (error) {
      if (!isTransient(error) || performance.now() > until) throw error
      await pause(wait)
    }
  }
}
