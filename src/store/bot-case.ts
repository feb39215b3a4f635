import type { Queryable } from './database.ts'

export interface PastTurn {
  readonly outcome: 'answered' | 'offered' | 'askedBack' | 'thanked' | 'handedOver' | 'dropped'
  readonly articleId: string | null
  readonly chosen: boolean
  readonly offered: readonly { readonly id: string; readonly label: string }[]
  /** What was asked; for those that were dropped it is part of what is asked now. */
  readonly text: string
}

/** Everything that decides how one message is answered. */
export interface BotCase {
  readonly messageId: string
  readonly conversationId: string
  readonly inboxId: string
  readonly text: string
  readonly hasFiles: boolean
  readonly language: string | null
  readonly privacyUrl: string | null
  /** Nothing automatic was said in this thread so far. */
  readonly isFirstWord: boolean
  /** The bot said nothing in this thread so far, or since people gave it back. */
  readonly isFirstTurn: boolean
  /** What was said last in this thread asks whether to erase: a number answers that, not the bot. */
  readonly underErasure: boolean
  /** Until it is people's, by the database's clock. */
  readonly leftMs: number
  /** Oldest first, since the bot was given the case. */
  readonly past: readonly PastTurn[]
}

/** null: there is nothing to answer any more. */
export async function botCase(q: Queryable, messageId: string): Promise<BotCase | null> {
  const { rows } = await q.query({ name: 'bot-case', text: CASE, values: [messageId] })
  return (rows[0] as BotCase | undefined) ?? null
}

const since = `coalesce((select max(a.after_seq) from activity a
  where a.conversation_id = c.id and a.kind = 'botGiven'), 0)`

const FACTS = `c.id as "conversationId", c.inbox_id as "inboxId", m.text,
    coalesce(c.language, split_part(lower(k.language), '-', 1)) as language, i.privacy_url as "privacyUrl",
    t.automatic_at is null as "isFirstWord",
    not exists (select from message o where o.conversation_id = c.id and o.thread_id = m.thread_id
      and o.sender_type = 'bot' and o.direction = 'out' and o.seq > ${since}) as "isFirstTurn"`

const FROM = `from bot_turn b join message m on m.id = b.message_id join conversation c on c.id = m.conversation_id
  join thread t on t.id = m.thread_id join inbox i on i.id = c.inbox_id
  join identity p on p.id = m.sender_identity_id join contact k on k.id = p.contact_id`

const CASE = `select m.id as "messageId", ${FACTS},
    exists (select from attachment f where f.message_id = m.id) as "hasFiles",
    exists (select from automatic_answer w where w.kind = 'delete' and w.message_id = (select l.id from message l
      where l.thread_id = m.thread_id and l.id < m.id and l.direction = 'out' order by l.id desc limit 1)) as "underErasure",
    extract(epoch from b.deadline - now())::float8 * 1000 as "leftMs",
    coalesce((select jsonb_agg(jsonb_build_object('outcome', o.outcome, 'articleId', o.article_id::text, 'chosen', o.chosen,
        'offered', o.offered, 'text', left(e.text, 2000)) order by e.seq)
      from message e join bot_turn o on o.message_id = e.id
      where e.conversation_id = c.id and e.direction = 'in' and e.seq > ${since} and e.seq < m.seq), '[]') as past
  ${FROM} where b.message_id = $1 and b.outcome = 'asked' and m.deleted_at is null`

export type HandedOver = Pick<
  BotCase,
  'conversationId' | 'inboxId' | 'text' | 'language' | 'privacyUrl' | 'isFirstWord' | 'isFirstTurn'
> & { readonly reason: string }

/** A message that the bot left to people; null: it did not. */
export async function handedOver(q: Queryable, messageId: string): Promise<HandedOver | null> {
  const { rows } = await q.query({
    name: 'bot-handed-over',
    text: `select ${FACTS}, coalesce(b.reason, '') as reason ${FROM} where b.message_id = $1 and b.outcome = 'handedOver'`,
    values: [messageId],
  })
  return (rows[0] as HandedOver | undefined) ?? null
}
