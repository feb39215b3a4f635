import type { AnswerRow } from '../domain/form-taken.ts'
import type { Queryable } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

export interface AnsweredTopic {
  readonly topicId: string
  /** What the answers ask for, by `priorityOf`; null: nothing. */
  readonly priority: number | null
}

/**
 * Keeps what a customer filled in; the same key again replaces its answer, an empty one takes it away. The conversation is
 * about that topic from then on where it was about none, and gets the priority where nobody has set one. Locks it: call after
 * the thread is locked.
 */
export async function saveAnswers(
  tx: Queryable,
  conversationId: string,
  { topicId, priority }: AnsweredTopic,
  rows: readonly AnswerRow[],
): Promise<void> {
  if (rows.length === 0) return
  const { rows: changed } = await tx.query(CHANGE, [conversationId, topicId, priority, rows.map(({ key }) => key)])
  const conversation: { inboxId: string; version: string } | undefined = changed[0]
  if (conversation === undefined) return
  await writeRows(tx, conversationId, topicId, rows)
  await insertFeed(tx, [
    { kind: 'conversation.updated', inboxId: conversation.inboxId, conversationId, version: conversation.version },
  ])
  await notify(tx, ['feed', 'queue'])
}

// A program's choice (a rule's) is as good as a person's: whoever set a priority on purpose is not overruled by a form.
const CHANGE = `with old as (
    select id, topic_id, priority, exists (select from activity a where a.conversation_id = c.id and a.kind = 'priorityChanged')
        as decided
      from conversation c where id = $1 for no key update of c),
  moved as (
    update conversation c set version = c.version + 1, topic_id = coalesce(old.topic_id, t.id),
        priority = case when $3::smallint is null or old.decided then old.priority else $3::smallint end
      from old left join topic t on t.id = $2::bigint where c.id = old.id
    returning c.id, c.inbox_id, c.version, c.last_seq, c.priority, c.topic_id),
  told as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select m.id, m.version, m.last_seq, 'answersGiven', 'contact', jsonb_strip_nulls(jsonb_build_object(
        'keys', to_jsonb($4::text[]), 'topicId', case when old.topic_id is null then m.topic_id::text end,
        'priority', case when old.priority <> m.priority then m.priority end))
      from moved m join old on old.id = m.id)
  select inbox_id as "inboxId", version from moved`

async function writeRows(
  tx: Queryable,
  conversationId: string,
  topicId: string,
  rows: readonly AnswerRow[],
): Promise<void> {
  const empty = rows.filter(({ value }) => value === '').map(({ key }) => key)
  const kept = rows.filter(({ value }) => value !== '')
  if (empty.length > 0) {
    await tx.query('delete from conversation_answer where conversation_id = $1 and key = any($2::text[])', [
      conversationId,
      empty,
    ])
  }
  await tx.query(
    `insert into conversation_answer (conversation_id, topic_id, key, label, kind, value, position)
     select $1, (select id from topic where id = $2), * from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::int[])
     on conflict (conversation_id, key) do update set topic_id = excluded.topic_id, label = excluded.label,
       kind = excluded.kind, value = excluded.value, position = excluded.position`,
    [
      conversationId,
      topicId,
      kept.map((row) => row.key),
      kept.map((row) => row.label),
      kept.map((row) => row.kind),
      kept.map((row) => row.value),
      kept.map((row) => row.position),
    ],
  )
}
