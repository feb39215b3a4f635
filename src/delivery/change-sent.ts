import { isDeepStrictEqual } from 'node:util'
import { previewOf } from '../domain/conversation.ts'
import { lockConversations, updateConversations } from '../store/conversation.ts'
import { type Queryable, transaction } from '../store/database.ts'
import {
  type DeliveryPayload,
  insertDeliveries,
  lockThread,
  type NewDelivery,
  type Priority,
} from '../store/delivery.ts'
import { rewriteLetter } from '../store/delivery-letter.ts'
import { cancelUnsent } from '../store/delivery-resolve.ts'
import { insertFeed, notify } from '../store/feed-insert.ts'
import { appendVersion, setMessageDeleted, setMessageText, setReactions, wordsBefore } from '../store/message-change.ts'
import { type ChangeableMessage, changeableMessage } from '../store/message-sent.ts'
import { arrived, ChangeRefused, editsOf, nothing, refuseUnlessCan, removalsOf } from './change-parts.ts'
import { newKey } from './idempotency-key.ts'
import type { ReplyContext } from './reply-input.ts'

/** What a change writes besides the deliveries that carry it out. */
interface Change extends Pick<EditWish, 'when' | 'priority'> {
  readonly deliveries: readonly NewDelivery[]
  /** What a list says of it, when that changes. */
  readonly preview?: string
  write(tx: Queryable, message: ChangeableMessage, now: Date): Promise<void>
}

export interface EditWish {
  readonly messageId: string
  readonly text: string
  readonly actor: string
  /** Asked under the conversation's lock: false, and nothing changes. */
  readonly when?: (tx: Queryable) => Promise<boolean>
  readonly priority?: Priority
}

/** New words for what we said: the message at once, the platform through the outbox. Throws ChangeRefused. */
export async function editMessage(ctx: ReplyContext, wish: EditWish): Promise<string> {
  const { messageId, text: given, actor, when, priority } = wish
  const text = Buffer.from(given.replaceAll('\0', '')).toString()
  return change(ctx, messageId, async (message) => {
    refuseUnlessOurs(message)
    if (text.trim() === '' && message.fileIds.length === 0) throw new ChangeRefused('empty', 'There is nothing to say.')
    if (text === message.text) return null
    const edits = message.direction === 'note' ? { deliveries: [] } : await editsOf(ctx, message, text)
    return {
      ...edits,
      ...(when && { when }),
      ...(priority && { priority }),
      write: async (tx, before, now) => {
        await appendVersion(tx, before, { kind: 'edit', text, html: null, actor, at: now })
        await setMessageText(tx, before.id, text, null, now)
      },
    }
  })
}

/** Calls back what we said; what of it was not sent yet stays unsent. Throws ChangeRefused. */
export async function removeMessage(
  ctx: ReplyContext,
  { messageId, actor }: { messageId: string; actor: string },
): Promise<string> {
  return change(ctx, messageId, async (message) => {
    refuseUnlessOurs(message)
    const unsent = message.parts.filter(({ state }) => ['pending', 'held', 'failed'].includes(state))
    const sent = arrived(message.parts.filter((part) => !unsent.includes(part) && part.state !== 'cancelled'))
    if (sent.length > 0) await refuseUnlessCan(ctx, message, 'remove')
    return {
      deliveries: sent.flatMap(removalsOf),
      ...(message.direction === 'out' && { preview: '' }),
      write: async (tx, before, now) => {
        if ((await cancelUnsent(tx, before)) !== unsent.length) throw new Moved()
        await appendVersion(tx, before, { kind: 'removal', text: '', html: null, actor, at: now })
        await setMessageDeleted(tx, before.id, { actor, at: now, keepWords: before.retentionDays !== null })
      },
    }
  })
}

/** The complete set of ours after the change; one for the whole desk, which is one account to the platform. Throws ChangeRefused. */
export async function reactToMessage(
  ctx: ReplyContext,
  { messageId, reactions }: { messageId: string; reactions: readonly string[] },
): Promise<string> {
  return change(ctx, messageId, async (message) => {
    if (message.deletedAt !== null) throw new ChangeRefused('deleted', 'This message was deleted.')
    const { us: before = [], ...others } = message.reactions ?? {}
    if (isDeepStrictEqual(before, [...reactions])) return null
    await refuseUnlessCan(ctx, message, 'reactions')
    const target = message.externalId ?? message.parts.find((part) => part.externalId !== null)?.externalId
    if (target === undefined || target === null) {
      throw new ChangeRefused('notSent', 'The platform does not know this message.')
    }
    const payload: DeliveryPayload = { ...nothing, text: reactions.join(' '), target, reactions: [...reactions] }
    return {
      deliveries: [{ part: 0, payload, idempotencyKey: newKey(), operation: 'react' }],
      write: (tx) => setReactions(tx, messageId, reactions.length > 0 ? { ...others, us: [...reactions] } : others),
    }
  })
}

/** It is not as it was decided upon: the transaction goes back. */
class Moved extends Error {}

/** Decides without a lock, because rendering may be slow; commits only if the message is still as it was decided upon. */
async function change(
  ctx: ReplyContext,
  messageId: string,
  decide: (message: ChangeableMessage) => Promise<Change | null>,
): Promise<string> {
  for (let tries = 0; tries < 5; tries++) {
    const message = await changeableMessage(ctx.db.pool, messageId)
    if (!message) throw new ChangeRefused('unknownMessage', 'There is no such message.')
    const decided = await decide(message)
    if (!decided) return message.conversationId
    try {
      await transaction(ctx.db, async (tx) => {
        await lockThread(tx, message.threadId)
        if (!isDeepStrictEqual(await changeableMessage(tx, messageId), message)) throw new Moved()
        await commit(tx, message, decided, ctx.clock())
      })
      return message.conversationId
    } catch (error) {
      if (!(error instanceof Moved)) throw error
    }
  }
  throw new Error('a message kept changing while it was to be changed')
}

async function commit(tx: Queryable, message: ChangeableMessage, decided: Change, now: Date): Promise<void> {
  const { id, conversationId, threadId, inboxId, place } = message
  // Locks the letters' thread, so before the conversation.
  if (decided.preview !== undefined) await rewriteLetter(tx, message)
  const row = (await lockConversations(tx, [conversationId])).get(conversationId)!
  if (decided.when && !(await decided.when(tx))) throw new ChangeRefused('overtaken', 'It is not so any more.')
  row.version += 1n
  if (decided.preview !== undefined && row.lastSeq === BigInt(message.seq)) {
    const { text, direction } = decided.preview === '' ? await wordsBefore(tx, message) : { text: '', direction: 'out' }
    row.preview = decided.preview || previewOf(text, '')
    row.previewDirection = direction
  }
  await decided.write(tx, message, now)
  await updateConversations(tx, [row])
  const at = { inboxId, threadId, place, conversationId, messageId: id, replyTo: null }
  await insertDeliveries(tx, { ...at, priority: decided.priority ?? 'person' }, decided.deliveries)
  const version = String(row.version)
  await insertFeed(tx, [{ kind: 'message.updated', inboxId: row.inboxId, conversationId, version, messageId: id }])
  await notify(tx, decided.deliveries.length > 0 ? ['feed', 'delivery'] : ['feed'])
}

function refuseUnlessOurs(message: ChangeableMessage): void {
  if (message.deletedAt !== null) throw new ChangeRefused('deleted', 'This message was deleted.')
  if (message.direction === 'in') throw new ChangeRefused('notOurs', 'Only what you said can be changed.')
}
