import type { Letter, LetterAddress } from '../channel/contract.ts'
import { subjectKeyOf } from '../channel/subject.ts'
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
  /** What is written there are letters to this address; null: they are none. */
  readonly letters: string | null
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
    letter: place.letters === null || from === 'note' ? null : letterOf(written, from === 'customer', place.letters),
    fullText: null,
    joinedBy: null,
  }
}

/** Between the customer and the inbox, and nobody else. */
function letterOf({ contact, subject = '' }: Written, isTheirs: boolean, ourAddress: string): Letter {
  const theirs: LetterAddress = { name: contact.name, address: contact.email ?? '' }
  const ours: LetterAddress = { name: '', address: ourAddress }
  const [from, to] = isTheirs ? [theirs, ours] : [ours, theirs]
  return { from, to: [to], cc: [], others: [], references: [], subjectKey: subjectKeyOf(subject) }
}

/** Since when the customer waits for a person's word; null: a person spoke last. */
export function waitingSince(messages: readonly NewMessage[]): Date | null {
  const answered = messages.findLastIndex(({ senderType, direction }) => senderType === 'agent' && direction === 'out')
  const asked = messages.slice(answered + 1).find(({ direction }) => direction === 'in')
  return asked?.occurredAt ?? null
}
