import type { Queryable } from './database.ts'
import type { Asking } from './form-asking.ts'

/** What is to be said to somebody who is asked, with all that decides how. */
export interface AskingToSay extends Asking {
  readonly inboxId: string
  readonly privacyUrl: string | null
  /** Nothing automatic was said in this place so far. */
  readonly isFirstWord: boolean
  /** The bot said nothing there so far. */
  readonly isFirstTurn: boolean
}

/** null: there is nothing to say. `answering`: another message than the one that is noted, whatever became of the asking. */
export async function askingToSay(
  q: Queryable,
  conversationId: string,
  answering: string | null = null,
): Promise<AskingToSay | null> {
  const { rows } = await q.query({
    name: 'form-to-say',
    text: `select f.conversation_id as "conversationId", f.thread_id as "threadId", f.topic_id as "topicId",
        f.by_customer as "byCustomer", f.language, f.field, f.problem, f.tries, f.skipped, f.said,
        coalesce($2::bigint, f.asked_by) as "askedBy", f.since_seq as "sinceSeq", t.inbox_id as "inboxId",
        i.privacy_url as "privacyUrl", t.automatic_at is null as "isFirstWord",
        not exists (select from message o where o.thread_id = t.id and o.conversation_id = f.conversation_id
          and o.sender_type = 'bot' and o.direction = 'out') as "isFirstTurn"
      from form_asking f join thread t on t.id = f.thread_id join inbox i on i.id = t.inbox_id
      where f.conversation_id = $1 and ($2::bigint is not null or f.state = 'asking' and not f.said)`,
    values: [conversationId, answering],
  })
  return (rows[0] as AskingToSay | undefined) ?? null
}
