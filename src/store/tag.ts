import type { Queryable } from './database.ts'

export interface TagRow {
  readonly id: string
  readonly name: string
  readonly color: string | null
}

export async function listTags(q: Queryable): Promise<TagRow[]> {
  const { rows } = await q.query(`select id, name, color from tag order by name limit 5000`)
  return rows
}

export async function createTag(q: Queryable, tag: { name: string; color: string | null }): Promise<TagRow> {
  const { rows } = await q.query(`insert into tag (name, color) values ($1, $2) returning id, name, color`, [
    tag.name,
    tag.color,
  ])
  return rows[0]
}

export async function ensureTags(q: Queryable, names: readonly string[]): Promise<void> {
  await q.query(`insert into tag (name) select * from unnest($1::text[]) on conflict (name) do nothing`, [names])
}

export async function lockTag(tx: Queryable, id: string): Promise<TagRow | null> {
  const { rows } = await tx.query(`select id, name, color from tag where id = $1 for update`, [id])
  return rows[0] ?? null
}

export async function writeTag(tx: Queryable, tag: TagRow): Promise<void> {
  await tx.query(`update tag set name = $2, color = $3 where id = $1`, [tag.id, tag.name, tag.color])
}

/** New conversations keep their old tags: the name is on them, not the id. */
export async function deleteTag(tx: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(`delete from tag where id = $1`, [id])
  return rowCount === 1
}

/** On every conversation that carries it. */
export async function renameTag(tx: Queryable, from: string, to: string): Promise<void> {
  await tx.query(
    `update conversation set tags = array(select distinct unnest(array_replace(tags, $1, $2)) order by 1)
     where id in (select conversation_id from conversation_tag where tag = $1)`,
    [from, to],
  )
  await tx.query(
    `insert into conversation_tag (conversation_id, tag, status, last_activity_at)
     select conversation_id, $2, status, last_activity_at from conversation_tag where tag = $1 on conflict do nothing`,
    [from, to],
  )
  await tx.query(`delete from conversation_tag where tag = $1`, [from])
}
