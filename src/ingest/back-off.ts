/** Milliseconds. */
export interface BackOff {
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * How long to wait after the n-th failure in a row (from 1). Half of it is random, so that inboxes which failed together
 * do not come back together.
 */
export function backOffMs(failures: number, { firstMs, longestMs }: BackOff, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 30))
  return Math.round(Math.max(firstMs, full / 2 + (full / 2) * random))
}
