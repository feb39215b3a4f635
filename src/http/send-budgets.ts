import { budgetUse } from '../store/send-budget.ts'
import type { BudgetLeft } from '../wire/inbox.ts'
import { describedCapabilities } from './capabilities.ts'
import type { HttpDeps } from './deps.ts'

/** What this inbox may still send; none where its platform sets no such limit, or it cannot be read here. */
export async function budgetsLeft(deps: HttpDeps, inboxId: string): Promise<BudgetLeft[]> {
  const budgets = (await describedCapabilities(deps, inboxId))?.budgets ?? []
  const now = deps.clock().getTime()
  return Promise.all(
    budgets.map(async ({ name, max, windowMs, kinds }) => {
      const { used, eases, refusedUntil } = await budgetUse(deps.db.pool, inboxId, { kinds, windowMs })
      // A wait tells of the shortest time that it fits into (platforms round up): of the others it says nothing.
      const waitMs = refusedUntil === null ? 0 : refusedUntil.getTime() - now
      const shorter = budgets.some(
        (one) => one.name === name && one.windowMs < windowMs && waitMs <= one.windowMs * 1.1,
      )
      const refused = waitMs > 0 && !shorter
      const until = refused ? refusedUntil : eases
      return { name, max, windowMs, left: refused ? 0 : Math.max(0, max - used), until: until?.toISOString() ?? null }
    }),
  )
}
