import { previewOf } from '../domain/conversation.ts'
import { insertActivities } from '../store/applied.ts'
import { type ConversationRow, lockConversations, updateConversations } from '../store/conversation.ts'
import { insertFeed } from '../store/feed-insert.ts'
import { type MessageRow, wordsBefore } from '../store/message-change.ts'
import type { ApplyContext } from './apply-messages.ts'

export interface Touch {
  readonly message: MessageRow
  /** The message's words after the change, when they changed. */
  readonly text?: string
  /** Said in the timeline when the case was closed already: an edit after the fact is an event of its own. */
  readonly activity?: string
}

/** A visible change of one message: the conversation's next version, its summary and the feed. */
export async function touchMessage(ctx: ApplyContext, touch: Touch): Promise<void> {
  const { message } = touch
  const row = (await lockConversations(ctx.tx, [message.conversationId])).get(message.conversationId)!
  row.version += 1n
  if (touch.text !== undefined && row.lastSeq === BigInt(message.seq)) {
    const shown =
      touch.text === '' ? await wordsBefore(ctx.tx, message) : { text: touch.text, direction: message.direction }
    row.preview = previewOf(shown.text, '')
    row.previewDirection = shown.direction
  }
  await updateConversations(ctx.tx, [row])
  if (touch.activity !== undefined && row.status === 'resolved') await noteActivity(ctx, row, touch)
  await insertFeed(ctx.tx, [
    {
      kind: 'message.updated',
      inboxId: ctx.inbox.id,
      conversationId: row.id,
      version: String(row.version),
      messageId: message.id,
    },
  ])
}

async function noteActivity(ctx: ApplyContext, row: ConversationRow, touch: Touch): Promise<void> {
  await insertActivities(ctx.tx, [
    {
      conversationId: row.id,
      version: row.version,
      afterSeq: row.lastSeq,
      kind: touch.activity!,
      actor: 'contact',
      data: { messageId: touch.message.id },
    },
  ])
}
