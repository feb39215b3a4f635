import { isDeepStrictEqual } from 'node:util'
import type { DescribedInbox, RenderedPart, ThreadRef } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { previewOf } from '../domain/conversation.ts'
import type { NewDelivery } from '../store/delivery.ts'
import { findFiles } from '../store/file.ts'
import type { ChangeableMessage, SentPart } from '../store/message-sent.ts'
import { newKey } from './idempotency-key.ts'
import type { ReplyContext } from './reply-input.ts'

/** Cannot be changed. The message is a sentence for whoever wanted it. */
export class ChangeRefused extends Error {
  readonly code:
    | 'unknownMessage'
    | 'deleted'
    | 'empty'
    | 'notOurs'
    | 'notSent'
    | 'unsupported'
    | 'inboxGone'
    | 'overtaken'

  constructor(code: ChangeRefused['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ChangeRefused'
    this.code = code
  }
}

export type ArrivedPart = SentPart & { readonly externalId: string }

/** A part on its way, or of which nobody knows whether it arrived, cannot be changed at the platform. */
export function arrived(parts: readonly SentPart[]): ArrivedPart[] {
  return parts.map((part) => {
    if (part.externalId === null || !['sent', 'delivered', 'read'].includes(part.state)) {
      throw new ChangeRefused('notSent', 'This message has not arrived completely, so it cannot be changed yet.')
    }
    return { ...part, externalId: part.externalId }
  })
}

export async function editsOf(ctx: ReplyContext, message: ChangeableMessage, text: string) {
  const inbox = await refuseUnlessCan(ctx, message, 'edit')
  const sent = arrived(message.parts)
  const parts = await rendered(ctx, inbox, message, text)
  if (parts.length > sent.length) {
    throw new ChangeRefused('unsupported', `Too long for a change: ${inbox.adapter.name} would need another message.`)
  }
  const surplus = sent.slice(parts.length)
  if (surplus.length > 0) await refuseUnlessCan(ctx, message, 'remove')
  const edits = parts.flatMap((payload, index): NewDelivery[] => {
    const { part, externalId, payload: before } = sent[index]!
    if (isDeepStrictEqual(JSON.parse(JSON.stringify(payload.payload)), before)) return []
    return [{ part, payload: { ...payload, target: externalId }, idempotencyKey: newKey(), operation: 'edit' }]
  })
  const preview = previewOf(parts.map((part) => part.text).join(' '), '')
  return { deliveries: [...edits, ...surplus.flatMap(removalsOf)], preview }
}

async function rendered(
  ctx: ReplyContext,
  inbox: DescribedInbox,
  message: ChangeableMessage,
  text: string,
): Promise<readonly RenderedPart[]> {
  const found = new Map((await findFiles(ctx.db.pool, [...message.fileIds])).map((file) => [file.id, file]))
  const attachments = message.fileIds.flatMap((id) => {
    const file = found.get(id)
    return file ? [{ id, name: file.name, type: file.type, size: file.size }] : []
  })
  const { replyTo, choices } = message
  const content = { text, attachments, ...(replyTo !== null && { replyTo }), ...(choices && { choices }) }
  try {
    return inbox.adapter.render(content, inbox.settings, threadOf(message))
  } catch (error) {
    if (error instanceof ChannelError) throw new ChangeRefused('unsupported', error.message, { cause: error })
    throw error
  }
}

export async function refuseUnlessCan(
  ctx: ReplyContext,
  message: ChangeableMessage,
  what: 'edit' | 'remove' | 'reactions',
): Promise<DescribedInbox> {
  const inbox = await ctx.connections.describe(message.inboxId).catch((error: unknown) => {
    if (!(error instanceof ChannelError)) throw error
    throw new ChangeRefused('inboxGone', 'The inbox of this conversation cannot be used any more.', { cause: error })
  })
  const can = inbox.adapter.capabilities(inbox.settings, threadOf(message))
  const support = what === 'reactions' ? can.reactions.out : can[what]
  if (support === 'full' || support === 'partial') return inbox
  const words = { edit: 'change', remove: 'delete', reactions: 'react to' }[what]
  throw new ChangeRefused('unsupported', `${inbox.adapter.name} does not let us ${words} messages.`)
}

function threadOf({ key, kind, audience, place }: ChangeableMessage): ThreadRef {
  return { key, kind, audience, place }
}

export const nothing = { text: '', length: 0, fileIds: [], payload: null }

/** Of an album each picture. */
export function removalsOf({ part, externalId, more }: ArrivedPart): NewDelivery[] {
  const targets = [externalId, ...more]
  return targets.map((target) => ({
    part,
    payload: { ...nothing, target },
    idempotencyKey: newKey(),
    operation: 'remove',
  }))
}
