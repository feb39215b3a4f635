import type { Queryable } from './database.ts'

export interface VersionRow {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly summary: string
  readonly body: string
  readonly minor: boolean
  readonly publishedBy: string
  readonly publishedAt: Date
  /** It is what is public now. */
  readonly current: boolean
}

const columns = `v.id, v.number, v.title, v.summary, v.body, v.minor, v.published_by as "publishedBy",
  v.published_at as "publishedAt", exists (select from article_text t where t.published_version = v.id) as current`

/** Newest first. */
export async function listVersions(
  q: Queryable,
  { articleId, locale, before, limit }: { articleId: string; locale: string; before?: number; limit: number },
): Promise<VersionRow[]> {
  const { rows } = await q.query(
    `select ${columns} from article_version v
      where v.article_id = $1 and v.locale = $2 and v.number < $3 order by v.number desc limit $4`,
    [articleId, locale, before ?? 2_147_483_647, limit],
  )
  return rows
}

export interface TextPlace {
  readonly articleId: string
  readonly locale: string
}

export async function findVersion(
  q: Queryable,
  { articleId, locale }: TextPlace,
  number: number,
): Promise<VersionRow | null> {
  const { rows } = await q.query(
    `select ${columns} from article_version v where v.article_id = $1 and v.locale = $2 and v.number = $3`,
    [articleId, locale, number],
  )
  return rows[0] ?? null
}

/** What was public before this; null: the text is not there. */
export interface PublishedFacts {
  readonly rev: number
  readonly wasPublished: boolean
  readonly wasOutdated: boolean
  readonly changed: boolean
  readonly body: string
}

export async function publishedFacts(tx: Queryable, { articleId, locale }: TextPlace): Promise<PublishedFacts | null> {
  const { rows } = await tx.query(
    `select t.rev, t.body, v.id is not null as "wasPublished", t.outdated_at is not null as "wasOutdated",
            (v.id is null or (v.title, v.summary, v.body) is distinct from (t.title, t.summary, t.body)) as changed
       from article_text t left join article_version v on v.id = t.published_version
      where t.article_id = $1 and t.locale = $2`,
    [articleId, locale],
  )
  return rows[0] ?? null
}

/** What is written becomes what is public. */
export async function publishText(
  tx: Queryable,
  { articleId, locale }: TextPlace,
  { minor, by }: { readonly minor: boolean; readonly by: string },
): Promise<void> {
  await tx.query(
    `with made as (
       insert into article_version (article_id, locale, number, title, summary, body, minor, published_by)
       select t.article_id, t.locale, coalesce((select max(number) from article_version
                where article_id = $1 and locale = $2), 0) + 1, t.title, t.summary, t.body, $3, $4
         from article_text t where t.article_id = $1 and t.locale = $2 returning id)
     update article_text set published_version = made.id, outdated_at = null
       from made where article_id = $1 and locale = $2`,
    [articleId, locale, minor, by],
  )
}

export async function unpublishText(tx: Queryable, { articleId, locale }: TextPlace): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update article_text set published_version = null where article_id = $1 and locale = $2`,
    [articleId, locale],
  )
  return rowCount === 1
}
