import type { InboundEdit, ThreadRef } from '../channel/contract.ts'
import { statusAfterReply } from '../domain/conversation.ts'
import type { ConversationRow } from '../store/conversation.ts'
import { existingIdentities, type IdentityRow } from '../store/identity.ts'
import { countIgnored } from '../store/inbound.ts'
import { placeOfStaffMessage, placeWithCustomer } from '../store/staff-answer.ts'
import type { ApplyContext } from './apply-messages.ts'
import type { InboundMessage, Plan, Said } from './fold.ts'

export function isByStaff(event: InboundMessage, identities: ReadonlyMap<string, IdentityRow>): boolean {
  return (identities.get(event.sender.key)?.agentId ?? null) !== null
}

export interface Placed {
  readonly events: readonly InboundMessage[]
  /** Not between us and a customer. */
  readonly leftOut: ReadonlySet<InboundMessage>
}

/**
 * What colleagues write from accounts of their own belongs where the customer is whom they answer, whatever place the platform gives
 * to its writer; where there is no customer it is nothing for us.
 */
export async function placeStaff(
  { tx, inbox }: ApplyContext,
  given: readonly InboundMessage[],
  identities: ReadonlyMap<string, IdentityRow>,
): Promise<Placed> {
  const leftOut = new Set<InboundMessage>()
  const byStaff = (event: InboundMessage) => isByStaff(event, identities)
  if (!given.some(byStaff)) return { events: given, leftOut }
  const events: InboundMessage[] = []
  for (const event of given) {
    if (!byStaff(event)) {
      events.push(event)
      continue
    }
    const thread = await placeWithCustomer(tx, { inboxId: inbox.id, thread: event.thread, replyTo: event.replyTo })
    if (thread) events.push({ ...event, thread })
    else leftOut.add(event)
  }
  if (leftOut.size > 0) await countIgnored(tx, inbox.id, new Map([['written by staff', leftOut.size]]))
  return { events, leftOut }
}

/** Where a colleague's message stands that is changed now; null: it is none of ours. */
export async function ownPlaceOf({ tx, inbox }: ApplyContext, event: InboundEdit): Promise<ThreadRef | null> {
  const { sender, thread, externalId } = event
  if (!sender) return null
  const identity = (await existingIdentities(tx, inbox.channel, [sender])).get(sender.key)
  if (!identity || identity.agentId === null) return null
  return placeOfStaffMessage(tx, { inboxId: inbox.id, thread, externalId, identityId: identity.id })
}

/** As if it had been written here: the customer waits no more, and whoever answered has the case. */
export function noteStaffAnswer(plan: Plan, { identity }: Said, row: ConversationRow): void {
  const { agentId } = identity
  if (agentId === null) return
  const from = row.status
  row.status = statusAfterReply(from)
  row.waitingSince = null
  const at = { conversationId: row.id, version: row.version, afterSeq: row.lastSeq }
  if (row.status !== from) {
    const data = { from, to: row.status }
    plan.activities.push({ ...at, kind: 'statusChanged', actor: `agent:${agentId}`, data })
  }
  plan.answers.push({ conversationId: row.id, agentId, seq: row.lastSeq })
}
