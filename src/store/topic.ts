import type { Queryable } from './database.ts'

export interface TopicRow {
  readonly id: string
  readonly name: string
}

export async function listTopics(q: Queryable): Promise<TopicRow[]> {
  const { rows } = await q.query('select id, name from topic order by name, id limit 5000')
  return rows
}

/** Throws a unique violation (23505) when there is one of that name. */
export async function createTopic(q: Queryable, name: string): Promise<TopicRow> {
  const { rows } = await q.query('insert into topic (name) values ($1) returning id, name', [name])
  return rows[0]
}

export async function renameTopic(q: Queryable, id: string, name: string): Promise<TopicRow | null> {
  const { rows } = await q.query('update topic set name = $2 where id = $1 returning id, name', [id, name])
  return rows[0] ?? null
}

/** What was about it is about nothing in particular then. */
export async function deleteTopic(q: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await q.query('delete from topic where id = $1', [id])
  return rowCount === 1
}
