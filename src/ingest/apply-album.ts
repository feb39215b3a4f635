import type { EventOutcome, InboundMessage } from '../channel/contract.ts'
import { previewOf } from '../domain/conversation.ts'
import { insertAlbumPicture } from '../store/album.ts'
import { lockConversations, updateConversations } from '../store/conversation.ts'
import { insertFeed } from '../store/feed-insert.ts'
import { insertAttachments } from '../store/message.ts'
import type { ThreadRow } from '../store/thread.ts'
import type { ApplyContext } from './apply-messages.ts'
import { attachmentNames, attachmentRows } from './fold.ts'

/** A further picture of an album joins the message its first one made; null when this is the first. */
export async function applyToAlbum(
  ctx: ApplyContext,
  event: InboundMessage,
  thread: ThreadRow,
): Promise<EventOutcome | null> {
  const { tx } = ctx
  const { rows } = await tx.query(
    `select m.id, m.conversation_id as "conversationId", m.text,
        (select count(*)::int from attachment a where a.message_id = m.id) as attachments
      from message m where m.thread_id = $1 and m.group_key = $2 order by m.id limit 1`,
    [thread.id, event.groupKey],
  )
  const message = rows[0] as { id: string; conversationId: string; text: string; attachments: number } | undefined
  if (!message) return null
  const row = (await lockConversations(tx, [message.conversationId])).get(message.conversationId)!
  await insertAttachments(tx, attachmentRows(event, message.id, message.attachments))
  const { externalId } = event
  const text = await insertAlbumPicture(tx, {
    messageId: message.id,
    threadId: thread.id,
    externalId,
    text: event.text,
  })
  if (text !== message.text) await tx.query('update message set text = $2 where id = $1', [message.id, text])
  row.version += 1n
  row.preview = previewOf(text, attachmentNames(event))
  if (ctx.now > row.lastActivityAt) row.lastActivityAt = ctx.now
  await updateConversations(tx, [row])
  await insertFeed(tx, [
    {
      kind: 'message.updated',
      inboxId: ctx.inbox.id,
      conversationId: row.id,
      version: String(row.version),
      messageId: message.id,
    },
  ])
  return { kind: 'applied', messageId: message.id, conversationId: row.id }
}
