import type { Queryable } from './database.ts'

export interface BudgetUse {
  readonly used: number
  /** When the first of them is no longer counted; null: none is. */
  readonly eases: Date | null
  /** Until when the platform takes no more, as it said; null: it has not. */
  readonly refusedUntil: Date | null
}

/** What was sent to threads of these kinds within the time that ends now. */
export async function budgetUse(
  q: Queryable,
  inboxId: string,
  budget: { readonly kinds: readonly string[]; readonly windowMs: number },
): Promise<BudgetUse> {
  const { rows } = await q.query({
    name: 'budget-use',
    text: `select count(*)::int as used, min(d.settled_at) + $3::float8 * interval '1 ms' as eases,
        (select greatest(i.paused_until, (select max(w.due_at) from delivery w join thread u on u.id = w.thread_id
            where w.inbox_id = $1 and w.state = 'pending' and w.failure = 'rateLimited'
              and w.due_at > now() and w.due_at < 'infinity' and u.kind = any($2::text[])))
           from inbox i where i.id = $1) as "refusedUntil"
      from delivery d join thread t on t.id = d.thread_id
      where d.inbox_id = $1 and d.operation = 'send' and d.state in ('sent', 'delivered', 'read')
        and d.settled_at > now() - $3::float8 * interval '1 ms' and t.kind = any($2::text[])`,
    values: [inboxId, budget.kinds, budget.windowMs],
  })
  return rows[0] as BudgetUse
}
