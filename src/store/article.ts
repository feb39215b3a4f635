import type { Queryable } from './database.ts'

export type TextState = 'draft' | 'published' | 'archived'

export interface TextSummary {
  readonly locale: string
  readonly title: string
  readonly state: TextState
  /** What is written differs from what is public. */
  readonly changed: boolean
  readonly outdated: boolean
  readonly updatedAt: string
}

export interface ArticleRow {
  readonly id: string
  readonly slug: string
  readonly categoryId: string
  readonly position: number
  readonly archived: boolean
  readonly updatedAt: Date
  readonly texts: readonly TextSummary[]
}

export const textState = `case when a.archived_at is not null then 'archived'
  when t.published_version is not null then 'published' else 'draft' end`
export const textChanged = `(v.id is null or (v.title, v.summary, v.body) is distinct from (t.title, t.summary, t.body))`

const columns = `a.id, a.slug, a.category_id as "categoryId", a.position, a.archived_at is not null as archived,
  a.updated_at as "updatedAt", coalesce((
    select json_agg(json_build_object('locale', t.locale, 'title', t.title, 'state', ${textState},
        'changed', ${textChanged}, 'outdated', t.outdated_at is not null,
        'updatedAt', to_char(t.updated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by t.locale)
      from article_text t left join article_version v on v.id = t.published_version where t.article_id = a.id
  ), '[]') as texts`

export interface ArticleWish {
  readonly categoryId?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
}

export async function listArticles(q: Queryable, wish: ArticleWish): Promise<ArticleRow[]> {
  const { rows } = await q.query(
    `select ${columns} from article a
      where ($1::bigint is null or a.category_id = $1) and a.id > $2 order by a.id limit $3`,
    [wish.categoryId, wish.after ?? '0', wish.limit],
  )
  return rows
}

export async function findArticle(q: Queryable, id: string): Promise<ArticleRow | null> {
  const { rows } = await q.query(`select ${columns} from article a where a.id = $1`, [id])
  return rows[0] ?? null
}

/** Whoever changes anything of an article holds it: versions are numbered, and files and search follow what is public. */
export async function lockArticle(tx: Queryable, id: string): Promise<{ readonly archived: boolean } | null> {
  const { rows } = await tx.query(
    `update article set updated_at = now() where id = $1 returning archived_at is not null as archived`,
    [id],
  )
  return rows[0] ?? null
}

export async function findArticleBySlug(q: Queryable, slug: string): Promise<string | null> {
  const { rows } = await q.query(`select id from article where slug = $1`, [slug])
  return rows[0]?.id ?? null
}

export interface NewArticle {
  readonly slug: string
  readonly categoryId: string
  readonly position: number
}

export async function createArticle(tx: Queryable, { slug, categoryId, position }: NewArticle): Promise<string> {
  const { rows } = await tx.query(
    `insert into article (slug, category_id, position) values ($1, $2, $3) returning id`,
    [slug, categoryId, position],
  )
  return rows[0].id
}

export interface ArticleChanges {
  readonly slug?: string | undefined
  readonly categoryId?: string | undefined
  readonly position?: number | undefined
  readonly archived?: boolean | undefined
}

export async function updateArticle(tx: Queryable, id: string, changes: ArticleChanges): Promise<void> {
  await tx.query(
    `update article set slug = coalesce($2, slug), category_id = coalesce($3, category_id),
        position = coalesce($4, position), updated_at = now(),
        archived_at = case when $5::boolean is null then archived_at when $5 then coalesce(archived_at, now()) end
      where id = $1`,
    [id, changes.slug, changes.categoryId, changes.position, changes.archived],
  )
}

/** Its files are nobody's any more and go with the next cleaning. */
export async function deleteArticle(tx: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(`delete from article where id = $1`, [id])
  return rowCount === 1
}
