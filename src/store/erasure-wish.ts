import { type Asked, erasureChoices } from '../domain/asked.ts'
import { insertActivities } from './applied.ts'
import type { AskedMessage } from './automation.ts'
import { syncTags } from './conversation.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { lockThread } from './delivery.ts'
import { insertFeed, notify } from './feed-insert.ts'
import { enqueueJobs } from './job.ts'
import { ensureTags } from './tag.ts'

export const erasureTag = 'erasure'
/** An answer that comes later answers nothing any more. */
const answerWithinMs = 24 * 3_600_000

interface Chosen {
  readonly choiceId: string
  readonly questionId: string
}
interface Question {
  readonly id: string
  readonly choices: readonly { readonly id: string }[] | null
  readonly occurredAt: Date
  readonly identityId: string
}

/** What this message chooses of our question whether to erase; null: nothing, as nobody but who was asked may answer, and in time. */
export async function chosenBy(
  q: Queryable,
  message: AskedMessage,
  { asked, now }: { readonly asked: Asked; readonly now: Date },
): Promise<Chosen | null> {
  const question = await questionBefore(q, message)
  if (!question || question.identityId !== message.identityId) return null
  if (now.getTime() - question.occurredAt.getTime() > answerWithinMs) return null
  const typed = question.choices?.[Number(message.text.normalize('NFKC').trim()) - 1]?.id
  const choiceId = asked === 'eraseYes' || asked === 'eraseNo' ? erasureChoices[asked] : typed
  return choiceId === undefined ? null : { choiceId, questionId: question.id }
}

// The one that the pressed button stands under. A typed number answers what was said last: of a person or of us.
async function questionBefore(q: Queryable, message: AskedMessage): Promise<Question | null> {
  const { rows } = await q.query({
    name: 'erasure-question',
    text: `select s.id, s.choices, s.occurred_at as "occurredAt", asker.sender_identity_id as "identityId"
      from message s join automatic_answer a on a.message_id = s.id and a.kind = 'delete'
      join message asker on asker.id = a.asked_by
      where s.thread_id = $1 and s.id = coalesce($3::bigint, (select l.id from message l
        where l.thread_id = $1 and l.id < $2 and l.direction = 'out' order by l.id desc limit 1))`,
    values: [message.threadId, message.id, message.replyToId],
  })
  return (rows[0] as Question | undefined) ?? null
}

/** A person is to erase it: the case is open, marked and told of. null: it was noted before. */
export async function noteErasureWish(
  db: Database,
  { message, questionId }: { readonly message: AskedMessage; readonly questionId: string },
): Promise<string | null> {
  return transaction(db, async (tx) => {
    await lockThread(tx, message.threadId)
    const row = await openCase(tx, message, questionId)
    if (!row) return null
    await tx.query('update thread set conversation_id = $2 where id = $1', [message.threadId, row.id])
    await ensureTags(tx, [erasureTag])
    await syncTags(tx, [row.id])
    const version = BigInt(row.version)
    const data = { questionId }
    await insertActivities(tx, [
      { conversationId: row.id, version, afterSeq: BigInt(row.lastSeq), kind: 'erasureAsked', actor: 'contact', data },
    ])
    const changed = { kind: 'conversation.updated' as const, inboxId: message.inboxId, conversationId: row.id }
    await insertFeed(tx, [{ ...changed, version: row.version }])
    await enqueueJobs(tx, [
      { kind: 'route', lane: `conversation:${row.id}`, payload: { messageId: message.id, conversationId: row.id } },
      { kind: 'tell-erasure', payload: { conversationId: row.id, questionId } },
    ])
    await notify(tx, ['feed', 'job'])
    return row.id
  })
}

interface OpenedCase {
  readonly id: string
  readonly version: string
  readonly lastSeq: string
}

// Where the thread stands now: it may have gone on in a newer conversation than the message's.
async function openCase(tx: Queryable, message: AskedMessage, questionId: string): Promise<OpenedCase | null> {
  const { rows } = await tx.query(
    `update conversation c set version = c.version + 1, status = 'open', resolved_at = null, snoozed_until = null,
       on_hold_for = null, waiting_since = coalesce(c.waiting_since, now()),
       holder = case c.holder when 'bot' then 'queue' else c.holder end,
       tags = array(select distinct tag from unnest(c.tags || $3::text) tag order by 1)
     where c.id = coalesce((select t.conversation_id from thread t where t.id = $1), $2)
       and not exists (select from activity a where a.conversation_id = c.id and a.kind = 'erasureAsked'
         and a.data ->> 'questionId' = $4)
     returning c.id, c.version, c.last_seq as "lastSeq"`,
    [message.threadId, message.conversationId, erasureTag, questionId],
  )
  return (rows[0] as OpenedCase | undefined) ?? null
}
