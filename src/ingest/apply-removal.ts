import type { InboundReaction, InboundRemoval } from '../channel/contract.ts'
import { isOvertaken } from '../store/change-order.ts'
import { resolveIdentities } from '../store/identity.ts'
import { appendVersion, messageByExternalId, setMessageDeleted, setReactions } from '../store/message-change.ts'
import { lockThreads } from '../store/thread.ts'
import type { ChangeOutcome } from './apply-event.ts'
import type { ApplyContext } from './apply-messages.ts'
import { touchMessage } from './touch.ts'

export async function applyRemoval(ctx: ApplyContext, event: InboundRemoval): Promise<ChangeOutcome> {
  const { tx } = ctx
  const thread = (await lockThreads(tx, ctx.inbox.id, [event.thread])).get(event.thread.key)!
  const message = await messageByExternalId(tx, thread.id, event.externalId)
  if (!message) return null
  const done = { conversationId: message.conversationId, messageId: message.id }
  if (message.deletedAt !== null) return done
  await appendVersion(tx, message, { kind: 'removal', text: '', html: null, actor: 'contact', at: event.occurredAt })
  await setMessageDeleted(tx, message.id, {
    actor: message.direction === 'in' ? 'contact' : 'platform',
    at: event.occurredAt,
    keepWords: ctx.inbox.retentionDays !== null,
  })
  await touchMessage(ctx, { message, text: '', activity: 'deletedAfterResolve' })
  return done
}

export async function applyReaction(ctx: ApplyContext, event: InboundReaction): Promise<ChangeOutcome> {
  const { tx } = ctx
  const thread = (await lockThreads(tx, ctx.inbox.id, [event.thread])).get(event.thread.key)!
  const message = await messageByExternalId(tx, thread.id, event.externalId)
  if (!message) return null
  const identities = await resolveIdentities(tx, ctx.inbox.channel, [event.sender])
  const whose = identities.get(event.sender.key)!.id
  const done = { conversationId: message.conversationId, messageId: message.id, whose }
  if (await isOvertaken(tx, { messageId: message.id, kind: 'reaction', whose }, event.occurredAt)) return done
  const { [whose]: _before, ...others } = message.reactions ?? {}
  const own = event.reactions.length === 0 ? {} : { [whose]: [...event.reactions] }
  await setReactions(tx, message.id, { ...others, ...own })
  await touchMessage(ctx, { message })
  return done
}
