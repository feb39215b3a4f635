import { budgetUse } from '../store/send-budget.ts'
import type { BudgetLeft } from '../wire/inbox.ts'
import { describedCapabilities } from './capabilities.ts'
import type { HttpDeps } from './deps.ts'

/** What this inbox may still send; none where its platform sets no such limit, or it cannot be read here. */
export async function budgetsLeft(deps: HttpDeps, inboxId: string): Promise<BudgetLeft[]> {
  const budgets = (await describedCapabilities(deps, inboxId))?.budgets ?? []
  return Promise.all(
    budgets.map(async ({ name, max, windowMs, kinds }) => {
      const { used, eases, refusedUntil } = await budgetUse(deps.db.pool, inboxId, { kinds, windowMs })
      const refused = refusedUntil !== null && refusedUntil > deps.clock()
      const until = refused ? refusedUntil : eases
      return { name, max, windowMs, left: refused ? 0 : Math.max(0, max - used), until: until?.toISOString() ?? null }
    }),
  )
}
