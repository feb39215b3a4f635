import { ChannelError, type ChannelFailure, type RejectedReason } from '../../src/channel/errors.ts'
import { neverLeft } from '../../src/channel/never-left.ts'

/** Carries no part of the library's own error: that names the token or the customer's words. */
export class TelegramRefusal extends ChannelError {
  readonly answer: Answer | null

  constructor(failure: ChannelFailure, sentence: string, answer: Answer | null) {
    super(failure, sentence)
    this.answer = answer
  }
}

interface Answer {
  readonly code: number
  readonly description: string
  readonly retryAfterMs: number
  /** The group is this supergroup now; nothing was done. */
  readonly migratedTo: number | undefined
}

/** `safe`: repeating the call changes nothing, so a lost answer leaves nothing unknown. */
export function refusalOf(error: unknown, safe: boolean): TelegramRefusal {
  const answer = answerOf(error)
  if (answer) return new TelegramRefusal(failureOf(answer, safe), sentenceOf(answer), answer)
  const code = String((error as { code?: unknown } | null)?.code ?? 'no answer').slice(0, 40)
  const kind = safe || neverLeft(error) ? 'unavailable' : 'uncertain'
  return new TelegramRefusal({ kind }, `Telegram did not answer (${code}).`, null)
}

function answerOf(error: unknown): Answer | null {
  const { error_code: code, description, parameters } = (error as { response?: Loose } | null)?.response ?? {}
  if (typeof code !== 'number') return null
  const { retry_after: seconds, migrate_to_chat_id: migratedTo } = (parameters ?? {}) as Loose
  return {
    code,
    description: typeof description === 'string' ? description.slice(0, 300) : '',
    retryAfterMs: typeof seconds === 'number' ? seconds * 1_000 : 5_000,
    migratedTo: typeof migratedTo === 'number' ? migratedTo : undefined,
  }
}
type Loose = Readonly<Record<string, unknown>>

function failureOf({ code, description, retryAfterMs, migratedTo }: Answer, safe: boolean): ChannelFailure {
  if (code >= 500) return { kind: safe ? 'unavailable' : 'uncertain' }
  if (migratedTo !== undefined) return { kind: 'unavailable' }
  switch (code) {
    case 401:
      return { kind: 'auth' }
    // Of everything that is missing but the bot Telegram says more.
    case 404:
      return description === 'Not Found' ? { kind: 'auth' } : { kind: 'rejected', reason: 'other' }
    case 409:
      return { kind: 'unavailable' }
    case 413:
      return { kind: 'rejected', reason: 'tooLarge' }
    case 429:
      return { kind: 'rateLimited', retryAfterMs, scope: 'thread' }
    default:
      return { kind: 'rejected', reason: known(description)?.[1] ?? 'other' }
  }
}

const refusals: readonly (readonly [pattern: RegExp, reason: RejectedReason, sentence?: string])[] = [
  [/blocked by the user/i, 'blocked', 'The person has blocked the bot.'],
  [/user is deactivated/i, 'blocked', 'The person’s Telegram account no longer exists.'],
  [/can't initiate conversation/i, 'blocked', 'The person has to write to the bot first.'],
  [/bot was kicked|not a member/i, 'threadGone', 'The bot is no longer in this group.'],
  [/chat not found|thread not found|TOPIC_(?:CLOSED|DELETED)/i, 'threadGone'],
  [/is too long|too big|too large/i, 'tooLarge'],
  [/REACTION_INVALID/i, 'unsupported', 'Telegram does not offer this reaction.'],
  [/message can't be deleted/i, 'windowClosed', 'Telegram deletes messages only within 48 hours.'],
  [/message can't be edited/i, 'windowClosed', 'Telegram lets this message be changed no more.'],
  [/other getUpdates/i, 'other', 'Another program receives for this bot. Stop it, or give each a bot of its own.'],
]
const known = (description: string) => refusals.find(([pattern]) => pattern.test(description))

function sentenceOf({ code, description }: Answer): string {
  if (code === 401 || (code === 404 && description === 'Not Found')) {
    return 'Telegram refuses the bot token. Copy it again from @BotFather (/mybots, API Token), or make a new one there.'
  }
  if (code === 429) return 'Telegram asks us to slow down.'
  return known(description)?.[2] ?? `Telegram said: ${code} ${description}`.trim()
}
