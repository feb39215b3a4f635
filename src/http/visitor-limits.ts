import { HttpError } from './http-error.ts'

/** `burst` at once, refilled at `perSecond`. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** Counted for each visitor's token, each address and each inbox, in this process. */
export interface ActionLimits {
  readonly token: Rate
  readonly ip: Rate
  readonly inbox: Rate
}

export type VisitorAction = 'session' | 'message' | 'file' | 'look' | 'email' | 'confirm'
export type VisitorLimits = Readonly<Record<VisitorAction, ActionLimits>>

const rate = (burst: number, perSecond: number): Rate => ({ burst, perSecond })

/** A crowd behind one address (a company, a mobile network) is normal; one token that writes faster than people do is not. */
export const usualLimits: VisitorLimits = {
  session: { token: rate(20, 0.2), ip: rate(100, 2), inbox: rate(2_000, 200) },
  message: { token: rate(20, 1), ip: rate(300, 30), inbox: rate(5_000, 1_000) },
  file: { token: rate(20, 0.2), ip: rate(100, 2), inbox: rate(500, 20) },
  email: { token: rate(10, 0.05), ip: rate(30, 0.1), inbox: rate(200, 2) },
  confirm: { token: rate(1, 1), ip: rate(30, 0.5), inbox: rate(1_000, 50) },
  look: { token: rate(60, 5), ip: rate(1_000, 100), inbox: rate(20_000, 5_000) },
}

interface Bucket {
  tokens: number
  at: number
}

export interface LimitKeys {
  readonly inboxId: string
  readonly ip: string
  readonly visitorId?: string
}

/** Buckets beyond this many are forgotten from the oldest on: a flood of addresses must not become a flood of memory. */
const MAX_BUCKETS = 50_000

export function createVisitorLimiter(limits: VisitorLimits): (action: VisitorAction, keys: LimitKeys) => void {
  const buckets = new Map<string, Bucket>()

  /** Seconds to wait; 0: taken. */
  function take(key: string, { burst, perSecond }: Rate): number {
    const now = performance.now() / 1000
    const bucket = buckets.get(key) ?? { tokens: burst, at: now }
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perSecond)
    bucket.at = now
    buckets.delete(key)
    buckets.set(key, bucket)
    if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value as string)
    if (bucket.tokens < 1) return (1 - bucket.tokens) / perSecond
    bucket.tokens -= 1
    return 0
  }

  return (action, { inboxId, ip, visitorId }) => {
    const { token, ip: address, inbox } = limits[action]
    const waits = [
      visitorId === undefined ? 0 : take(`${action} visitor ${visitorId}`, token),
      take(`${action} ip ${ip}`, address),
      take(`${action} inbox ${inboxId}`, inbox),
    ]
    const wait = Math.max(...waits)
    if (wait === 0) return
    throw new HttpError(429, 'rateLimited', 'Too many requests. Try again in a moment.', {
      retryAfter: Math.ceil(wait),
    })
  }
}
