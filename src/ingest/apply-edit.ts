import type { InboundEdit } from '../channel/contract.ts'
import { rewordAlbum } from '../store/album.ts'
import { isOvertaken } from '../store/change-order.ts'
import { appendVersion, messageByExternalId, setMessageText } from '../store/message-change.ts'
import { wordsAfter } from '../store/message-sent.ts'
import { lockThreads } from '../store/thread.ts'
import type { ChangeOutcome } from './apply-event.ts'
import type { ApplyContext } from './apply-messages.ts'
import { ownPlaceOf } from './staff.ts'
import { touchMessage } from './touch.ts'

/** What was said was changed at the platform: by the customer, or ours in the platform's own app. Platforms also "edit" when they unfold a link: the same words are no edit. */
export async function applyEdit(ctx: ApplyContext, event: InboundEdit): Promise<ChangeOutcome> {
  const { tx } = ctx
  const found = await whatWasSaid(ctx, event)
  if (!found) return null
  const { thread, message } = found
  const done = { conversationId: message.conversationId, messageId: message.id }
  // Its words are gone for good, and so are those it would say now.
  if (message.deletedBy === 'erasure' || message.deletedBy === 'retention') return done
  const ours = message.direction === 'out'
  const picture = { messageId: message.id, threadId: thread.id, externalId: event.externalId, text: event.text }
  const text = ours ? await wordsAfter(tx, picture) : ((await rewordAlbum(tx, picture)) ?? event.text)
  const html = event.html ?? null
  if (text === null || (text === message.text && html === message.html)) return done
  const actor = ours ? 'platform' : 'contact'
  // Words that come after the removal are as gone as those before it.
  if (message.deletedAt !== null && ctx.inbox.retentionDays === null) return done
  await appendVersion(tx, message, { kind: 'edit', text, html, actor, at: event.occurredAt })
  const change = { messageId: message.id, kind: 'edit' } as const
  const stale =
    (message.editedAt !== null && event.occurredAt < message.editedAt) ||
    (await isOvertaken(tx, change, event.occurredAt))
  if (stale || message.deletedAt !== null) return done
  await setMessageText(tx, message.id, text, html, event.occurredAt)
  await touchMessage(ctx, { message, text, activity: 'editedAfterResolve' })
  return done
}

async function whatWasSaid(ctx: ApplyContext, event: InboundEdit) {
  const { tx, inbox } = ctx
  const ref = (await ownPlaceOf(ctx, event)) ?? event.thread
  const thread = (await lockThreads(tx, inbox.id, [ref])).get(ref.key)!
  const message = await messageByExternalId(tx, thread.id, event.externalId)
  return message && { thread, message }
}
