import type { ChannelFailure } from '../channel/errors.ts'

/** What is known of the attempts so far. */
export interface Attempts {
  /** Failures that counted, without this one. */
  readonly failures: number
  /** Since the first attempt. */
  readonly ageMs: number
  /** Beyond this age nothing is tried again. */
  readonly giveUpAfterMs: number
}

export type NextStep =
  | { readonly kind: 'retry'; readonly afterMs: number }
  /** The platform asked for it: not an attempt. */
  | { readonly kind: 'wait'; readonly afterMs: number; readonly scope: 'thread' | 'inbox' }
  /** `failure` is the word shown beside the message. */
  | { readonly kind: 'fail'; readonly failure: string }
  /** The inbox stops; the delivery waits for new credentials. */
  | { readonly kind: 'hold' }
  /** Nobody knows whether it arrived: an agent decides. */
  | { readonly kind: 'ask' }

/** An outage over the night must not lose a reply, so age decides and not the number of tries. */
export const giveUpAfterMs = { chat: 24 * 3_600_000, letters: 48 * 3_600_000 } as const

const firstBackOffMs = 500
const longestBackOffMs = 5 * 60_000
/** A platform's wish is honoured, but a nonsensical one must not park a reply for weeks. */
const longestWaitMs = 3_600_000

/** Doubling from half a second to five minutes; jittered, so that a platform coming back is not met by all at once. */
export function backOffMs(failures: number, random: () => number = Math.random): number {
  return Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(failures, 20)) * (0.5 + random() / 2)
}

export function nextStep(failure: ChannelFailure, attempts: Attempts, idempotentSend: boolean): NextStep {
  const tooOld = attempts.ageMs >= attempts.giveUpAfterMs
  switch (failure.kind) {
    case 'unavailable':
      return tooOld
        ? { kind: 'fail', failure: 'unavailable' }
        : { kind: 'retry', afterMs: Math.max(backOffMs(attempts.failures), failure.afterMs ?? 0) }
    case 'rateLimited':
      return {
        kind: 'wait',
        afterMs: Math.min(longestWaitMs, Math.max(0, failure.retryAfterMs)),
        scope: failure.scope,
      }
    case 'rejected':
      return { kind: 'fail', failure: failure.reason }
    case 'auth':
      return { kind: 'hold' }
    case 'uncertain':
      return idempotentSend && !tooOld ? { kind: 'retry', afterMs: backOffMs(attempts.failures) } : { kind: 'ask' }
    default:
      failure satisfies never
      throw new TypeError('a failure of an unknown kind')
  }
}
