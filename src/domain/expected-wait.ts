import type { ExpectedWait } from './notice-words.ts'

/** Of fewer nothing can be said. */
const fewest = 5
const longestMinutes = 8 * 60

/**
 * How long until as many were served as stand there, from how many were served within a time: a range that most waits fall into.
 * The wait for the k-th has a relative spread of 1/√k, the rate seen from n of 1/√n. null: nobody can know.
 */
export function expectedWait(place: number, service: { given: number; withinMs: number } | null): ExpectedWait | null {
  if (service === null || service.given < fewest) return null
  const { given, withinMs } = service
  const mean = (place * withinMs) / given / 60_000
  const spread = mean * Math.sqrt(1 / place + 1 / given)
  const high = Math.max(1, Math.ceil(mean + spread))
  const low = Math.max(1, Math.floor(mean - spread))
  return high > longestMinutes ? null : { low, high }
}
