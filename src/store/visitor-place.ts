import type { Queryable } from './database.ts'
import { isWaiting } from './queue-order.ts'

/** The case of these threads that waits in a queue whose customers may know of it. */
export async function waitingCase(q: Queryable, threads: readonly string[]) {
  if (threads.length === 0) return null
  const { rows } = await q.query({
    name: 'visitor-waiting-case',
    text: `select c.id, c.team_id as "teamId" from thread h join conversation c on c.id = h.conversation_id
      join team t on t.id = c.team_id and t.customer_sees is not null
      where h.id = any($1::bigint[]) and ${isWaiting} order by c.id desc limit 1`,
    values: [threads],
  })
  return (rows[0] as { id: string; teamId: string } | undefined) ?? null
}
