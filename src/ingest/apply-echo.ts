import type { InboundEcho } from '../channel/contract.ts'
import { settleEcho } from '../store/delivery-receipts.ts'
import { lockThreads } from '../store/thread.ts'
import type { ChangeOutcome } from './apply-event.ts'
import { type ApplyContext, applyMessages } from './apply-messages.ts'
import type { InboundMessage } from './fold.ts'

/**
 * Our own account spoke. What we sent settles its delivery; while a send of this thread is still on its way nobody can
 * know whether the echo is it, so the echo waits; anything else was written in the platform's own app.
 */
export async function applyEcho(ctx: ApplyContext, event: InboundEcho): Promise<ChangeOutcome> {
  const { tx, inbox } = ctx
  const thread = (await lockThreads(tx, inbox.id, [event.thread])).get(event.thread.key)!
  const settled = await settleEcho(tx, {
    inboxId: inbox.id,
    threadId: thread.id,
    externalId: event.externalId,
    text: event.text,
    ...(event.idempotencyKey !== undefined && { idempotencyKey: event.idempotencyKey }),
    ...(event.deliveryId !== undefined && { deliveryId: event.deliveryId }),
  })
  if (settled) return { conversationId: settled.conversationId, messageId: settled.messageId }
  const { rows } = await tx.query(
    `select 1 from delivery where thread_id = $1 and state = 'sending' and operation in ('send', 'letter') limit 1`,
    [thread.id],
  )
  if (rows.length > 0) return null
  const { outcomes } = await applyMessages(ctx, [writtenElsewhere(event, inbox.id)])
  const outcome = outcomes[0]
  return outcome?.kind === 'applied' || outcome?.kind === 'duplicate'
    ? { conversationId: outcome.conversationId!, messageId: outcome.messageId! }
    : null
}

/** Nobody of ours is known to have written it: the account itself is the sender, and it is no customer. */
function writtenElsewhere(event: InboundEcho, inboxId: string): InboundMessage {
  return {
    kind: 'message',
    eventId: event.eventId,
    thread: event.thread,
    occurredAt: event.occurredAt,
    raw: null,
    sender: event.sender ?? { key: `${inboxId}:us`, name: '' },
    externalId: event.externalId,
    text: event.text,
    outgoing: true,
    ...(event.html !== undefined && { html: event.html }),
    ...(event.subject !== undefined && { subject: event.subject }),
    ...(event.letter && { letter: event.letter }),
    ...(event.addressees && { addressees: event.addressees }),
    ...(event.fullText !== undefined && { fullText: event.fullText }),
    ...(event.attachments && { attachments: event.attachments }),
    ...(event.replyTo !== undefined && { replyTo: event.replyTo }),
  }
}
