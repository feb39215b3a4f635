import { handOverFromBot } from './bot-hand-over.ts'
import { dropTurn } from './bot-turn.ts'
import { lockConversations } from './conversation.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { lockThread } from './delivery.ts'
import { enqueueJobs } from './job.ts'
import { routeToQueues } from './routing.ts'

interface Place {
  readonly conversationId: string
  readonly threadId: string
}

/**
 * The bot leaves the case of this message to people: its team's queue has it with the same commit, and the customer is told by a
 * job of it. False: it had left it before, or something newer is to be answered.
 */
export async function giveUpTurn(db: Database, messageId: string, reason: string): Promise<boolean> {
  return transaction(db, async (tx) => {
    const place = await placeOf(tx, messageId)
    if (!place) return false
    await lockThread(tx, place.threadId)
    const row = (await lockConversations(tx, [place.conversationId])).get(place.conversationId)
    if (!row || (await dropTurn(tx, messageId))) return false
    const { rowCount } = await tx.query(
      `update bot_turn set outcome = 'handedOver', reason = $2 where message_id = $1 and outcome = 'asked'`,
      [messageId, reason],
    )
    if (rowCount !== 1) return false
    await handOverFromBot(tx, [row.id], reason)
    await routeToQueues(tx, [{ messageId, conversationId: row.id }])
    await enqueueJobs(tx, [{ kind: 'bot-handed-over', lane: `bot:${row.id}`, payload: { messageId } }])
    return true
  })
}

async function placeOf(q: Queryable, messageId: string): Promise<Place | null> {
  const { rows } = await q.query(
    `select m.conversation_id as "conversationId", m.thread_id as "threadId"
      from message m join bot_turn b on b.message_id = m.id where m.id = $1 and b.outcome = 'asked'`,
    [messageId],
  )
  return (rows[0] as Place | undefined) ?? null
}
