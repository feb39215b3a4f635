import type { Queryable } from './database.ts'

/** Several messages of the platform that are one here. The caller holds the thread's lock. */

/** What the platform made of one delivery besides the message that the delivery is known by. */
export async function insertSentAlbum(tx: Queryable, deliveryId: string, more: readonly string[]): Promise<void> {
  await tx.query({
    name: 'album-sent',
    text: `insert into album_item (thread_id, external_id, message_id, delivery_id, ordinal)
      select d.thread_id, x.id, d.message_id, d.id, x.n from delivery d, unnest($2::text[]) with ordinality x(id, n)
      where d.id = $1 and x.id is distinct from d.external_id on conflict do nothing`,
    values: [deliveryId, more],
  })
}

export interface AlbumPicture {
  readonly messageId: string
  readonly threadId: string
  readonly externalId: string
  readonly text: string
}

/** A further picture that came in; answers what all of them say now. */
export async function insertAlbumPicture(tx: Queryable, picture: AlbumPicture): Promise<string> {
  const { messageId, threadId, externalId, text } = picture
  await tx.query({
    name: 'album-first',
    text: `insert into album_item (thread_id, external_id, message_id, ordinal, text)
      select thread_id, external_id, id, 0, text from message where id = $1 and external_id is not null on conflict do nothing`,
    values: [messageId],
  })
  await tx.query({
    name: 'album-further',
    text: `insert into album_item (thread_id, external_id, message_id, ordinal, text)
      select $2, $3, $1, coalesce(max(ordinal), 0) + 1, $4 from album_item where message_id = $1 on conflict do nothing`,
    values: [messageId, threadId, externalId, text],
  })
  return wordsOf(tx, messageId)
}

/** What a message says once this one of its pictures reads `text`; null: it is no album that came in. */
export async function rewordAlbum(
  tx: Queryable,
  { messageId, threadId, externalId, text }: AlbumPicture,
): Promise<string | null> {
  const { rowCount } = await tx.query({
    name: 'album-reword',
    text: `update album_item set text = $3 where thread_id = $1 and external_id = $2 and delivery_id is null`,
    values: [threadId, externalId, text],
  })
  return rowCount === 1 ? wordsOf(tx, messageId) : null
}

async function wordsOf(tx: Queryable, messageId: string): Promise<string> {
  const { rows } = await tx.query({
    name: 'album-words',
    text: `select coalesce(string_agg(text, E'\\n' order by ordinal) filter (where text <> ''), '') as text
      from album_item where message_id = $1`,
    values: [messageId],
  })
  return (rows[0] as { text: string }).text
}
