import type { Queryable } from './database.ts'

export interface MessageRow {
  readonly id: string
  readonly conversationId: string
  readonly seq: string
  readonly direction: string
  readonly senderIdentityId: string | null
  readonly text: string
  readonly html: string | null
  readonly reactions: Record<string, string[]> | null
  readonly occurredAt: Date
  readonly editedAt: Date | null
  readonly deletedAt: Date | null
  readonly deletedBy: string | null
}

/** By the platform's id, the customer's or ours; lock the thread before. */
export async function messageByExternalId(
  tx: Queryable,
  threadId: string,
  externalId: string,
): Promise<MessageRow | null> {
  const { rows } = await tx.query({
    name: 'message-by-external',
    text: `select m.id, m.conversation_id as "conversationId", m.seq, m.direction, m.sender_identity_id as "senderIdentityId",
        m.text, m.html, m.reactions, m.occurred_at as "occurredAt", m.edited_at as "editedAt", m.deleted_at as "deletedAt",
        m.deleted_by as "deletedBy"
      from message m where m.id = coalesce(
        (select id from message where thread_id = $1 and external_id = $2),
        (select message_id from delivery where thread_id = $1 and external_id = $2),
        (select message_id from album_item where thread_id = $1 and external_id = $2))`,
    values: [threadId, externalId],
  })
  return (rows[0] as MessageRow | undefined) ?? null
}

export interface Version {
  readonly kind: 'edit' | 'removal'
  readonly text: string
  readonly html: string | null
  readonly actor: string
  readonly at: Date
}

/** Appends; the first change also keeps what was said at first. Nothing here is ever overwritten. */
export async function appendVersion(tx: Queryable, message: MessageRow, version: Version): Promise<void> {
  await tx.query(
    `insert into message_version (message_id, version, text, html, kind, actor, at)
     values ($1, 1, $2, $3, 'original', $4, $5) on conflict do nothing`,
    [message.id, message.text, message.html, message.direction === 'in' ? 'contact' : 'us', message.occurredAt],
  )
  await tx.query(
    `insert into message_version (message_id, version, text, html, kind, actor, at)
     select $1, max(version) + 1, $2, $3, $4, $5, $6 from message_version where message_id = $1`,
    [message.id, version.text, version.html, version.kind, version.actor, version.at],
  )
}

export async function setMessageText(
  tx: Queryable,
  messageId: string,
  text: string,
  html: string | null,
  at: Date,
): Promise<void> {
  await tx.query('update message set text = $2, html = $3, edited_at = $4 where id = $1', [messageId, text, html, at])
}

/** Hidden at once. Without a stated retention the words go too; with one they stay in the versions until it ends. */
export async function setMessageDeleted(
  tx: Queryable,
  messageId: string,
  by: { readonly actor: string; readonly at: Date; readonly keepWords: boolean },
): Promise<void> {
  await tx.query(`update message set text = '', html = null, deleted_at = $2, deleted_by = $3 where id = $1`, [
    messageId,
    by.at,
    by.actor,
  ])
  await tx.query(`update album_item set text = '' where message_id = $1`, [messageId])
  if (!by.keepWords)
    await tx.query(`update message_version set text = '', html = null where message_id = $1`, [messageId])
}

export async function setReactions(
  tx: Queryable,
  messageId: string,
  reactions: Record<string, string[]>,
): Promise<void> {
  await tx.query('update message set reactions = $2 where id = $1', [messageId, JSON.stringify(reactions)])
}

/** What a list says of a conversation whose newest words are gone: the last ones that still stand; a note is no such words. */
export async function wordsBefore(
  tx: Queryable,
  message: Pick<MessageRow, 'conversationId' | 'seq'>,
): Promise<{ readonly text: string; readonly direction: string }> {
  const { rows } = await tx.query({
    name: 'message-words-before',
    text: `select text, direction from message
      where conversation_id = $1 and seq < $2 and direction <> 'note' and deleted_at is null order by seq desc limit 1`,
    values: [message.conversationId, message.seq],
  })
  return rows[0] ?? { text: '', direction: 'in' }
}
