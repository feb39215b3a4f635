import type { FormAnswers } from '../domain/form.ts'
import type { Queryable } from './database.ts'

export interface Asking {
  readonly conversationId: string
  readonly threadId: string
  readonly topicId: string
  readonly byCustomer: boolean
  readonly language: string
  readonly field: string | null
  readonly problem: string | null
  readonly tries: number
  readonly skipped: readonly string[]
  readonly said: boolean
  readonly askedBy: string
  readonly sinceSeq: string
}

export interface NewAsking extends Pick<Asking, 'topicId' | 'language' | 'field' | 'problem' | 'said' | 'askedBy'> {
  readonly state: 'asking' | 'offered' | 'done'
  readonly byCustomer: boolean
  readonly deadline: Date
}

/** Under the thread's lock. Of one conversation the last that was begun counts; begun by the same message it is the same. */
export async function beginAsking(tx: Queryable, asking: NewAsking): Promise<boolean> {
  const { state, byCustomer, topicId, language, field, problem, said, askedBy, deadline } = asking
  const { rowCount } = await tx.query({
    name: 'form-asking-begin',
    text: `insert into form_asking as f (conversation_id, thread_id, topic_id, state, by_customer, language, field, problem, tries,
          said, asked_by, seen_seq, since_seq, deadline)
        select m.conversation_id, m.thread_id, $2, $3, $4, $5, $6, $7, case when $7::text is null then 0 else 1 end, $8, m.id,
            m.seq, m.seq, $9
          from message m where m.id = $1
      on conflict (conversation_id) do update set thread_id = excluded.thread_id, topic_id = excluded.topic_id,
        state = excluded.state, why = null, by_customer = excluded.by_customer, language = excluded.language,
        field = excluded.field, problem = excluded.problem, tries = excluded.tries,
        skipped = case when f.topic_id = excluded.topic_id then f.skipped else '{}' end, said = excluded.said,
        asked_by = excluded.asked_by, seen_seq = excluded.seen_seq, since_seq = excluded.since_seq, deadline = excluded.deadline
        where f.asked_by <> excluded.asked_by`,
    values: [askedBy, topicId, state, byCustomer, language, field, problem, said, deadline],
  })
  return rowCount === 1
}

/** What a conversation may be about: what it was said to be, else what the articles are about that the bot spoke of. */
export async function topicToAsk(q: Queryable, conversationId: string): Promise<string | null> {
  const { rows } = await q.query({ name: 'form-topic', text: TOPIC, values: [conversationId] })
  return (rows[0] as { id: string | null } | undefined)?.id ?? null
}

const TOPIC = `select coalesce(c.topic_id, (select k.topic_id
    from message m join bot_turn b on b.message_id = m.id
    cross join lateral (select b.article_id as id, 0 as n where b.article_id is not null
      union all select case when o.choice ->> 'id' ~ '^[0-9]{1,18}$' then (o.choice ->> 'id')::bigint end, o.n
        from jsonb_array_elements(b.offered) with ordinality o(choice, n)) spoken
    join article a on a.id = spoken.id join article_category k on k.id = a.category_id
    where m.conversation_id = c.id and m.direction = 'in' and k.topic_id is not null
    order by m.seq desc, spoken.n limit 1)) as id
  from conversation c where c.id = $1`

/** By key; only of this topic. */
export async function answersTo(q: Queryable, conversationId: string, topicId: string): Promise<FormAnswers> {
  const { rows } = await q.query({
    name: 'form-answers',
    text: 'select key, value from conversation_answer where conversation_id = $1 and topic_id = $2',
    values: [conversationId, topicId],
  })
  return Object.fromEntries(rows.map(({ key, value }: { key: string; value: string }) => [key, value]))
}
