import { createHash } from 'node:crypto'
import { openConversation } from '../store/conversation-open.ts'
import type { Recipients } from '../store/letter.ts'
import { renderReply } from './render-reply.ts'
import { reply } from './reply.ts'
import { keyOf, type ReplyContext, type ReplyInput, ReplyRejected, type ReplyResult } from './reply-input.ts'

export type FirstLetter = Omit<ReplyInput, 'conversationId' | 'kind' | 'replyTo' | 'recipients'> & {
  readonly inboxId: string
  readonly recipients: Recipients
}

/**
 * We speak first: a conversation with its first message. What could be refused is refused before anything is written; whoever
 * dies in between and asks again with the same client id finds the same conversation.
 */
export async function writeFirst(ctx: ReplyContext, first: FirstLetter): Promise<ReplyResult> {
  const { inboxId, recipients, ...rest } = first
  const { adapter, settings } = await ctx.connections.describe(inboxId)
  const seed = createHash('sha256')
    .update(`${keyOf(first.author)} ${first.clientId}`)
    .digest('hex')
    .slice(0, 24)
  const thread = adapter.newThread?.(seed, settings)
  if (!thread || !adapter.addressee || adapter.capabilities(settings).startThread === 'rejected') {
    throw new ReplyRejected('unsupported', `${adapter.name} cannot write to somebody who has not written before.`)
  }
  const input = { ...rest, kind: 'reply' as const, recipients }
  const { key, kind, audience, place = key } = thread
  const way = {
    ...{ inboxId, threadId: '0', key, kind, audience, place },
    ...{ replyTo: null, asked: null, mergedInto: null, erased: false },
  }
  const { addressees, letter } = await renderReply(ctx, { ...input, conversationId: '0' }, way)
  const subject = letter?.subject ?? first.subject ?? null
  const agentId = first.author.type === 'agent' ? (first.author.id ?? null) : null
  const status = first.author.type === 'system' ? ('resolved' as const) : ('open' as const)
  const wish = { inboxId, thread, addressees, subject, agentId, status, now: ctx.clock() }
  const conversationId = await openConversation(ctx.db, wish)
  if (conversationId === null) throw new ReplyRejected('inboxGone', 'This inbox cannot be used any more.')
  return reply(ctx, { ...input, conversationId })
}
