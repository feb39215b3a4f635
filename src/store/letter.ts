import type { Letter, LetterAddress } from '../channel/contract.ts'
import type { Queryable } from './database.ts'

/** What an answer in a thread of letters answers: the letter named, else the newest that came in, else the newest of ours. */
export interface AnsweredLetter {
  readonly direction: 'in' | 'out'
  readonly letter: Letter
  readonly externalId: string | null
  readonly subject: string | null
  readonly text: string
  readonly html: string | null
  readonly occurredAt: Date
}

export async function answeredLetter(
  q: Queryable,
  threadId: string,
  replyToId: string | null,
): Promise<AnsweredLetter | null> {
  const { rows } = await q.query({
    name: 'letter-answered',
    text: `select m.direction, m.letter, m.subject, coalesce(m.full_text, m.text) as text, m.html, m.occurred_at as "occurredAt",
        coalesce(m.external_id, (select d.external_id from delivery d
          where d.message_id = m.id and d.external_id is not null order by d.part limit 1)) as "externalId"
      from message m where m.thread_id = $1 and m.letter is not null and m.direction <> 'note' and m.deleted_at is null
      order by (m.id = $2) is true desc, (m.direction = 'in' and not m.by_program) desc, m.id desc limit 1`,
    values: [threadId, replyToId],
  })
  return (rows[0] as AnsweredLetter | undefined) ?? null
}

export interface LetterFacts {
  readonly subject: string | null
  readonly authorName: string | null
}

/** Of the conversation, and of who writes: the name customers know. */
export async function letterFacts(q: Queryable, conversationId: string, agentId: string | null): Promise<LetterFacts> {
  const { rows } = await q.query({
    name: 'letter-facts',
    text: `select c.subject, (select nullif(a.public_name, '') from agent a where a.id = $2) as "authorName"
      from conversation c where c.id = $1`,
    values: [conversationId, agentId],
  })
  return (rows[0] as LetterFacts | undefined) ?? { subject: null, authorName: null }
}

export interface Recipients {
  readonly to: readonly LetterAddress[]
  readonly cc: readonly LetterAddress[]
  readonly bcc: readonly LetterAddress[]
}
