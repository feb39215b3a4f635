import { type Database, type Queryable, together, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

export interface PictureWish {
  readonly identityId: string
  readonly name: string
  /** Whatever the adapter's `download` needs. */
  readonly ref: unknown
}

/**
 * Has the pictures fetched that were never asked for, changed, or may have changed without a word. Part of T1: the job exists only
 * if the message does.
 */
export async function askForPictures(tx: Queryable, inboxId: string, wishes: readonly PictureWish[]): Promise<void> {
  const wanted = [...new Map(wishes.map((wish) => [wish.identityId, wish])).values()]
  if (wanted.length === 0) return
  await tx.query({
    name: 'picture-ask',
    text: `with asked as (
        insert into identity_picture as p (identity_id, inbox_id, name, ref)
        select w.id, $1, w.name, w.ref from unnest($2::bigint[], $3::text[], $4::json[]) w(id, name, ref)
         where not exists (select 1 from identity_picture k where k.identity_id = w.id and k.ref::text = w.ref::text
           and k.asked_at > now() - interval '30 days')
         order by w.id
        on conflict (identity_id) do update
          set inbox_id = excluded.inbox_id, name = excluded.name, ref = excluded.ref, asked_at = now()
        returning identity_id)
      insert into job (kind, payload)
      select 'fetch-picture', jsonb_build_object('identityId', identity_id::text) from asked`,
    values: [
      inboxId,
      wanted.map((wish) => wish.identityId),
      wanted.map((wish) => wish.name),
      wanted.map((wish) => JSON.stringify(wish.ref ?? null)),
    ],
  })
}

export interface WantedPicture {
  readonly inboxId: string
  readonly name: string
  readonly ref: unknown
  readonly fileId: string | null
}

export async function wantedPicture(q: Queryable, identityId: string): Promise<WantedPicture | null> {
  const { rows } = await q.query({
    name: 'picture-wanted',
    text: `select inbox_id as "inboxId", name, ref, file_id as "fileId" from identity_picture where identity_id = $1`,
    values: [identityId],
  })
  return (rows[0] as WantedPicture | undefined) ?? null
}

/** null: they have none, or none that may be shown. What was asked for anew meanwhile is left to whoever asks. */
export async function settlePicture(
  db: Database,
  identityId: string,
  picture: { readonly ref: unknown; readonly fileId: string | null },
): Promise<void> {
  await transaction(db, async (tx) => {
    const { rows } = await tx.query(
      `select c.id from participant p join thread t on t.id = p.thread_id join conversation c on c.id = t.conversation_id
        where p.identity_id = $1 and c.opener_identity_id = $1 order by c.id for no key update of c`,
      [identityId],
    )
    const { rowCount } = await tx.query(
      `update identity_picture set file_id = $3 where identity_id = $1 and ref::text = $2 and file_id is distinct from $3`,
      [identityId, JSON.stringify(picture.ref ?? null), picture.fileId],
    )
    if (rowCount === 1) await announce(tx, rows)
  })
}

/** Who looks at their conversations sees it at once. */
async function announce(tx: Queryable, conversations: readonly { readonly id: string }[]): Promise<void> {
  const { rows } = await tx.query(
    `update conversation set version = version + 1 where id = any($1::bigint[])
      returning id as "conversationId", inbox_id as "inboxId", version`,
    [conversations.map(({ id }) => id)],
  )
  const changed = rows as { conversationId: string; inboxId: string; version: string }[]
  await together([
    insertFeed(
      tx,
      changed.map((row) => ({ kind: 'conversation.updated', ...row })),
    ),
    notify(tx, ['feed']),
  ])
}
