import type { Activity } from '../../../src/wire/conversation.ts'
import type { Message } from '../../../src/wire/message.ts'

export interface Transcript {
  /** Ascending by seq, without holes. */
  messages: Message[]
  activities: Activity[]
  hasOlder: boolean
}

/** The newest page over what is held. A hole between them means the older part is too old to keep. */
export function mergeNewest(old: Transcript | undefined, page: Message[], hasOlder: boolean): Transcript {
  const activities = old?.activities ?? []
  const first = page[0]
  const oldLast = old?.messages.at(-1)
  if (!old || !first || !oldLast || first.seq > oldLast.seq + 1) return { messages: page, activities, hasOlder }
  const kept = old.messages.filter((message) => message.seq < first.seq)
  return { messages: [...kept, ...page], activities, hasOlder: kept.length ? old.hasOlder : hasOlder }
}

export function prependOlder(old: Transcript, page: Message[], hasOlder: boolean): Transcript {
  const known = new Set(old.messages.map((message) => message.id))
  return { ...old, messages: [...page.filter((message) => !known.has(message.id)), ...old.messages], hasOlder }
}

/** Our own reply, answered by POST before any hint. */
export function addOwn(old: Transcript, message: Message): Transcript {
  const messages = old.messages.filter((known) => known.id !== message.id)
  const at = messages.findIndex((known) => known.seq > message.seq)
  return { ...old, messages: at < 0 ? [...messages, message] : messages.toSpliced(at, 0, message) }
}
