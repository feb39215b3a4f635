import { type TextState, textChanged, textState } from './article.ts'
import type { Queryable } from './database.ts'

export interface TextContent {
  readonly title: string
  readonly summary: string
  readonly body: string
  readonly keywords: readonly string[]
  readonly phrasings: readonly string[]
}

export interface TextRow extends TextContent {
  readonly locale: string
  readonly rev: number
  readonly state: TextState
  readonly changed: boolean
  readonly outdated: boolean
  /** Of what is public; null: nothing is. */
  readonly versionNumber: number | null
  readonly updatedBy: string
  readonly updatedAt: Date
  readonly helpful: number
  readonly unhelpful: number
}

const feedback = (helpful: boolean) => `(select count(*)::int from article_feedback f
  where f.article_id = t.article_id and f.locale = t.locale and f.helpful = ${helpful})`
const phrasings = `array(select p.text from article_phrasing p
  where p.article_id = t.article_id and p.locale = t.locale order by p.position)`

export async function listTexts(q: Queryable, articleId: string): Promise<TextRow[]> {
  const { rows } = await q.query(
    `select t.locale, t.title, t.summary, t.body, t.keywords, ${phrasings} as phrasings, t.rev, ${textState} as state,
            ${textChanged} as changed, t.outdated_at is not null as outdated, v.number as "versionNumber",
            t.updated_by as "updatedBy", t.updated_at as "updatedAt",
            ${feedback(true)} as helpful, ${feedback(false)} as unhelpful
       from article_text t join article a on a.id = t.article_id
       left join article_version v on v.id = t.published_version
      where t.article_id = $1 order by t.locale`,
    [articleId],
  )
  return rows
}

export interface WrittenText extends TextContent {
  readonly articleId: string
  readonly locale: string
  readonly by: string
}

/** Answers the new `rev`; null: somebody saved since `basedOn`. */
export async function writeText(tx: Queryable, text: WrittenText, basedOn?: number): Promise<number | null> {
  const { articleId, locale, title, summary, body, keywords, by } = text
  const { rows } = await tx.query(
    `insert into article_text as t (article_id, locale, title, summary, body, keywords, updated_by)
     select $1, $2, $3, $4, $5, $6, $7
      where $8::int is null or $8 = coalesce((select rev from article_text where article_id = $1 and locale = $2), 0)
     on conflict (article_id, locale) do update
       set title = $3, summary = $4, body = $5, keywords = $6, updated_by = $7, updated_at = now(), rev = t.rev + 1
     returning rev`,
    [articleId, locale, title, summary, body, keywords, by, basedOn],
  )
  if (!rows[0]) return null
  await writePhrasings(tx, text)
  return rows[0].rev
}

async function writePhrasings(tx: Queryable, { articleId, locale, phrasings: texts }: WrittenText): Promise<void> {
  await tx.query(`delete from article_phrasing where article_id = $1 and locale = $2`, [articleId, locale])
  await tx.query(
    `insert into article_phrasing (article_id, locale, position, text)
     select $1, $2, p.position, p.text from unnest($3::text[]) with ordinality as p(text, position)`,
    [articleId, locale, texts],
  )
}

export async function deleteText(tx: Queryable, articleId: string, locale: string): Promise<boolean> {
  const { rowCount } = await tx.query(`delete from article_text where article_id = $1 and locale = $2`, [
    articleId,
    locale,
  ])
  await tx.query(`delete from article_phrasing where article_id = $1 and locale = $2`, [articleId, locale])
  return rowCount === 1
}

/** Without a language: every one of the article. */
export async function markOutdated(
  tx: Queryable,
  articleId: string,
  { except, only }: { readonly except?: readonly string[]; readonly only?: readonly string[] },
): Promise<void> {
  await tx.query(
    `update article_text set outdated_at = coalesce(outdated_at, now())
      where article_id = $1 and locale <> all($2) and ($3::text[] is null or locale = any($3))`,
    [articleId, except ?? [], only],
  )
}

export async function markCurrent(tx: Queryable, articleId: string, locale: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update article_text set outdated_at = null where article_id = $1 and locale = $2`,
    [articleId, locale],
  )
  return rowCount === 1
}
