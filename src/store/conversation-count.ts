import { type Database, transaction } from './database.ts'

// Any number of our own: one fold at a time, the others come back later.
const FOLD_LOCK = 7_214_500_002

/** Moves the appended deltas into the counters. Cheap when there is little; meant to run every few seconds. */
export async function foldConversationCounts(db: Database, limit = 10_000): Promise<number> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query(`select pg_try_advisory_xact_lock($1) as mine`, [FOLD_LOCK])
    if (!rows[0].mine) return 0
    const folded = await tx.query(
      `with gone as (delete from conversation_count_delta where id in
           (select id from conversation_count_delta order by id limit $1) returning *),
         sums as (select inbox_id, team_id, assignee_id, status, restricted, sum(n) as n, count(*) as rows
           from gone group by 1, 2, 3, 4, 5),
         kept as (insert into conversation_count as k (inbox_id, team_id, assignee_id, status, restricted, n)
           select inbox_id, team_id, assignee_id, status, restricted, n from sums
           on conflict (inbox_id, team_id, assignee_id, status, restricted) do update set n = k.n + excluded.n)
       select coalesce(sum(rows), 0)::int as rows from sums`,
      [limit],
    )
    return folded.rows[0].rows
  })
}
