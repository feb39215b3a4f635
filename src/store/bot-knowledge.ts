import type { Queryable } from './database.ts'

export interface KnownText {
  readonly id: string
  readonly slug: string
  readonly locale: string
  readonly title: string
  readonly summary: string
  readonly body: string
  readonly phrasings: readonly string[]
}

const published = `article_text t join article a on a.id = t.article_id join article_version v on v.id = t.published_version
  where a.archived_at is null`

/** What the bot may say: published, and nothing else. */
export async function knownTexts(q: Queryable): Promise<KnownText[]> {
  const { rows } = await q.query(
    `select a.id, a.slug, t.locale, v.title, v.summary, v.body,
        array(select p.text from article_phrasing p
               where p.article_id = t.article_id and p.locale = t.locale order by p.position) as phrasings
      from ${published} order by a.id, t.locale`,
  )
  return rows as KnownText[]
}

/** The same for the same texts, in every process. null: nothing is published. */
export async function knowledgeVersion(q: Queryable): Promise<string | null> {
  const { rows } = await q.query(
    `select md5(string_agg(concat_ws(':', t.article_id, t.locale, v.id, a.slug, (select md5(string_agg(p.text, '|' order by p.position))
        from article_phrasing p where p.article_id = t.article_id and p.locale = t.locale)), ','
        order by t.article_id, t.locale)) as version from ${published}`,
  )
  return (rows[0] as { version: string | null }).version
}

/** Some inbox lets the bot answer: only then is anything learned. */
export async function botIsOn(q: Queryable): Promise<boolean> {
  const { rows } = await q.query(
    'select exists (select from inbox where bot and enabled and deleted_at is null) as "isOn"',
  )
  return (rows[0] as { isOn: boolean }).isOn
}

export async function readModel(q: Queryable, version: string): Promise<Uint8Array | null> {
  const { rows } = await q.query('select bytes from bot_model where version = $1', [version])
  return (rows[0] as { bytes: Uint8Array } | undefined)?.bytes ?? null
}

/** The first to have made it made it; what was made of other texts goes. */
export async function writeModel(q: Queryable, version: string, bytes: Uint8Array): Promise<void> {
  await q.query('insert into bot_model (version, bytes) values ($1, $2) on conflict do nothing', [
    version,
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ])
  await q.query('delete from bot_model where version <> $1', [version])
}
