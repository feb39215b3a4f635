import type { Visibility } from '../domain/principal.ts'
import type { SaidWord } from '../domain/thread-summary.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

export interface AssistFacts {
  readonly language: string | null
  readonly audience: string
  /** Oldest first, the newest of them. */
  readonly said: readonly SaidWord[]
}

const read = 60

/** null: there is none that they see. */
export async function assistFacts(q: Queryable, conversationId: string, who: Visibility): Promise<AssistFacts | null> {
  const values: unknown[] = [conversationId, read]
  const seen = visible('c', who, values)
  const { rows } = await q.query(
    `select c.language, c.audience, coalesce((select jsonb_agg(jsonb_build_object('id', m.id::text, 'direction', m.direction,
        'text', m.text) order by m.seq) from (select id, direction, left(text, 4000) as text, seq from message
          where conversation_id = c.id and deleted_at is null order by seq desc limit $2) m), '[]') as said
      from conversation c where c.id = $1 and ${seen}`,
    values,
  )
  return (rows[0] as AssistFacts | undefined) ?? null
}

export interface SimilarCase {
  readonly id: string
  readonly number: number
  readonly subject: string | null
  readonly preview: string
  /** What an agent answered there first. */
  readonly answer: string
}

const similar = 3

/** Resolved, of the same topic, answered by a person, and theirs to read: newest first. */
export async function similarCases(q: Queryable, conversationId: string, who: Visibility): Promise<SimilarCase[]> {
  const values: unknown[] = [conversationId, similar]
  const seen = visible('c', who, values)
  const { rows } = await q.query(
    `select c.id, c.number::int as number, c.subject, c.preview, left(r.text, 400) as answer
      from (select c.* from conversation c where c.topic_id = (select topic_id from conversation where id = $1)
          and c.status = 'resolved' and c.audience = 'private' and c.id <> $1 and ${seen}
          order by c.id desc limit 20) c
      join lateral (select m.text from message m where m.conversation_id = c.id and m.direction = 'out'
        and m.sender_type = 'agent' and m.deleted_at is null and m.text <> '' order by m.seq limit 1) r on true
      order by c.id desc limit $2`,
    values,
  )
  return rows as SimilarCase[]
}
