import type { InboundReceipt } from '../channel/contract.ts'
import { applyReceipt } from '../store/delivery-receipts.ts'
import { lockThreads } from '../store/thread.ts'
import type { ChangeOutcome } from './apply-event.ts'
import type { ApplyContext } from './apply-messages.ts'

/** What the platform says later of something we sent. One that overtakes its own delivery waits for it. */
export async function applyReceiptEvent(ctx: ApplyContext, event: InboundReceipt): Promise<ChangeOutcome> {
  const thread = (await lockThreads(ctx.tx, ctx.inbox.id, [event.thread])).get(event.thread.key)!
  const settled = await applyReceipt(ctx.tx, {
    inboxId: ctx.inbox.id,
    threadId: thread.id,
    ...(event.deliveryId !== undefined && { deliveryId: event.deliveryId }),
    externalId: event.externalId,
    upTo: event.upTo ?? false,
    receipt: event.receipt,
    reason: event.reason ?? null,
    ...(event.refused && { refused: event.refused }),
    at: event.occurredAt,
  })
  const messageId = settled?.messageIds[0]
  return settled && messageId !== undefined ? { conversationId: settled.conversationId, messageId } : null
}
