import type { ExternalId, ThreadRef } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { Chat } from './wire.ts'

/** A thread's key in its parts: `<chat>[/<topic>][~<asker>]`. */
export interface Place {
  readonly chat: number
  readonly topic?: number
  /** Whose questions in a group these are; negative where a chat speaks. */
  readonly asker?: number
}

export function threadOf({ chat: id, topic, asker }: Place, chat: Pick<Chat, 'type' | 'username'>): ThreadRef {
  const key = `${id}${topic === undefined ? '' : `/${topic}`}${asker === undefined ? '' : `~${asker}`}`
  const kind =
    asker !== undefined ? 'asker' : topic !== undefined ? 'topic' : chat.type === 'private' ? 'chat' : 'group'
  // A group with a name of its own can be read by anybody.
  const audience = chat.type === 'private' ? 'private' : chat.username === undefined ? 'shared' : 'public'
  return { key, kind, audience, place: String(id) }
}

/** `thread.place` is where the chat is now; the key may still name the group it was before it became a supergroup. */
export function placeOf({ key, place }: ThreadRef): Place {
  const match = /^(-?\d+)(?:\/(\d+))?(?:~-?\d+)?$/.exec(key)
  if (!match) throw new ChannelError({ kind: 'rejected', reason: 'threadGone' }, 'This is no place in Telegram.')
  const chat = Number(place !== undefined && /^-?\d+$/.test(place) ? place : match[1])
  return { chat, ...(match[2] !== undefined && { topic: Number(match[2]) }) }
}

/** Supergroups count their messages anew: their ids must not meet those of the group they were. */
const isSupergroup = (chat: number) => chat < -1_000_000_000_000

export function externalIdOf(chat: number, messageId: number): ExternalId {
  return isSupergroup(chat) ? `s${messageId}` : String(messageId)
}

/** null: no message of this chat as it is now. */
export function messageIdOf(chat: number, externalId: ExternalId): number | null {
  const match = /^(s?)(\d{1,15})$/.exec(externalId)
  return match && (match[1] === 's') === isSupergroup(chat) ? Number(match[2]) : null
}
