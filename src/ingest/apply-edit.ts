import type { InboundEdit } from '../channel/contract.ts'
import { appendVersion, messageByExternalId, setMessageText } from '../store/message-change.ts'
import { lockThreads } from '../store/thread.ts'
import type { ChangeOutcome } from './apply-event.ts'
import type { ApplyContext } from './apply-messages.ts'
import { touchMessage } from './touch.ts'

/** A customer changed what was said. Platforms also "edit" when they unfold a link: the same words are no edit. */
export async function applyEdit(ctx: ApplyContext, event: InboundEdit): Promise<ChangeOutcome> {
  const { tx } = ctx
  const thread = (await lockThreads(tx, ctx.inbox.id, [event.thread])).get(event.thread.key)!
  const message = await messageByExternalId(tx, thread.id, event.externalId)
  if (!message) return null
  const done = { conversationId: message.conversationId, messageId: message.id }
  const html = event.html ?? null
  if (event.text === message.text && html === message.html) return done
  await appendVersion(tx, message, { kind: 'edit', text: event.text, html, actor: 'contact', at: event.occurredAt })
  const stale = message.editedAt !== null && event.occurredAt < message.editedAt
  if (stale || message.deletedAt !== null) return done
  await setMessageText(tx, message.id, event.text, html, event.occurredAt)
  await touchMessage(ctx, { message, text: event.text, activity: 'editedAfterResolve' })
  return done
}
