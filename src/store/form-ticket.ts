import type { Queryable } from './database.ts'

/** What became of a message that came through a form; null: it was not taken. */
export async function ticketOf(q: Queryable, inboxId: string, threadKey: string, externalId: string) {
  const { rows } = await q.query(
    `select c.id as "conversationId", c.number, t.id as "threadId", m.sender_identity_id as "identityId"
      from thread t join message m on m.thread_id = t.id and m.external_id = $3
        join conversation c on c.id = m.conversation_id
      where t.inbox_id = $1 and t.key = $2`,
    [inboxId, threadKey, externalId],
  )
  return (
    (rows[0] as { conversationId: string; number: string; threadId: string; identityId: string } | undefined) ?? null
  )
}
