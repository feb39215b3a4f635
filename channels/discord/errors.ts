import type { RateLimitError } from 'discord.js'
import { ChannelError, type ChannelFailure, type RejectedReason } from '../../src/channel/errors.ts'
import { neverLeft } from '../../src/channel/never-left.ts'

interface Refusal {
  readonly code?: unknown
  readonly message?: unknown
  readonly retry_after?: unknown
}
/** DiscordAPIError, HTTPError or RateLimitError of the library; every part of it may be missing. */
type Thrown = Partial<RateLimitError> & { readonly status?: number; readonly rawError?: Refusal }

const slowDown = 'Discord asks to slow down.'
const refusedToken = 'Discord refuses the bot token: reset it on the Bot page of the developer portal and save it here.'
export const contentMissing =
  'Discord keeps the words of messages from this bot: switch on "Message Content Intent" on the Bot page of the developer portal.'

/** Carries nothing of the library's own error, which holds the words of the message. `safe`: a repetition changes nothing. */
export function failureOf(error: unknown, safe: boolean): ChannelError {
  if (error instanceof ChannelError) return error
  const thrown = (error ?? {}) as Thrown
  if (thrown.name?.startsWith('RateLimitError')) return new ChannelError(rateLimit(thrown), slowDown)
  const { status, rawError } = thrown
  const lost = { kind: safe || (status === undefined && neverLeft(error)) ? 'unavailable' : 'uncertain' } as const
  if (status === undefined) return new ChannelError(lost, 'Discord did not answer.')
  return new ChannelError(status >= 500 ? lost : refusal(status, rawError), sentenceOf(status, rawError))
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const reasons: Partial<Record<RejectedReason, readonly unknown[]>> = {
  blocked: [50007, 90001],
  threadGone: [10003, 10008, 50001, 50083, 160005],
  tooLarge: [40005],
  unsupported: [10014, 50024],
}
const slowMode = 20016

function refusal(status: number, told: Refusal = {}): ChannelFailure {
  if (status === 401) return { kind: 'auth' }
  const retryAfterMs = Number(told.retry_after) * 1_000 || 5_000
  if (told.code === slowMode) return { kind: 'rateLimited', retryAfterMs, scope: 'thread' }
  const tooLarge = status === 413 || /BASE_TYPE_(?:MAX|BAD)_LENGTH|TOO_LARGE/.test(JSON.stringify(told))
  const known = (Object.keys(reasons) as RejectedReason[]).find((reason) => reasons[reason]?.includes(told.code))
  return { kind: 'rejected', reason: known ?? (tooLarge ? 'tooLarge' : 'other') }
}

/** Of a bucket that others share, only how long to wait is right, not when it is full. */
function rateLimit({ scope, global, ...told }: Thrown): ChannelFailure {
  const { retryAfter = 0, timeToReset = 0, sublimitTimeout = 0 } = told
  const longest = Math.max(retryAfter, timeToReset, sublimitTimeout)
  const wait = scope === 'shared' && sublimitTimeout > 0 ? sublimitTimeout : longest
  return { kind: 'rateLimited', retryAfterMs: Math.ceil(wait) || 5_000, scope: global ? 'inbox' : 'thread' }
}

function sentenceOf(status: number, told: Refusal | undefined): string {
  if (status === 401) return refusedToken
  if (typeof told?.message !== 'string') return `Discord answered ${status}.`
  const said = told.message.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 200)
  return `Discord said: ${said} (${typeof told.code === 'number' && told.code > 0 ? told.code : status}).`
}

/** The edge in front of the API turns whole addresses away for a while; asking again soon makes it longer. */
export function notTheEdge(response: Response): Response {
  const { status, headers } = response
  const speaks = headers.get('content-type')?.startsWith('application/json')
  if (speaks || status === 401 || status < 300 || status >= 500) return response
  void response.body?.cancel().catch(() => {})
  if (status !== 429) throw new ChannelError({ kind: 'unavailable', afterMs: 60_000 }, `Discord answered ${status}.`)
  const retryAfterMs = Number(headers.get('retry-after')) * 1_000 || 5_000
  throw new ChannelError({ kind: 'rateLimited', retryAfterMs, scope: 'inbox' }, slowDown)
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes; null: it passes. */
export function fatalClose(code: number): ChannelError | null {
  const sentences: Readonly<Record<number, string>> = { 4004: refusedToken, 4013: contentMissing, 4014: contentMissing }
  const sentence = sentences[code] ?? ([4010, 4011, 4012].includes(code) ? `Discord closed for good (${code}).` : null)
  return sentence === null ? null : new ChannelError({ kind: 'auth' }, sentence)
}
