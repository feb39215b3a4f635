import type { Queryable } from './database.ts'

export interface WaitingCounts {
  readonly pending: number
  readonly sending: number
  readonly uncertain: number
  /** Age of the oldest that is neither sent nor given up, seconds; 0: none. */
  readonly oldestS: number
}

export async function countWaiting(q: Queryable): Promise<WaitingCounts> {
  const { rows } = await q.query(
    `select (count(*) filter (where state = 'pending'))::int as pending,
       (count(*) filter (where state = 'sending'))::int as sending,
       (select count(*)::int from delivery where state = 'uncertain') as uncertain,
       coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestS"
     from delivery where state in ('pending', 'sending')`,
  )
  return rows[0] as WaitingCounts
}
