import type { EventOutcome, InboundEvent } from '../channel/contract.ts'
import type { Queryable } from '../store/database.ts'

/** For events that came before: the message each of them became, so that a resend gets the same answer. */
export async function duplicatesOf(
  tx: Queryable,
  inboxId: string,
  events: readonly InboundEvent[],
): Promise<EventOutcome[]> {
  const targets = events.map((e) => ('externalId' in e ? e.externalId : ''))
  if (events.length === 0) return []
  const { rows } = await tx.query({
    name: 'message-of-duplicate',
    text: `select k.n::int as n, m.id as "messageId", m.conversation_id as "conversationId"
      from unnest($2::text[], $3::text[]) with ordinality k(thread, external, n)
      join thread t on t.inbox_id = $1 and t.key = k.thread
      join message m on m.id = coalesce((select id from message where thread_id = t.id and external_id = k.external),
        (select message_id from album_item where thread_id = t.id and external_id = k.external))`,
    values: [inboxId, events.map((e) => e.thread.key), targets],
  })
  const found = new Map(rows.map((row: { n: number; messageId: string; conversationId: string }) => [row.n, row]))
  return events.map((_, index) => {
    const row = found.get(index + 1)
    return { kind: 'duplicate', ...(row && { messageId: row.messageId, conversationId: row.conversationId }) }
  })
}
