import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

export interface PendingAttachment {
  readonly id: string
  readonly messageId: string
  readonly inboxId: string
  readonly name: string
  readonly type: string
  readonly size: number | null
  readonly ref: unknown
}

/** null: its bytes are here, or it is gone. */
export async function pendingAttachment(q: Queryable, id: string): Promise<PendingAttachment | null> {
  const { rows } = await q.query({
    name: 'attachment-pending',
    text: `select a.id, a.message_id as "messageId", t.inbox_id as "inboxId", a.name, a.type, a.size::float8 as size, a.ref
      from attachment a join message m on m.id = a.message_id join thread t on t.id = m.thread_id
      where a.id = $1 and a.state <> 'stored' and m.deleted_at is null`,
    values: [id],
  })
  return (rows[0] as PendingAttachment | undefined) ?? null
}

export type AttachmentOutcome =
  | { readonly state: 'stored'; readonly fileId: string; readonly type: string; readonly size: number }
  | { readonly state: 'failed'; readonly reason: string }

/** A visible change of its message: the conversation's next version, the feed. Nothing changes what is stored already. */
export async function settleAttachment(db: Database, id: string, outcome: AttachmentOutcome): Promise<boolean> {
  const stored = outcome.state === 'stored' ? outcome : null
  return transaction(db, async (tx) => {
    const { rows } = await tx.query(
      `select m.conversation_id as "conversationId" from attachment a join message m on m.id = a.message_id where a.id = $1`,
      [id],
    )
    const conversationId = (rows[0] as { conversationId: string } | undefined)?.conversationId
    if (conversationId === undefined) return false
    const changed = await tx.query(
      `with locked as (select id from conversation where id = $6 for no key update)
       update attachment a set state = $2, file_id = $3, type = coalesce($4, type), size = coalesce($5, size), reason = $7
       from locked where a.id = $1 and a.state <> 'stored' and a.state <> $2 returning a.message_id as "messageId"`,
      [
        id,
        outcome.state,
        stored?.fileId ?? null,
        stored?.type ?? null,
        stored?.size ?? null,
        conversationId,
        outcome.state === 'failed' ? outcome.reason : null,
      ],
    )
    const messageId = (changed.rows[0] as { messageId: string } | undefined)?.messageId
    if (messageId === undefined) return false
    const { rows: touched } = await tx.query(
      `update conversation set version = version + 1 where id = $1 returning inbox_id as "inboxId", version`,
      [conversationId],
    )
    const at = touched[0] as { inboxId: string; version: string }
    await insertFeed(tx, [{ kind: 'message.updated', ...at, conversationId, messageId }])
    await notify(tx, ['feed'])
    return true
  })
}
