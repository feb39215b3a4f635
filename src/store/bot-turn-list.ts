import type { Visibility } from '../domain/principal.ts'
import { type BotLook, lookedAt } from './bot-quality.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

export interface TurnRow {
  readonly messageId: string
  readonly replyId: string | null
  readonly outcome: 'asked' | 'answered' | 'offered' | 'askedBack' | 'thanked' | 'handedOver' | 'dropped'
  readonly reason: string | null
  readonly articleId: string | null
  readonly title: string | null
  readonly chosen: boolean
  readonly offered: readonly string[]
  readonly confidence: number | null
  readonly phrasing: string | null
  readonly wrong: boolean
  readonly createdAt: Date
}

export interface ListedTurnRow extends TurnRow {
  readonly conversationId: string
  readonly number: number
  readonly inboxId: string
  readonly language: string | null
  readonly asked: string
}

const columns = `b.message_id as "messageId", b.reply_id as "replyId", b.outcome, b.reason, b.article_id as "articleId", b.title,
  b.chosen, jsonb_path_query_array(b.offered, '$[*].label') as offered, b.confidence, b.phrasing,
  b.wrong_at is not null as wrong, b.created_at as "createdAt"`

const kinds = {
  asked: 'true',
  answered: `b.outcome = 'answered'`,
  offered: `b.outcome = 'offered'`,
  chosen: 'b.chosen',
  askedBack: `b.outcome = 'askedBack'`,
  thanked: `b.outcome = 'thanked'`,
  handedOver: `b.outcome = 'handedOver'`,
  wrong: 'b.wrong_at is not null',
  thenPeople: 'b.then_people',
} as const
export type TurnKind = keyof typeof kinds

export interface TurnWish {
  readonly what: TurnKind
  readonly reason?: string | undefined
  /** Older than this one. */
  readonly before?: string | undefined
  readonly limit: number
}

/** What a number of `botQuality` counts, newest first. */
export async function listTurns(q: Queryable, look: BotLook, wish: TurnWish): Promise<ListedTurnRow[]> {
  const values: unknown[] = []
  const looked = lookedAt(look, values)
  const reason = values.push(wish.reason ?? null)
  const before = values.push(wish.before ?? null)
  const limit = values.push(wish.limit)
  const { rows } = await q.query(
    `with ${looked}
      select ${columns}, b.conversation_id as "conversationId", b.number::int as number, b.inbox_id as "inboxId", b.language, b.asked
      from t b where ${kinds[wish.what]} and ($${reason}::text is null or b.reason = $${reason})
        and ($${before}::bigint is null or b.message_id < $${before})
      order by b.message_id desc limit $${limit}`,
    values,
  )
  return rows as ListedTurnRow[]
}

const most = 100

/** Of one conversation, oldest first, the newest of them. null: it is none that they see. */
export async function turnsOf(q: Queryable, conversationId: string, who: Visibility): Promise<TurnRow[] | null> {
  const values: unknown[] = [conversationId, most]
  const seen = visible('c', who, values)
  const { rows } = await q.query(
    `select t.* from conversation c left join lateral (select ${columns}
        from message m join bot_turn b on b.message_id = m.id
        where m.conversation_id = c.id and m.direction = 'in' order by m.seq desc limit $2) t on true
      where c.id = $1 and ${seen}`,
    values,
  )
  if (rows.length === 0) return null
  // The one row of a conversation without any is empty.
  return (rows as TurnRow[]).filter(({ messageId }) => messageId !== null).reverse()
}
