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
  readonly title: readonly string[]
  readonly head: readonly string[]
  readonly whole: readonly string[]
  readonly plain: string
  /** Words that may be mistyped. */
  readonly words: readonly string[]
}

/** What can be found of an article, all of it. */
export async function writeSearch(tx: Queryable, articleId: string, rows: readonly SearchRow[]): Promise<void> {
  await tx.query(`delete from article_search where article_id = $1`, [articleId])
  for (const { locale, title, head, whole, plain, words } of rows) {
    await tx.query(
      `insert into article_search (article_id, locale, title, head, whole, plain)
       values ($1, $2, array_to_tsvector($3), array_to_tsvector($4), array_to_tsvector($5), $6)`,
      [articleId, locale, title, head, whole, plain],
    )
    await tx.query(`insert into article_word (locale, word) select $1, unnest($2::text[]) on conflict do nothing`, [
      locale,
      words,
    ])
  }
}

/** Terms as `tsquery`. */
export interface AskedTerm {
  readonly exact: string
  readonly loose: string
  /** How much it counts while no article has it, 0 to 1. */
  readonly unknownShare: number
}

export interface SearchHit extends TextPlace {
  /** Of what was asked, by how much it tells, 0 to 1. */
  readonly covered: number
  readonly score: number
}

// From indexes alone: reading the vectors of a thousand texts to weigh them took ten times as long.
const above = `select article_id, locale, 1.0 as fit from article_search where title @@ a.exact and locale = any($1)
  union all select article_id, locale, 0.75 from article_search where title @@ a.loose and locale = any($1)
  union all select article_id, locale, 0.6 from article_search where head @@ a.loose and locale = any($1)`
const everywhere = `${above}
  union all select article_id, locale, 0.15 from article_search where whole @@ a.loose and locale = any($1)`

export interface SearchAsk {
  readonly locales: readonly string[]
  readonly terms: readonly AskedTerm[]
  /** Also what stands in the text alone, and not in its title, summary, phrasings or keywords. */
  readonly inText: boolean
  readonly limit: number
}

/** A term that few articles have tells more than one that all have. An article comes once for each language. */
export async function searchArticles(q: Queryable, { locales, terms, inText, limit }: SearchAsk): Promise<SearchHit[]> {
  const { rows } = await q.query(
    `with asked as (
       select exact::tsquery as exact, loose::tsquery as loose, share, n
         from unnest($2::text[], $3::text[], $4::real[]) with ordinality as u(exact, loose, share, n)),
     hit as materialized (
       select a.n, h.locale, h.article_id, max(h.fit) as fit from asked a cross join lateral (${inText ? everywhere : above}) h
        group by a.n, h.locale, h.article_id),
     known as (select n, count(*) as articles from hit group by n),
     worth as (
       select a.n, case when k.articles is null then a.share else 1 end
                   * ln(1 + (select count(*) from article_search where locale = any($1)) / (0.5 + coalesce(k.articles, 0)))
                   as tells
         from asked a left join known k using (n)),
     total as (select greatest(sum(tells), 0.000001) as tells from worth)
     select h.article_id as "articleId", h.locale, (sum(w.tells) / max(total.tells))::float8 as covered,
            (sum(w.tells * (0.5 + h.fit)) / max(total.tells))::float8 as score
       from hit h join worth w using (n), total
      group by h.article_id, h.locale order by score desc, h.article_id limit $5`,
    [
      locales,
      terms.map((term) => term.exact),
      terms.map((term) => term.loose),
      terms.map((term) => term.unknownShare),
      limit,
    ],
  )
  return rows
}

/** Which of these any article has, by their place. */
export async function knownTerms(q: Queryable, locales: readonly string[], terms: readonly AskedTerm[]) {
  const { rows } = await q.query(
    `select a.n::int - 1 as at from unnest($2::text[]) with ordinality as a(loose, n)
      where exists (select from article_search s where s.whole @@ a.loose::tsquery and s.locale = any($1))`,
    [locales, terms.map((term) => term.loose)],
  )
  return new Set(rows.map((row: { at: number }) => row.at))
}

/** Of these texts those that have the phrase as it was typed. */
export async function withPhrase(q: Queryable, places: readonly TextPlace[], phrase: string): Promise<Set<string>> {
  const { rows } = await q.query(
    `select s.article_id as id from unnest($1::bigint[], $2::text[]) as p(id, locale)
       join article_search s on s.article_id = p.id and s.locale = p.locale where s.plain like $3`,
    [
      places.map((place) => place.articleId),
      places.map((place) => place.locale),
      `%${phrase.replace(/[\\%_]/g, '\\$&')}%`,
    ],
  )
  return new Set(rows.map((row: { id: string }) => row.id))
}

/** Words of articles that look like a mistyped one, the likeliest first. */
export async function wordLike(q: Queryable, locales: readonly string[], word: string): Promise<string | null> {
  const { rows } = await q.query(
    `select word from article_word where word % $1 and locale = any($2) and similarity(word, $1) >= 0.4
      order by similarity(word, $1) desc, word limit 1`,
    [word, locales],
  )
  return rows[0]?.word ?? null
}
