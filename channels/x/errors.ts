import { ChannelError, type ChannelFailure, type RejectedReason } from '../../src/channel/errors.ts'

/** What a call was for, because the same answer means another thing for each. */
export type Purpose = 'read' | 'dm' | 'post' | 'remove' | 'token'

export interface Refused {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** An answer that says no. Only what X documents as "nothing happened" may be anything but uncertain for a send. */
export function refusal({ status, headers, body }: Refused, purpose: Purpose, now: Date): ChannelError {
  const { type, said } = problemOf(body)
  const because = said.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 200) || 'no reason given'
  if (status === 402 || type.endsWith('/usage-capped')) {
    return auth('The X account has no credit left. Add credit in the developer console (console.x.com, Billing).')
  }
  if (purpose === 'token' && status >= 400 && status < 404) {
    return auth(
      `X refuses the OAuth 2 credentials (${because}). Authorize the app again and enter the new refresh token.`,
    )
  }
  switch (status) {
    case 400:
      // What a person wrote may stand in this answer: it is not repeated.
      if (/too long/i.test(said)) return rejected('tooLarge', 'X says that the text is too long.')
      return rejected('other', 'X refused it as a bad request (400).')
    case 401:
      if (/timestamp/i.test(said)) return auth('X refuses the signature: the clock of this server is wrong.')
      return auth(wrongKeys)
    case 403:
      return forbidden({ type, said }, because, purpose)
    case 404:
      return rejected('threadGone', 'It is not there any more at X.')
    case 413:
      return rejected('tooLarge', 'X says that it is too large.')
    case 420:
    case 429: {
      const retryAfterMs = waitOf(headers, now)
      const sentence = `X allows no more of these calls for ${Math.ceil(retryAfterMs / 60_000)} min.`
      // Direct messages and posts are counted apart, and are two places.
      const scope = purpose === 'dm' || purpose === 'post' ? 'thread' : 'inbox'
      return new ChannelError({ kind: 'rateLimited', retryAfterMs, scope }, sentence)
    }
  }
  if (status > 404 && status < 500) return rejected('other', `X refused it (${status}).`)
  return new ChannelError(unanswered(purpose), `X answered with an error of its own (${status}).`)
}

const wrongKeys =
  'X refuses the keys and tokens (401). In the developer console give the app the permission “Read and write and Direct ' +
  'message”, generate the access token and its secret again after that, and enter all of them.'

const planForbids = 'X does not allow this to your app’s plan or permissions'
/** Not this message alone: none of its kind, until the plan is another. */
export const isPlan = (error: unknown) => error instanceof ChannelError && error.message.startsWith(planForbids)

const auth = (sentence: string) => new ChannelError({ kind: 'auth' }, sentence)
const rejected = (reason: RejectedReason, sentence: string) => new ChannelError({ kind: 'rejected', reason }, sentence)

function forbidden({ type, said }: Problem, because: string, purpose: Purpose): ChannelError {
  if (type.endsWith('/unsupported-authentication')) return auth(`${wrongKeys} (${because})`)
  if (/\/client-(?:forbidden|not-enrolled)$/.test(type)) {
    return rejected('unsupported', `${planForbids} (${because}). Change the plan at console.x.com.`)
  }
  if (/duplicate/i.test(said)) return rejected('other', 'X refused it: the same text was posted before.')
  if (purpose === 'dm') {
    return rejected(
      'blocked',
      'X does not let us write to this person: they may have blocked us or closed their messages.',
    )
  }
  if (purpose !== 'post') return rejected('unsupported', `X forbids it (${because}).`)
  const sentence = 'X lets an app answer in public only who mentioned or quoted it. Ask them to write a direct message.'
  return rejected('unsupported', sentence)
}

/** No answer, or one that says nothing. */
function unanswered(purpose: Purpose): ChannelFailure {
  return purpose === 'dm' || purpose === 'post' ? { kind: 'uncertain' } : { kind: 'unavailable' }
}

const unknownResetMs = 15 * 60_000
const dayMs = 24 * 60 * 60_000

/** The reset is a time in seconds since 1970; the window of a day has headers of its own. */
function waitOf(headers: Headers, now: Date): number {
  const day = ['x-user-limit-24hour', 'x-app-limit-24hour'].find((name) => headers.get(`${name}-remaining`) === '0')
  const reset = Number(headers.get(`${day ?? 'x-rate-limit'}-reset`))
  return reset > 0 ? Math.min(dayMs, Math.max(1_000, reset * 1_000 - now.getTime())) : unknownResetMs
}

const neverLeft = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** The call failed without an answer. Only an address that was not reached proves that nothing was sent. */
export function unreachable(cause: unknown, purpose: Purpose): ChannelError {
  for (let at = cause; at instanceof Error; at = at.cause) {
    if (at.name === 'OutboundRefused' || neverLeft.has((at as { code?: string }).code ?? '')) {
      return new ChannelError({ kind: 'unavailable' }, 'X could not be reached.')
    }
  }
  return new ChannelError(unanswered(purpose), 'X did not answer.')
}

export function unreadable(purpose: Purpose): ChannelError {
  return new ChannelError(unanswered(purpose), 'X answered with something that cannot be read.')
}

interface Problem {
  readonly type: string
  readonly said: string
}

/** X's problems are `{title, detail, type}`; old ones `{errors: [{message}]}`; of tokens `{error, error_description}`. */
function problemOf(body: string): Problem {
  const told = recordOf(body)
  const errors = told['errors']
  const first = recordOf(JSON.stringify(Array.isArray(errors) ? errors[0] : null))
  const words = [first['message'], told['detail'], told['error_description'], told['error'], told['title']]
  return { type: String(told['type']), said: String(words.find((one) => typeof one === 'string') ?? '') }
}

function recordOf(json: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(json)) as Record<string, unknown>
  } catch {
    return {}
  }
}
