import type { Database } from '../store/database.ts'
import { applyStored } from './apply-stored.ts'

// Longer than any answer to a send that is still coming in the ordinary way, seconds.
const PATIENCE = 5

/**
 * Echoes that waited for a send of their thread: once none is on its way any more, each is either the echo of what
 * was sent (its delivery has the id now) or was written in the platform's own app. Answers how many it looked at.
 */
export async function sweepEchoes(db: Database, now: Date): Promise<number> {
  const { rows } = await db.pool.query(
    `select e.id from inbound_event e join thread t on t.inbox_id = e.inbox_id and t.key = e.thread_key
      where e.state = 'parked' and e.kind = 'echo' and e.received_at < now() - make_interval(secs => $1)
        and not exists (select 1 from delivery d where d.thread_id = t.id and d.state = 'sending')
      order by e.id limit 100`,
    [PATIENCE],
  )
  for (const { id } of rows as { id: string }[]) await applyStored(db, id, now)
  return rows.length
}
