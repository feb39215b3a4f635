import { percentile } from './stats.ts'

export interface OpenLoop {
  readonly perSecond: number
  readonly ms: number
}

export interface Latencies {
  readonly count: number
  readonly unanswered: number
  readonly p50: number
  readonly p99: number
}

/** How long answers are waited for after the last request was due, ms. */
const afterMs = 5_000

/**
 * Requests start when they are due, whatever became of the earlier ones; latency counts from that moment, so a server
 * that stalls cannot hide. `start` resolves when the effect was seen.
 */
export async function openLoop(wish: OpenLoop, start: (index: number) => Promise<unknown>): Promise<Latencies> {
  const total = Math.floor((wish.perSecond * wish.ms) / 1_000)
  const latencies: number[] = []
  const running: Promise<void>[] = []
  const begin = performance.now()
  for (let index = 0; index < total; ) {
    const due = begin + (index * 1_000) / wish.perSecond
    if (performance.now() < due) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      continue
    }
    running.push(
      start(index).then(() => {
        latencies.push(performance.now() - due)
      }),
    )
    index += 1
  }
  const late = new Promise((resolve) => setTimeout(resolve, afterMs).unref())
  await Promise.race([Promise.allSettled(running), late])
  return {
    count: latencies.length,
    unanswered: total - latencies.length,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  }
}
