import type { TextPlace } from './article-version.ts'
import type { Queryable } from './database.ts'
import type { FileRow } from './file.ts'

/** Of these files those that this person may not put into an article: neither their own upload nor in the help centre already. */
export async function foreignFiles(q: Queryable, ids: readonly string[], owner: string): Promise<string[]> {
  const { rows } = await q.query(
    `select wanted.id from unnest($1::bigint[]) as wanted(id)
      where not exists (select from file f where f.id = wanted.id and f.owner = $2)
        and not exists (select from article_file a where a.file_id = wanted.id)`,
    [ids, owner],
  )
  return rows.map((row: { id: string }) => row.id)
}

/** A file named once stays: an older version may come back. */
export async function rememberFiles(
  tx: Queryable,
  { articleId, locale }: TextPlace,
  ids: readonly string[],
): Promise<void> {
  await tx.query(
    `insert into article_file (article_id, locale, file_id) select $1, $2, * from unnest($3::bigint[])
     on conflict do nothing`,
    [articleId, locale, ids],
  )
}

/** Exactly these of a text are for everybody. */
export async function publishFiles(
  tx: Queryable,
  { articleId, locale }: TextPlace,
  ids: readonly string[],
): Promise<void> {
  await tx.query(
    `update article_file set published = (file_id = any($3::bigint[])) where article_id = $1 and locale = $2
        and published <> (file_id = any($3::bigint[]))`,
    [articleId, locale, ids],
  )
}

const columns = `f.id, encode(f.sha256, 'hex') as sha256, f.size::float8 as size, f.type, f.name, f.owner`

/** In a published text of an article that is not archived, or the logo; null for every other file there is. */
export async function findPublicFile(q: Queryable, id: string): Promise<FileRow | null> {
  const { rows } = await q.query(
    `select ${columns} from file f where f.id = $1 and (
        exists (select from article_file p join article a on a.id = p.article_id
                 where p.file_id = f.id and p.published and a.archived_at is null)
        or exists (select from help_setting where logo_id = f.id))`,
    [id],
  )
  return rows[0] ?? null
}

/** All files that texts of this article ever named, or only what is public in one language. */
export async function filesOfArticle(q: Queryable, articleId: string, publicIn: string | null): Promise<FileRow[]> {
  const { rows } = await q.query(
    `select ${columns} from file f where f.id in (select p.file_id from article_file p
        where p.article_id = $1 and ($2::text is null or (p.locale = $2 and p.published))) order by f.id`,
    [articleId, publicIn],
  )
  return rows
}

/** The same bytes under the same name, where the help centre has them already. */
export async function findHelpFile(q: Queryable, sha256: string, name: string): Promise<FileRow | null> {
  const { rows } = await q.query(
    `select ${columns} from file f where f.sha256 = decode($1, 'hex') and f.name = $2
        and exists (select from article_file p where p.file_id = f.id) order by f.id limit 1`,
    [sha256, name],
  )
  return rows[0] ?? null
}
