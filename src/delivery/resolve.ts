import { insertActivities } from '../store/applied.ts'
import { lockConversations } from '../store/conversation.ts'
import { type Database, transaction } from '../store/database.ts'
import { type DeliveryState, lockThread } from '../store/delivery.ts'
import {
  findDelivery,
  type ResolvableDelivery,
  resolveAsLeft,
  resolveAsResend,
  resolveAsSent,
} from '../store/delivery-resolve.ts'
import { announceDelivery } from '../store/delivery-settle.ts'
import { notify } from '../store/feed-insert.ts'

export type Resolution = 'sent' | 'resend' | 'leave'

export type ResolveResult =
  | { readonly kind: 'resolved'; readonly delivery: ResolvableDelivery }
  | { readonly kind: 'unknown' }
  /** It is in a state in which there is nothing to settle; perhaps it has just arrived. */
  | { readonly kind: 'settled'; readonly state: DeliveryState }

const allowed: Readonly<Record<Resolution, readonly DeliveryState[]>> = {
  sent: ['uncertain'],
  resend: ['uncertain', 'failed'],
  leave: ['uncertain', 'failed'],
}
const apply = { sent: resolveAsSent, resend: resolveAsResend, leave: resolveAsLeft } as const

/** An agent settles what the platform did not. The caller has checked that the agent may write in the conversation. */
export async function resolveDelivery(
  db: Database,
  input: { readonly deliveryId: string; readonly as: Resolution; readonly actor: string },
): Promise<ResolveResult> {
  const before = await findDelivery(db.pool, input.deliveryId)
  if (!before) return { kind: 'unknown' }
  return transaction(db, async (tx): Promise<ResolveResult> => {
    await lockThread(tx, before.threadId)
    const row = await findDelivery(tx, input.deliveryId)
    if (!row) return { kind: 'unknown' }
    if (!allowed[input.as].includes(row.state)) return { kind: 'settled', state: row.state }
    await apply[input.as](tx, row)
    const after = (await findDelivery(tx, row.id)) ?? row
    await announceDelivery(tx, row.id, after.state)
    const conversation = (await lockConversations(tx, [row.conversationId])).get(row.conversationId)
    if (conversation) {
      const { version, lastSeq } = conversation
      const data = { deliveryId: row.id, messageId: row.messageId, as: input.as }
      const said = { kind: 'deliveryResolved', actor: input.actor, data }
      await insertActivities(tx, [{ conversationId: row.conversationId, version, afterSeq: lastSeq, ...said }])
    }
    await notify(tx, ['feed'])
    return { kind: 'resolved', delivery: after }
  })
}
