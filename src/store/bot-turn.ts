import type { Queryable } from './database.ts'

/** What the bot says to one message of a customer. */
export interface BotSaying {
  readonly outcome: 'answered' | 'offered' | 'askedBack' | 'handedOver'
  readonly article?: { readonly id: string; readonly locale: string; readonly title: string }
  readonly chosen?: boolean
  readonly offered?: readonly { readonly id: string; readonly label: string }[]
  readonly confidence?: number
  readonly phrasing?: string | null
}

/** Under the conversation's lock, which every hand-over takes: whether the bot may still say this. */
export async function maySayTurn(tx: Queryable, messageId: string, { outcome }: BotSaying): Promise<boolean> {
  const { rows } = await tx.query({
    name: 'bot-may-say',
    text: `select case when $2 then b.outcome = 'handedOver' and not exists (select from message a
          where a.conversation_id = c.id and a.direction = 'out' and a.sender_type = 'agent' and a.seq > m.seq)
        else b.outcome = 'asked' and b.deadline > now() and c.holder = 'bot' and c.status = 'open'
          and m.seq >= c.last_incoming_seq end as may
      from bot_turn b join message m on m.id = b.message_id join conversation c on c.id = m.conversation_id
      where b.message_id = $1`,
    values: [messageId, outcome === 'handedOver'],
  })
  return (rows[0] as { may: boolean } | undefined)?.may ?? false
}

/** In the transaction that writes the reply. */
export async function settleTurn(tx: Queryable, messageId: string, replyId: string, saying: BotSaying): Promise<void> {
  const { outcome, article, chosen, offered, confidence, phrasing } = saying
  await tx.query({
    name: 'bot-settle',
    text: `update bot_turn set outcome = $2, reply_id = $3, article_id = $4, locale = $5, title = $6, chosen = $7,
        offered = coalesce($8::jsonb, offered), confidence = $9, phrasing = $10 where message_id = $1`,
    values: [
      messageId,
      outcome,
      replyId,
      article?.id ?? null,
      article?.locale ?? null,
      article?.title ?? null,
      chosen ?? false,
      offered ? JSON.stringify(offered) : null,
      confidence ?? null,
      phrasing ?? null,
    ],
  })
}

/** The customer only said thanks: nothing is said, and nothing is left to do. */
export async function noteThanks(q: Queryable, messageId: string): Promise<void> {
  await q.query(`update bot_turn set outcome = 'thanked' where message_id = $1 and outcome = 'asked'`, [messageId])
}

/** Only where somebody else has the case, or something newer is to be answered: else the sweep gives it to people. */
export async function dropTurn(q: Queryable, messageId: string): Promise<boolean> {
  const { rowCount } = await q.query({
    name: 'bot-drop',
    text: `update bot_turn b set outcome = 'dropped' from message m join conversation c on c.id = m.conversation_id
      where b.message_id = $1 and b.outcome = 'asked' and m.id = b.message_id
        and (c.holder <> 'bot' or c.status <> 'open' or m.seq < c.last_incoming_seq)`,
    values: [messageId],
  })
  return rowCount === 1
}

/** Messages that the bot did not answer in time, oldest first. */
export async function lateTurns(q: Queryable, limit: number): Promise<string[]> {
  const { rows } = await q.query({
    name: 'bot-late',
    text: `select message_id as id from bot_turn where outcome = 'asked' and deadline <= now() order by deadline limit $1`,
    values: [limit],
  })
  return rows.map(({ id }: { id: string }) => id)
}
