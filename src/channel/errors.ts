/** What a failed call means for the delivery; the channel says it, delivery/policy.ts decides. */
export type ChannelFailure =
  /** It did not happen: back off, at least for `afterMs`, and try again. */
  | { readonly kind: 'unavailable'; readonly afterMs?: number }
  /** It did not happen: wait; not counted as an attempt. */
  | { readonly kind: 'rateLimited'; readonly retryAfterMs: number; readonly scope: 'thread' | 'inbox' }
  /** It did not happen and never will. */
  | { readonly kind: 'rejected'; readonly reason: RejectedReason }
  /** The credentials are refused: the inbox stops, deliveries are held, the administrator is told. */
  | { readonly kind: 'auth' }
  /** It may have happened. */
  | { readonly kind: 'uncertain' }

export type RejectedReason = 'blocked' | 'threadGone' | 'tooLarge' | 'unsupported' | 'windowClosed' | 'other'

/** The only thing a connection may reject with. `message` is a sentence an administrator can act on: no tokens, no customer's words. */
export class ChannelError extends Error {
  readonly failure: ChannelFailure

  constructor(failure: ChannelFailure, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ChannelError'
    this.failure = failure
  }
}

/** What is wrong with a value, for whoever says it in another language; `limit` in characters, entries or as a number. */
export interface SettingsFault {
  readonly code:
    | 'unknown'
    | 'required'
    | 'tooShort'
    | 'tooLong'
    | 'tooSmall'
    | 'tooLarge'
    | 'tooFew'
    | 'tooMany'
    | 'invalid'
  readonly limit?: number
}

/** Settings of an inbox that cannot be used. */
export class SettingsError extends Error {
  /** Path of the field, dotted. */
  readonly field: string
  /** Absent: the message alone says it. */
  readonly fault: SettingsFault | undefined

  constructor(field: string, message: string, fault?: SettingsFault) {
    super(message)
    this.name = 'SettingsError'
    this.field = field
    this.fault = fault
  }
}

/** A thrown thing that is no ChannelError is a bug of ours: what it left behind is unknown. */
export function failureOf(error: unknown): ChannelFailure {
  return error instanceof ChannelError ? error.failure : { kind: 'uncertain' }
}
