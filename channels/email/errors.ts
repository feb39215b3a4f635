import { ChannelError, type ChannelFailure } from '../../src/channel/errors.ts'

/** What nodemailer says of a failed step; of its errors only this may leave here. */
interface SmtpFailure {
  readonly code?: unknown
  readonly responseCode?: unknown
  readonly response?: unknown
  readonly message: string
}

export const howToSignIn =
  'Enter the right user name and password in the settings; Gmail wants an app password, Microsoft 365 OAuth 2.'

/** Servers that put strangers off mean minutes, and count whoever comes sooner as a spammer. */
const greylistedMs = 60_000

/** `handedOver`: the server may have had the whole letter, so only its own no proves that it was not taken. */
export function sendError(error: unknown, handedOver: boolean): ChannelError {
  if (error instanceof ChannelError) return error
  const failure: SmtpFailure = error instanceof Error ? error : new Error('The send was given up.')
  const answer = answerOf(failure)
  if (failure.code === 'EMESSAGE' && /larger than allowed/i.test(failure.message)) {
    return new ChannelError({ kind: 'rejected', reason: 'tooLarge' }, 'The mail is larger than the mail server takes.')
  }
  if (answer === null && handedOver) {
    return new ChannelError({ kind: 'uncertain' }, 'The mail server did not say whether it took the mail.')
  }
  if (answer === null) return new ChannelError({ kind: 'unavailable' }, sentenceWithout(failure))
  const meant = meaning(failure.code, answer)
  const mend = meant.kind === 'auth' ? ` ${howToSignIn}` : ''
  return new ChannelError(meant, `The mail server said: ${answer.said}${mend}`)
}

interface Answer {
  readonly code: number
  /** RFC 3463, "5.1.1"; empty where the server gives none. */
  readonly status: string
  readonly said: string
}

export function answerOf({ responseCode, response }: SmtpFailure): Answer | null {
  // A yes that came out of turn proves nothing.
  if (typeof responseCode !== 'number' || responseCode < 400) return null
  const said = String(response ?? responseCode)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
  return { code: responseCode, status: /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(said)?.[1] ?? '', said }
}

function meaning(code: unknown, answer: Answer): ChannelFailure {
  const permanent = answer.code >= 500 && answer.code !== 503
  switch (code) {
    case 'EAUTH':
      return permanent ? { kind: 'auth' } : { kind: 'unavailable' }
    case 'EENVELOPE':
    case 'EMESSAGE':
      if (!permanent) return { kind: 'unavailable', afterMs: greylistedMs }
      // "Authentication required": no fault of this mail's.
      if (answer.code === 530) return { kind: 'auth' }
      return { kind: 'rejected', reason: refusal(answer) }
    default:
      // A server that refuses us at the door refuses whoever knocks, not this mail.
      return { kind: 'unavailable', afterMs: greylistedMs }
  }
}

function refusal({ code, status }: Answer): 'threadGone' | 'blocked' | 'tooLarge' | 'other' {
  if (status.startsWith('5.1.')) return 'threadGone'
  if (status.startsWith('5.7.')) return 'blocked'
  if (status === '5.3.4' || (code === 552 && !status.startsWith('5.2.2'))) return 'tooLarge'
  return 'other'
}

function sentenceWithout({ code }: SmtpFailure): string {
  switch (code) {
    case 'EAUTH':
      return 'Signing in to the mail server did not work.'
    case 'ETLS':
      return 'No encrypted connection to the mail server could be made.'
    case 'EDNS':
      return 'The mail server was not found under its name.'
    default:
      return 'The mail server could not be reached.'
  }
}
