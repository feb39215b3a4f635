import type { Visibility } from '../domain/principal.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

export interface FileRow {
  readonly id: string
  /** Hex. */
  readonly sha256: string
  readonly size: number
  readonly type: string
  readonly name: string
  /** 'agent:7', 'visitor:9', 'inbox:3', 'token:2': nobody else may attach it. */
  readonly owner: string
}

type Raw = Omit<FileRow, 'size'> & { readonly size: string }
const columns = `f.id, encode(f.sha256, 'hex') as sha256, f.size, f.type, f.name, f.owner`
const parse = (row: Raw): FileRow => ({ ...row, size: Number(row.size) })

export async function insertFile(q: Queryable, file: Omit<FileRow, 'id'>): Promise<FileRow> {
  const { rows } = await q.query(
    `insert into file as f (sha256, size, type, name, owner) values (decode($1, 'hex'), $2, $3, $4, $5)
     returning ${columns}`,
    [file.sha256, file.size, file.type, file.name, file.owner],
  )
  return parse(rows[0])
}

export async function findFile(q: Queryable, id: string): Promise<FileRow | null> {
  const { rows } = await q.query(`select ${columns} from file f where f.id = $1`, [id])
  return rows[0] ? parse(rows[0]) : null
}

export async function findFiles(q: Queryable, ids: readonly string[]): Promise<FileRow[]> {
  if (ids.length === 0) return []
  const { rows } = await q.query(
    `select ${columns} from unnest($1::bigint[]) with ordinality as wanted(id, place)
       join file f on f.id = wanted.id order by wanted.place`,
    [ids],
  )
  return rows.map(parse)
}

/** Its uploader's, an agent's public picture, or attached to a message of a conversation this principal sees. */
export async function findVisibleFile(
  q: Queryable,
  id: string,
  who: Visibility,
  owner: string,
): Promise<FileRow | null> {
  const values: unknown[] = [id, owner]
  const seen = visible('c', who, values)
  const { rows } = await q.query(
    `select ${columns} from file f where f.id = $1 and (f.owner = $2
       or exists (select from agent where public_avatar = f.id)
       or exists (select from attachment a join message m on m.id = a.message_id
                  join conversation c on c.id = m.conversation_id
                  where a.file_id = f.id and ${seen}))`,
    values,
  )
  return rows[0] ? parse(rows[0]) : null
}

/** Held until the end of the transaction by whoever adds or removes bytes of this content. */
export async function lockContent(tx: Queryable, sha256: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`file:${sha256}`])
}

/** Uploads nobody attached: candidates, to be looked at again under the lock. */
export async function unattachedFiles(q: Queryable, olderThanMs: number, limit: number): Promise<FileRow[]> {
  const { rows } = await q.query(
    `select ${columns} from file f where f.created_at < now() - $1 * interval '1 ms' and ${UNUSED} order by f.id limit $2`,
    [olderThanMs, limit],
  )
  return rows.map(parse)
}

const UNUSED = `not exists (select from attachment where file_id = f.id)
  and not exists (select from agent where public_avatar = f.id)
  and not exists (select from identity_picture where file_id = f.id)
  and not exists (select from inbound_event where raw_file_id = f.id)
  and not exists (select from article_file where file_id = f.id)
  and not exists (select from help_setting where logo_id = f.id)
  and not exists (select from draft where attachments @> array[f.id])`

/** Held alone by a backup, so that no content of its snapshot goes before it was copied; shared by who deletes. */
export const keepFilesLock = 7_214_500_002

/** Answers whether the content has no other row left; `busy`: a backup copies files right now. */
export async function deleteFile(tx: Queryable, file: FileRow): Promise<'busy' | 'kept' | 'deleted' | 'lastDeleted'> {
  const { rows: lock } = await tx.query('select pg_try_advisory_xact_lock_shared($1) as held', [keepFilesLock])
  if (!lock[0].held) return 'busy'
  const { rowCount } = await tx.query(`delete from file f where f.id = $1 and ${UNUSED}`, [file.id])
  if (!rowCount) return 'kept'
  const { rows } = await tx.query(`select exists (select from file where sha256 = decode($1, 'hex')) as more`, [
    file.sha256,
  ])
  return rows[0].more ? 'deleted' : 'lastDeleted'
}
