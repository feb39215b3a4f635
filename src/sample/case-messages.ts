import type { NewAttachment, NewMessage } from '../store/message.ts'
import type { Desk } from './desk-files.ts'
import type { CaseGround } from './load-cases.ts'
import { idOf } from './names.ts'

type Written = Desk['conversations'][number]
type Said = Written['messages'][number]

interface Place {
  readonly id: string
  readonly threadId: string
  readonly identityId: string
  readonly messageIds: readonly string[]
}

export interface CaseMessages {
  readonly messages: readonly NewMessage[]
  readonly attachments: readonly NewAttachment[]
}

export function messagesOf(ground: CaseGround, written: Written, place: Place): CaseMessages {
  const messages = written.messages.map((said, at) => messageOf(ground, said, { place, at, written }))
  const attachments = written.messages.flatMap(({ attachment }, at): NewAttachment[] => {
    const file = attachment === undefined ? undefined : ground.files.get(attachment)
    const message = messages[at]
    if (!file || !message) return []
    const { id: fileId, name, type, size } = file
    return [{ messageId: message.id, ordinal: 0, name, type, size, inline: false, ref: null, fileId }]
  })
  return { messages, attachments }
}

const speakers = {
  customer: { direction: 'in', senderType: 'contact' },
  agent: { direction: 'out', senderType: 'agent' },
  bot: { direction: 'out', senderType: 'bot' },
  note: { direction: 'note', senderType: 'agent' },
} as const

interface Spot {
  readonly place: Place
  readonly written: Written
  /** From 0. */
  readonly at: number
}

function messageOf({ names, now, source }: CaseGround, said: Said, { place, at, written }: Spot): NewMessage {
  const { from, agent, article, minutesAgo } = said
  const senderAgentId = agent === undefined ? null : idOf(names.agents, agent)
  const link = article === undefined ? null : source(written.contact.language, article)
  const seq = BigInt(at + 1)
  return {
    id: place.messageIds[at] ?? '',
    conversationId: place.id,
    threadId: place.threadId,
    seq,
    version: seq,
    ...speakers[from],
    senderIdentityId: from === 'customer' ? place.identityId : null,
    senderAgentId,
    text: link === null ? said.text.trim() : `${said.text.trim()}\n\n${link}`,
    html: null,
    subject: at === 0 ? (written.subject ?? null) : null,
    externalId: null,
    replyToId: null,
    groupKey: null,
    authorKey: null,
    clientId: null,
    // Rules can be tried on it, and promises run on what is open.
    history: false,
    automatic: from === 'bot',
    byProgram: false,
    // Of two in one minute the later one stays the later.
    occurredAt: new Date(now.getTime() - minutesAgo * 60_000 + at * 1_000),
    letter: null,
    fullText: null,
    joinedBy: null,
  }
}

/** Since when the customer waits for a person's word; null: a person spoke last. */
export function waitingSince(messages: readonly NewMessage[]): Date | null {
  const answered = messages.findLastIndex(({ senderType, direction }) => senderType === 'agent' && direction === 'out')
  const asked = messages.slice(answered + 1).find(({ direction }) => direction === 'in')
  return asked?.occurredAt ?? null
}
