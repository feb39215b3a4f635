import type { InboundEvent } from '../channel/contract.ts'
import { readLinkCode } from '../domain/link-code.ts'
import { resolveIdentities } from '../store/identity.ts'
import { enqueueJobs } from '../store/job.ts'
import { spendLinkCode } from '../store/link-code.ts'
import { countAttempt } from '../store/sign-in-attempt.ts'
import { lockThreads } from '../store/thread.ts'
import type { ApplyContext } from './apply-messages.ts'
import type { InboundMessage } from './fold.ts'

/** Codes one account may try within the time in which tries are counted; beyond, not even a right one is looked at. */
const MOST_TRIES = 5

/** A code alone, or the one that a link to the bot carried along. */
export function linkCodeIn(event: InboundEvent): string | null {
  if (event.kind !== 'message' || (event.attachments?.length ?? 0) > 0) return null
  return readLinkCode(event.command?.name === 'start' ? (event.command.argument ?? '') : event.text)
}

/**
 * Uses up the code that this message is, in the message's own transaction. A wrong, used or expired one is an ordinary message;
 * the right one wakes nobody. Where others read along, or nobody knows who really writes, none is looked at.
 */
export async function redeemed(ctx: ApplyContext, event: InboundMessage, code: string): Promise<InboundMessage> {
  const { tx, inbox } = ctx
  if (event.thread.audience !== 'private' || event.occurredAt < inbox.liveSince) return event
  // Anybody can write any sender on a letter.
  if (event.letter && event.sender.verifiedBy === undefined) return event
  await lockThreads(tx, inbox.id, [event.thread])
  const identity = (await resolveIdentities(tx, inbox.channel, [event.sender])).get(event.sender.key)!
  if (identity.agentId !== null) return event
  if ((await countAttempt(tx, { key: `link-code:${identity.id}`, max: MOST_TRIES }, [])) !== null) return event
  // Letters, and browsers that visit a website, are nobody's account at a platform.
  const ownAccount = event.letter === undefined && event.clientId === undefined
  const used = await spendLinkCode(tx, { code, identityId: identity.id, ownAccount })
  if (!used || used.agentId !== null) return event
  // Two people are put together under more locks than this batch holds.
  await enqueueJobs(tx, [{ kind: 'link-contacts', payload: { codeId: used.id } }])
  return { ...event, quiet: true }
}
