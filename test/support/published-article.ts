import type { Queryable } from '../../src/store/database.ts'

/** An article in one language that everybody can read, past the editor. */
export async function publishedArticle(
  q: Queryable,
  slug: string,
  title: string,
  phrasings: readonly string[],
): Promise<string> {
  const one = async (sql: string, ...values: unknown[]) => (await q.query(sql, values)).rows[0] as { id: string }
  const category = await one(
    `insert into article_category (slug) values ('basics') on conflict (slug) do update set position = 0 returning id`,
  )
  const { id } = await one('insert into article (slug, category_id) values ($1, $2) returning id', slug, category.id)
  const version = await one(
    `insert into article_version (article_id, locale, number, title, summary, body, minor, published_by)
      values ($1, 'en', 1, $2, $2, '', false, 'agent:1') returning id`,
    ...[id, title],
  )
  await q.query(
    `insert into article_text (article_id, locale, title, published_version, updated_by) values ($1, 'en', $2, $3, 'agent:1')`,
    [id, title, version.id],
  )
  await q.query(
    `insert into article_phrasing (article_id, locale, position, text)
      select $1, 'en', n, t from unnest($2::text[]) with ordinality p (t, n)`,
    [id, phrasings],
  )
  return id
}
