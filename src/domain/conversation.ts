export type Status = 'open' | 'waiting' | 'onHold' | 'snoozed' | 'resolved' | 'spam'
export type Holder = 'bot' | 'agent' | 'queue'

export interface ConversationState {
  readonly status: Status
  readonly resolvedAt: Date | null
  readonly lastActivityAt: Date
}

export interface IncomingFacts {
  readonly text: string
  readonly hasAttachments: boolean
  /** Nobody wrote it. */
  readonly byProgram: boolean
  /** Asked of the program: nothing for people to do. */
  readonly forProgram: boolean
  /** Wants to hear no more of the program, from a person's mouth: an unfinished case goes on, an end stays one. */
  readonly stops: boolean
  readonly occurredAt: Date
  /** Said before the inbox was enabled: history, nothing acts on it. */
  readonly history: boolean
  readonly now: Date
  readonly reopenHours: number
}

/** What a customer's message does to the newest conversation of its thread. */
export type IncomingDecision =
  | { readonly kind: 'same'; readonly status: Status; readonly quiet: boolean }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'new'; readonly status: 'open' | 'resolved' }

const HOUR = 3_600_000

export function decideOnIncoming(current: ConversationState | null, facts: IncomingFacts): IncomingDecision {
  if (facts.history) return decideOnHistory(current, facts)
  if (current === null) return { kind: 'new', status: facts.forProgram || facts.stops ? 'resolved' : 'open' }
  if (facts.byProgram || facts.forProgram) return { kind: 'same', status: current.status, quiet: true }
  if (current.status === 'spam') return { kind: 'same', status: 'spam', quiet: true }
  if (current.status !== 'resolved') return { kind: 'same', status: 'open', quiet: false }
  if (facts.stops || (!facts.hasAttachments && isThanks(facts.text)))
    return { kind: 'same', status: 'resolved', quiet: true }
  const since = facts.now.getTime() - (current.resolvedAt ?? current.lastActivityAt).getTime()
  return since <= facts.reopenHours * HOUR ? { kind: 'reopen' } : { kind: 'new', status: 'open' }
}

/** Nobody waits for anything. */
export function isQuiet(decision: IncomingDecision): boolean {
  return decision.kind === 'same' ? decision.quiet : decision.kind === 'new' && decision.status === 'resolved'
}

function decideOnHistory(current: ConversationState | null, facts: IncomingFacts): IncomingDecision {
  if (current === null) return { kind: 'new', status: 'resolved' }
  if (current.status !== 'resolved') return { kind: 'same', status: current.status, quiet: true }
  const since = facts.occurredAt.getTime() - current.lastActivityAt.getTime()
  return since <= facts.reopenHours * HOUR
    ? { kind: 'same', status: 'resolved', quiet: true }
    : { kind: 'new', status: 'resolved' }
}

const THANKS =
  /^(thanks?( you)?( (so|very) much| a lot| again)?|thx|ty|many thanks|cheers|ok thanks|great thanks|谢谢(你|您|啦|了)?|多谢|感谢|好的谢谢|謝謝|ありがとう(ございます|ございました)?|どうも(ありがとう)?|감사합니다|감사해요|고마워요?|고맙습니다|спасибо( большое)?|благодарю|спс)$/u
const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s)+$/u

/** A bare thanks, in the five languages or as emoji: it neither reopens a case nor opens another. */
export function isThanks(text: string): boolean {
  const bare = text.trim()
  if (bare === '' || bare.length > 60) return false
  if (ONLY_EMOJI.test(bare)) return true
  const words = bare
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?:\p{P}|\p{S}|\p{Extended_Pictographic}|\ufe0f)+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return THANKS.test(words)
}

/** An agent's reply; notes, notices, the bot and receipts change nothing. */
export function statusAfterReply(status: Status): Status {
  return status === 'open' ? 'waiting' : status
}

const PREVIEW = 160

/** One line for lists, cut between code points. `fallback` stands for a message without words. */
export function previewOf(text: string, fallback: string): string {
  const line = text.replace(/\s+/g, ' ').trim() || fallback
  if (line.length <= PREVIEW) return line
  const end = PREVIEW - 1
  const code = line.charCodeAt(end - 1)
  return `${line.slice(0, code >= 0xd800 && code <= 0xdbff ? end - 1 : end)}…`
}
