import type { Database } from '../store/database.ts'
import { type ClaimedDelivery, claimDeliveries } from '../store/delivery-claim.ts'
import type { Budget } from './budget.ts'

export interface Claimer {
  /** At most `free` deliveries, theirs being the next move; none: nothing is due or allowed. */
  next(free: number): Promise<ClaimedDelivery[]>
}

/** Takes turns between inboxes; inside one the order is person, bot, notice, then who has waited longest. */
export function createClaimer(db: Database, budget: Budget, wish: { perInbox: number; leaseMs: number }): Claimer {
  let afterInbox = '0'
  return {
    async next(free) {
      const rows = await claimDeliveries(db.pool, {
        allowances: budget.allowances(),
        pausedPlaces: budget.pausedPlaces(),
        perInbox: wish.perInbox,
        leaseMs: wish.leaseMs,
        afterInbox,
        limit: free,
      })
      afterInbox = rows.at(-1)?.inboxId ?? afterInbox
      return rows
    },
  }
}
