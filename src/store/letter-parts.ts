import type { Queryable } from './database.ts'
import { type FileRow, findFile } from './file.ts'

/** All words of a message; null: there are no more than it shows, or none any longer. */
export async function fullTextOf(q: Queryable, messageId: string): Promise<string | null> {
  const { rows } = await q.query(
    'select full_text as text from message where id = $1 and deleted_at is null and full_text is not null',
    [messageId],
  )
  return rows[0]?.text ?? null
}

export interface HtmlParts {
  /** Sanitised when it came in. */
  readonly html: string
  /** Pictures of its own, by the name its text calls them. */
  readonly pictures: readonly { readonly cid: string; readonly fileId: string; readonly type: string }[]
}

export async function htmlPartsOf(q: Queryable, messageId: string): Promise<HtmlParts | null> {
  const { rows } = await q.query(
    `select m.html, coalesce((select json_agg(json_build_object('cid', a.ref->>'cid', 'fileId', f.id::text, 'type', f.type))
        from attachment a join file f on f.id = a.file_id
       where a.message_id = m.id and a.ref->>'cid' is not null), '[]') as pictures
      from message m where m.id = $1 and m.html is not null and m.deleted_at is null`,
    [messageId],
  )
  return (rows[0] as HtmlParts | undefined) ?? null
}

/** The letter as it came over the wire, while that is kept. */
export async function rawFileOf(q: Queryable, messageId: string): Promise<FileRow | null> {
  const { rows } = await q.query(
    `select e.raw_file_id as id from inbound_event e join message m on m.id = e.message_id
      where e.message_id = $1 and e.raw_file_id is not null and m.deleted_at is null order by e.id limit 1`,
    [messageId],
  )
  const found = rows[0] as { id: string } | undefined
  return found ? findFile(q, found.id) : null
}

/** So that the raw file of a message can be found through it. */
export async function linkRawFiles(
  tx: Queryable,
  links: readonly { readonly rowId: string; readonly messageId: string }[],
): Promise<void> {
  if (links.length === 0) return
  await tx.query({
    name: 'inbound-event-link',
    text: `update inbound_event e set message_id = w.message from unnest($1::bigint[], $2::bigint[]) w(row, message)
      where e.id = w.row`,
    values: [links.map((link) => link.rowId), links.map((link) => link.messageId)],
  })
}
