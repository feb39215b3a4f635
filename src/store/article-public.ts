import type { Queryable } from './database.ts'

// Whatever reads for the public goes through this: published, and not archived.
const shown = `article a join article_text t on t.article_id = a.id
  join article_version v on v.id = t.published_version`
const open = 'a.archived_at is null'

export interface PublicTitle {
  readonly id: string
  readonly slug: string
  readonly categoryId: string
  /** In which language it is there. */
  readonly locale: string
  readonly title: string
  readonly summary: string
}

/** Each article once, in the best language of the chain; by category and place. */
export async function publicTitles(
  q: Queryable,
  chain: readonly string[],
  only: { readonly ids?: readonly string[]; readonly categoryId?: string } = {},
): Promise<PublicTitle[]> {
  const { rows } = await q.query(
    `select * from (
       select distinct on (a.id) a.id, a.slug, a.category_id as "categoryId", a.position, t.locale, v.title, v.summary
         from ${shown}
        where ${open} and t.locale = any($1) and ($2::bigint[] is null or a.id = any($2))
          and ($3::bigint is null or a.category_id = $3)
        order by a.id, array_position($1, t.locale)) one
      order by "categoryId", position, id limit 5000`,
    [chain, only.ids, only.categoryId],
  )
  return rows.map(({ position, ...row }) => row)
}

export interface PublicCategory {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly description: string
}

export async function publicCategories(q: Queryable, chain: readonly string[]): Promise<PublicCategory[]> {
  const { rows } = await q.query(
    `select c.id, c.slug, coalesce(t.name, c.slug) as name, coalesce(t.description, '') as description
       from article_category c
       left join lateral (select name, description from article_category_text
         where category_id = c.id and locale = any($1) order by array_position($1, locale) limit 1) t on true
      order by c.position, c.id`,
    [chain],
  )
  return rows
}

export interface PublicArticle extends PublicTitle {
  readonly body: string
  readonly publishedAt: Date
  /** Every language it is public in. */
  readonly locales: readonly string[]
}

export async function publicArticle(
  q: Queryable,
  by: { readonly slug: string } | { readonly id: string },
  chain: readonly string[],
): Promise<PublicArticle | null> {
  const { rows } = await q.query(
    `select a.id, a.slug, a.category_id as "categoryId", t.locale, v.title, v.summary, v.body,
            v.published_at as "publishedAt",
            array(select o.locale from article_text o
                   where o.article_id = a.id and o.published_version is not null order by o.locale) as locales
       from ${shown}
      where ${open} and ${'slug' in by ? 'a.slug' : 'a.id'} = $2 and t.locale = any($1)
      order by array_position($1, t.locale) limit 1`,
    [chain, 'slug' in by ? by.slug : by.id],
  )
  return rows[0] ?? null
}

/** Languages in which there is anything to read, most first. */
export async function publicLocales(q: Queryable): Promise<string[]> {
  const { rows } = await q.query(
    `select t.locale from article_text t join article a on a.id = t.article_id
      where t.published_version is not null and ${open} group by t.locale order by count(*) desc, t.locale`,
  )
  return rows.map((row: { locale: string }) => row.locale)
}

export interface PublicPage {
  readonly slug: string
  readonly locale: string
  readonly publishedAt: Date
}

/** For search engines: what is written in a language, not what stands in for it. */
export async function publicPages(q: Queryable): Promise<PublicPage[]> {
  const { rows } = await q.query(
    `select a.slug, t.locale, v.published_at as "publishedAt" from ${shown} where ${open}
      order by a.id, t.locale limit 50000`,
  )
  return rows
}
