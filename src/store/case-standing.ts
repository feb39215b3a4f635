import type { Audience } from '../channel/contract.ts'
import type { Queryable } from './database.ts'
import { seenAs } from './team-name.ts'

/** What decides what a customer may be told of where they stand. */
export interface StandingFacts {
  readonly conversationId: string
  readonly number: string
  readonly teamId: string | null
  /** What customers know the team as; null: nothing. */
  readonly sees: string | null
  readonly language: string | null
  readonly progressDays: number | null
  readonly identityId: string | null
  readonly inboxId: string
  readonly threadId: string
  readonly key: string
  readonly threadKind: string
  readonly audience: Audience
  readonly place: string
}

/** The last paragraphs of a message to a customer, and what has to be kept with them. */
export interface Standing {
  readonly lines: readonly string[]
  /** In the transaction that writes the message. */
  readonly before: (tx: Queryable) => Promise<void>
  /** Once it is written: the place it tells is kept true. */
  readonly after: (messageId: string) => Promise<void>
}

/** Of whoever wrote this message; null: it is gone, or customers are told no numbers there. */
export async function standingFacts(q: Queryable, messageId: string): Promise<StandingFacts | null> {
  const { rows } = await q.query({ name: 'case-standing', text: FACTS, values: [messageId] })
  return (rows[0] as StandingFacts | undefined) ?? null
}

const FACTS = `select c.id as "conversationId", c.number::text, c.team_id as "teamId", ${seenAs('coalesce(k.language, c.language)')} as sees,
    coalesce(k.language, c.language) as language,
    case when i.customer ? 'progressDays' then (i.customer ->> 'progressDays')::int else 30 end as "progressDays",
    m.sender_identity_id as "identityId", h.inbox_id as "inboxId", h.id as "threadId", h.key, h.kind as "threadKind",
    h.audience, h.place
  from message m join conversation c on c.id = m.conversation_id join thread h on h.id = m.thread_id
  join inbox i on i.id = h.inbox_id left join team t on t.id = c.team_id
  left join identity p on p.id = m.sender_identity_id left join contact k on k.id = p.contact_id
  where m.id = $1 and m.deleted_at is null and h.audience = 'private'
    and (i.customer ->> 'acknowledge') is distinct from 'false'`
