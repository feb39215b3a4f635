import type { Queryable } from './database.ts'

export interface CategoryText {
  readonly locale: string
  readonly name: string
  readonly description: string
}

export interface CategoryRow {
  readonly id: string
  readonly slug: string
  readonly position: number
  readonly texts: readonly CategoryText[]
}

const columns = `c.id, c.slug, c.position,
  coalesce((select json_agg(json_build_object('locale', t.locale, 'name', t.name, 'description', t.description)
                            order by t.locale)
              from article_category_text t where t.category_id = c.id), '[]') as texts`

export async function listCategories(q: Queryable): Promise<CategoryRow[]> {
  const { rows } = await q.query(`select ${columns} from article_category c order by c.position, c.id limit 1000`)
  return rows
}

export async function findCategory(q: Queryable, id: string): Promise<CategoryRow | null> {
  const { rows } = await q.query(`select ${columns} from article_category c where c.id = $1`, [id])
  return rows[0] ?? null
}

/** Its address in the help centre must mean one thing: a category or an article. */
export async function slugIsTaken(q: Queryable, slug: string, by: 'article' | 'article_category'): Promise<boolean> {
  const { rows } = await q.query(`select exists (select from ${by} where slug = $1) as taken`, [slug])
  return rows[0].taken
}

/** Held to the end of the transaction by whoever gives an address away. */
export async function lockHelpSlugs(tx: Queryable): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('help slugs', 0))`)
}

export async function createCategory(tx: Queryable, slug: string, position: number): Promise<string> {
  const { rows } = await tx.query(`insert into article_category (slug, position) values ($1, $2) returning id`, [
    slug,
    position,
  ])
  return rows[0].id
}

export interface CategoryChanges {
  readonly slug?: string | undefined
  readonly position?: number | undefined
}

export async function updateCategory(tx: Queryable, id: string, changes: CategoryChanges): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update article_category set slug = coalesce($2, slug), position = coalesce($3, position) where id = $1`,
    [id, changes.slug, changes.position],
  )
  return rowCount === 1
}

/** One text a language; whatever is not among `texts` stays. */
export async function writeCategoryTexts(tx: Queryable, id: string, texts: readonly CategoryText[]): Promise<void> {
  await tx.query(
    `insert into article_category_text (category_id, locale, name, description)
     select $1, t.locale, t.name, t.description
       from jsonb_to_recordset($2::jsonb) as t(locale text, name text, description text)
     on conflict (category_id, locale) do update set name = excluded.name, description = excluded.description`,
    [id, JSON.stringify(texts)],
  )
}

export async function keepCategoryTexts(tx: Queryable, id: string, locales: readonly string[]): Promise<void> {
  await tx.query(`delete from article_category_text where category_id = $1 and locale <> all($2)`, [id, locales])
}

/** Only without articles; the database refuses otherwise. */
export async function deleteCategory(tx: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(`delete from article_category where id = $1`, [id])
  return rowCount === 1
}

/** Where what nobody has put anywhere else goes; null: there is none. */
export async function firstCategory(q: Queryable): Promise<string | null> {
  const { rows } = await q.query('select id from article_category order by position, id limit 1')
  return (rows[0] as { id: string } | undefined)?.id ?? null
}
