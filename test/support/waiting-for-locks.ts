import type { Database, Queryable } from '../../src/store/database.ts'
import { eventually } from './eventually.ts'

/**
 * Holds the row that `sql` selects `for update` until everything that `start` begins waits for it: what read the row without
 * a lock has read its old state by then. Takes one connection of the pool; each of `count` needs its own.
 */
export async function whileLocked<T>(
  db: Database,
  { sql, values, count }: { readonly sql: string; readonly values: unknown[]; readonly count: number },
  start: () => Promise<T>,
): Promise<T> {
  const holder = await db.pool.connect()
  try {
    await holder.query('begin')
    await holder.query(sql, values)
    const started = start()
    started.catch(() => {})
    await eventually(async () => (await waiting(holder)) >= count)
    await holder.query('commit')
    return await started
  } finally {
    holder.release()
  }
}

async function waiting(q: Queryable): Promise<number> {
  // Within a transaction the first answer would be given again and again.
  await q.query('select pg_stat_clear_snapshot()')
  const { rows } = await q.query(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return (rows[0] as { n: number }).n
}
