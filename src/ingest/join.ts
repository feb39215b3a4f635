import { createHash } from 'node:crypto'
import type { InboundEcho, InboundEvent, InboundReceipt, Join, ThreadRef } from '../channel/contract.ts'
import { type JoinedThread, moveEvent, threadOfDelivery, threadOfJoin } from '../store/join.ts'
import type { Recorded } from './apply-event.ts'
import type { ApplyContext } from './apply-messages.ts'
import type { InboundMessage } from './fold.ts'

/** Events that must look for their thread, one at a time: a letter may answer one of the same batch. */
export function seeksThread(event: InboundEvent): boolean {
  if (event.kind === 'message') return event.letter !== undefined || (event.joins?.length ?? 0) > 0
  if (event.kind === 'echo') return event.deliveryId !== undefined || (event.joins?.length ?? 0) > 0
  return event.kind === 'receipt' && event.deliveryId !== undefined
}

/** The same event, in the thread it belongs to. */
export async function inItsThread(ctx: ApplyContext, { rowId, event }: Recorded): Promise<InboundEvent> {
  const found =
    event.kind === 'message' ? await joined(ctx, event) : await ours(ctx, event as InboundEcho | InboundReceipt)
  if (found.thread.key !== event.thread.key) await moveEvent(ctx.tx, rowId, found.thread.key)
  return found
}

/** A reference never joins people: only who takes part in a thread already adds to it; to others it is a claim. */
async function joined(ctx: ApplyContext, event: InboundMessage): Promise<InboundMessage> {
  let claimed: string | null = null
  for (const join of event.joins ?? []) {
    const thread = await find(ctx, event.sender.key, join)
    if (thread?.takesPart) return { ...event, thread: refOf(thread), joinedBy: join.by }
    claimed ??= thread?.conversationId ?? null
  }
  // A letter's thread is named after the letter, and whoever saw its id can write another of that name.
  const taken = event.letter && (await find(ctx, event.sender.key, { by: 'token', threadKey: event.thread.key }))
  const thread = taken && !taken.takesPart ? { ...event.thread, key: keyOfItsOwn(event) } : event.thread
  if (thread !== event.thread) claimed ??= taken?.conversationId ?? null
  return { ...event, thread, ...(claimed !== null && { claims: claimed }) }
}

// Letters and digits only, as an address may have to carry it.
function keyOfItsOwn({ thread, eventId }: InboundMessage): string {
  return createHash('sha256').update(`${thread.key} ${eventId}`).digest('hex').slice(0, 24)
}

async function ours(ctx: ApplyContext, event: InboundEcho | InboundReceipt): Promise<InboundEcho | InboundReceipt> {
  if (event.deliveryId !== undefined) {
    const thread = await threadOfDelivery(ctx.tx, ctx.inbox.id, event.deliveryId)
    return thread ? { ...event, thread: refOf(thread) } : event
  }
  for (const join of (event.kind === 'echo' && event.joins) || []) {
    const thread = await find(ctx, '', join)
    if (thread) return { ...event, thread: refOf(thread) }
  }
  return event
}

function find({ tx, inbox }: ApplyContext, senderKey: string, join: Join): Promise<JoinedThread | null> {
  return threadOfJoin(tx, { inboxId: inbox.id, channel: inbox.channel, senderKey, join })
}

function refOf({ key, kind, audience, place }: Omit<JoinedThread, 'takesPart'>): ThreadRef {
  return { key, kind, audience, place }
}
