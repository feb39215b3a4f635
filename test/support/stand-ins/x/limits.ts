import type { XState } from './state.ts'

const quarter = 15 * 60_000
const day = 24 * 60 * 60_000

interface Limit {
  readonly name: string
  readonly matches: RegExp
  readonly perQuarter: number
  readonly perDay?: number
}

/** Per account, as X publishes them: https://docs.x.com/x-api/fundamentals/rate-limits. */
const table: readonly Limit[] = [
  { name: 'dm_events', matches: /^GET \/2\/dm_events$/, perQuarter: 15 },
  { name: 'conversation', matches: /^GET \/2\/dm_conversations\/[^/]+(\/[^/]+)?\/dm_events$/, perQuarter: 15 },
  { name: 'dm_send', matches: /^POST \/2\/dm_conversations\//, perQuarter: 15, perDay: 1_440 },
  { name: 'dm_delete', matches: /^DELETE \/2\/dm_events\//, perQuarter: 300, perDay: 1_500 },
  { name: 'mentions', matches: /^GET \/2\/users\/\d+\/mentions$/, perQuarter: 300 },
  { name: 'post', matches: /^POST \/2\/tweets$/, perQuarter: 100 },
  { name: 'media', matches: /^POST \/2\/media\/upload\//, perQuarter: 1_875 },
  { name: 'me', matches: /^GET \/2\/users\/me$/, perQuarter: 75 },
]

export interface Allowance {
  readonly allowed: boolean
  readonly headers: Readonly<Record<string, string>>
}

/** Windows start with their first call. `scale` 0: no limits. */
export function take(state: XState, call: string, scale: number): Allowance {
  const limit = table.find(({ matches }) => matches.test(call))
  if (!limit || scale === 0) return { allowed: true, headers: {} }
  const now = state.clock()
  const made = (state.calls.get(limit.name) ?? []).filter((at) => at > now - day)
  const first = made.find((at) => at > now - quarter) ?? now
  const within = made.filter((at) => at >= first).length
  const left = limit.perQuarter * scale - within
  const leftToday = (limit.perDay ?? Number.POSITIVE_INFINITY) * scale - made.length
  const allowed = left > 0 && leftToday > 0
  state.calls.set(limit.name, allowed ? [...made, now] : made)
  return {
    allowed,
    headers: {
      'x-rate-limit-limit': String(limit.perQuarter * scale),
      'x-rate-limit-remaining': String(Math.max(0, left - (allowed ? 1 : 0))),
      'x-rate-limit-reset': String(Math.ceil((first + quarter) / 1_000)),
      ...(limit.perDay !== undefined && {
        'x-user-limit-24hour-limit': String(limit.perDay * scale),
        'x-user-limit-24hour-remaining': String(Math.max(0, leftToday - (allowed ? 1 : 0))),
        'x-user-limit-24hour-reset': String(Math.ceil(((made[0] ?? now) + day) / 1_000)),
      }),
    },
  }
}
