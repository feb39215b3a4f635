import type { TextPlace } from './article-version.ts'
import type { Queryable } from './database.ts'

/** What is public of a text, and what helps to find it. */
export interface IndexedText extends TextPlace {
  readonly title: string
  readonly summary: string
  readonly body: string
  readonly keywords: readonly string[]
  readonly phrasings: readonly string[]
}

/** Published texts of articles that are not archived. With an id: of this article. */
export async function publishedTexts(q: Queryable, articleId?: string): Promise<IndexedText[]> {
  const { rows } = await q.query(
    `select t.article_id as "articleId", t.locale, v.title, v.summary, v.body, t.keywords,
            array(select p.text from article_phrasing p
                   where p.article_id = t.article_id and p.locale = t.locale order by p.position) as phrasings
       from article_text t join article a on a.id = t.article_id join article_version v on v.id = t.published_version
      where a.archived_at is null and ($1::bigint is null or t.article_id = $1) order by t.article_id, t.locale`,
    [articleId],
  )
  return rows
}

export interface SearchRow extends TextPlace {
  /** As `tsvector`. */
  readonly head: string
  readonly lexemes: readonly string[]
  readonly plain: string
  /** Words that may be mistyped. */
  readonly words: readonly string[]
}

/** What can be found of an article, all of it. */
export async function writeSearch(tx: Queryable, articleId: string, rows: readonly SearchRow[]): Promise<void> {
  await tx.query(`delete from article_search where article_id = $1`, [articleId])
  for (const { locale, head, lexemes, plain, words } of rows) {
    await tx.query(
      `insert into article_search (article_id, locale, head, whole, plain)
       values ($1, $2, $3::tsvector, array_to_tsvector($4), $5)`,
      [articleId, locale, head, lexemes, plain],
    )
    await tx.query(`insert into article_word (locale, word) select $1, unnest($2::text[]) on conflict do nothing`, [
      locale,
      words,
    ])
  }
}

export interface SearchHit {
  readonly articleId: string
  readonly locale: string
  /** By the place of the term in what was asked; how well it fits, 0 to 1. */
  readonly fits: readonly { readonly term: number; readonly fit: number }[]
  /** It has every phrase as it was typed. */
  readonly literal: boolean
}

export interface SearchQuery {
  readonly locales: readonly string[]
  readonly exact: readonly string[]
  readonly loose: readonly string[]
  readonly phrases: readonly string[]
}

/** Every article with any of the terms; which of them matter is decided by the caller, who knows how rare each is. */
export async function searchArticles(q: Queryable, { locales, exact, loose, phrases }: SearchQuery) {
  const { rows } = await q.query(
    `select s.article_id as "articleId", s.locale,
            json_agg(json_build_object('term', a.n, 'fit',
              greatest(0.15, least(1, ts_rank('{0,0.5,0.7,1}', s.head, a.exact::tsquery)
                                      + 0.6 * ts_rank('{0,0.5,0.7,1}', s.head, a.loose::tsquery))))) as fits,
            bool_and(s.plain like all($4::text[])) as literal
       from unnest($1::text[], $2::text[]) with ordinality as a(exact, loose, n)
       join article_search s on s.whole @@ a.loose::tsquery
      where s.locale = any($3) group by s.article_id, s.locale`,
    [exact, loose, locales, phrases.map((phrase) => `%${phrase.replace(/[\\%_]/g, '\\$&')}%`)],
  )
  return rows as SearchHit[]
}

export async function countSearchable(q: Queryable, locales: readonly string[]): Promise<number> {
  const { rows } = await q.query(`select count(*)::int as n from article_search where locale = any($1)`, [locales])
  return rows[0].n
}

/** Words of articles that look like a mistyped one, the likeliest first. */
export async function wordsLike(q: Queryable, locales: readonly string[], word: string): Promise<string[]> {
  const { rows } = await q.query(
    `select word from article_word where word % $1 and locale = any($2) and similarity(word, $1) >= 0.4
      group by word order by similarity(word, $1) desc, word limit 3`,
    [word, locales],
  )
  return rows.map((row: { word: string }) => row.word)
}
