import type { Labels, TopicForm } from '../domain/form.ts'
import type { AnswerRow } from '../domain/form-taken.ts'
import type { Queryable } from './database.ts'

const COLUMNS = `f.topic_id as "topicId", t.name as topic, f.shown, f.position, f.names, f.fields`

/** What customers may choose from, in its order. */
export async function shownForms(q: Queryable): Promise<TopicForm[]> {
  const { rows } = await q.query(
    `select ${COLUMNS} from topic_form f join topic t on t.id = f.topic_id
      where f.shown order by f.position, t.name, t.id limit 100`,
  )
  return rows
}

/** Also what is not shown. */
export async function listForms(q: Queryable): Promise<TopicForm[]> {
  const { rows } = await q.query(
    `select ${COLUMNS} from topic_form f join topic t on t.id = f.topic_id order by f.position, t.name, t.id limit 1000`,
  )
  return rows
}

/** Also one that is not shown; null: the topic has none. */
export async function formOfTopic(q: Queryable, topicId: string): Promise<TopicForm | null> {
  const { rows } = await q.query(
    `select ${COLUMNS} from topic_form f join topic t on t.id = f.topic_id where f.topic_id = $1`,
    [topicId],
  )
  return rows[0] ?? null
}

export type FormToSave = Omit<TopicForm, 'topic'>

/** null: there is no such topic. */
export async function saveForm(q: Queryable, form: FormToSave): Promise<TopicForm | null> {
  const { rowCount } = await q.query(
    `insert into topic_form (topic_id, shown, position, names, fields)
     select id, $2, $3, $4, $5 from topic where id = $1
     on conflict (topic_id) do update set shown = excluded.shown, position = excluded.position, names = excluded.names,
       fields = excluded.fields`,
    [form.topicId, form.shown, form.position, JSON.stringify(form.names), JSON.stringify(form.fields)],
  )
  return rowCount === 1 ? formOfTopic(q, form.topicId) : null
}

export async function deleteForm(q: Queryable, topicId: string): Promise<boolean> {
  const { rowCount } = await q.query('delete from topic_form where topic_id = $1', [topicId])
  return rowCount === 1
}

export interface KeptAnswer extends AnswerRow {
  readonly topicId: string | null
  /** Of a choice, as its form calls it today; null: it does not know it any more. */
  readonly valueLabels: Labels | null
}

export async function answersOf(q: Queryable, conversationId: string): Promise<KeptAnswer[]> {
  const { rows } = await q.query(
    `select a.key, a.topic_id as "topicId", a.label, a.kind, a.value, a.position, (
        select o -> 'labels' from topic_form f, jsonb_array_elements(f.fields) d, jsonb_array_elements(d -> 'options') o
         where a.kind = 'choice' and f.topic_id = a.topic_id and d ->> 'key' = a.key and o ->> 'value' = a.value limit 1
        ) as "valueLabels"
      from conversation_answer a where a.conversation_id = $1 order by a.position, a.key`,
    [conversationId],
  )
  return rows
}
