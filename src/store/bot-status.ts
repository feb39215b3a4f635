import type { Queryable } from './database.ts'

export interface BotKnows {
  readonly articles: number
  readonly phrasings: number
  readonly languages: readonly string[]
  /** That let the bot answer. */
  readonly inboxIds: readonly string[]
}

/** What is public and can be learned: titles are questions too. */
export async function botKnows(q: Queryable, inboxIds: readonly string[]): Promise<BotKnows> {
  const { rows } = await q.query(
    `with t as (select t.article_id, t.locale, (select count(*) from article_phrasing p
          where p.article_id = t.article_id and p.locale = t.locale) as questions
        from article_text t join article a on a.id = t.article_id
        where a.archived_at is null and t.published_version is not null)
      select count(distinct article_id)::int as articles, coalesce(sum(questions + 1), 0)::int as phrasings,
        coalesce(array_agg(distinct locale order by locale), '{}') as languages,
        array(select id::text from inbox where bot and enabled and deleted_at is null and id = any($1::bigint[]) order by id)
          as "inboxIds"
      from t`,
    [inboxIds],
  )
  return rows[0] as BotKnows
}

export interface ModelRow {
  readonly madeAt: Date
  /** As far as its head may reach. */
  readonly head: Uint8Array
}

const headBytes = 1_048_576

/** Without its weights, which are most of it. */
export async function readModelHead(q: Queryable, version: string): Promise<ModelRow | null> {
  const { rows } = await q.query(
    'select made_at as "madeAt", substring(bytes from 1 for $2::int) as head from bot_model where version = $1',
    [version, headBytes],
  )
  return (rows[0] as ModelRow | undefined) ?? null
}
