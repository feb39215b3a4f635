import type { FieldKind, TopicForm } from '../domain/form.ts'
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

/** One answer as it is kept; `label` in the customer's language, `value` as `checkAnswer` gave it. */
export interface AnswerRow {
  readonly key: string
  readonly label: string
  readonly kind: FieldKind
  readonly value: string
  /** Its field's place in the form. */
  readonly position: number
}

export interface KeptAnswer extends AnswerRow {
  readonly topicId: string | null
}

export async function answersOf(q: Queryable, conversationId: string): Promise<KeptAnswer[]> {
  const { rows } = await q.query(
    `select key, topic_id as "topicId", label, kind, value, position from conversation_answer
      where conversation_id = $1 order by position, key`,
    [conversationId],
  )
  return rows
}
