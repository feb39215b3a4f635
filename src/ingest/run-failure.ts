import { ChannelError } from '../channel/errors.ts'
import type { RunEnd } from './receive-run.ts'

export type Failed = Exclude<RunEnd, { why: 'stopped' }>

export interface Told {
  /** For the administrator. */
  readonly sentence: string
  /** For the log. */
  readonly cause?: string
  /** The platform named the time itself. */
  readonly waitMs?: number
}

export function toldOf(end: Failed): Told {
  switch (end.why) {
    case 'lost':
      return { sentence: 'Another server process receives for this inbox.' }
    case 'refused':
      return { sentence: end.error.message }
    case 'store':
      return {
        sentence: 'The database did not take what the platform sent; it is asked for again.',
        cause: String(end.error),
      }
    case 'silent':
      return { sentence: `The connection showed no sign of life for ${Math.round(end.ms / 1000)} seconds.` }
    case 'failed':
      return failedSentence(end.error)
    default:
      return end satisfies never
  }
}

function failedSentence(error: unknown): Told {
  if (!(error instanceof ChannelError)) {
    return { sentence: 'Receiving failed unexpectedly. The server log says more.', cause: String(error) }
  }
  const { failure, message } = error
  return failure.kind === 'rateLimited'
    ? { sentence: message, waitMs: Math.max(1_000, failure.retryAfterMs) }
    : { sentence: message }
}
