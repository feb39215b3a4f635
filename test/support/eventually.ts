import { setTimeout as pause } from 'node:timers/promises'

export interface Patience {
  /** Default 5,000. */
  readonly timeoutMs?: number
  /** Default 15. */
  readonly intervalMs?: number
}

/**
 * Tries until `attempt` neither throws nor answers false or null; resolves with its answer.
 * An attempt that only asserts (answers undefined) passes as soon as it does not throw.
 * On time-out the last failure is the cause, so that the report says what was missing.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  patience: Patience = {},
): Promise<Exclude<T, false | null>> {
  const timeoutMs = patience.timeoutMs ?? 5_000
  const end = performance.now() + timeoutMs
  let last: unknown
  for (;;) {
    try {
      const answer = await attempt()
      if (answer !== false && answer !== null) return answer as Exclude<T, false | null>
      last = new Error(`still ${String(answer)}`)
    } catch (error) {
      last = error
    }
    if (performance.now() >= end) {
      const why = last instanceof Error ? last.message : String(last)
      throw new Error(`not within ${timeoutMs} ms: ${why}`, { cause: last })
    }
    await pause(patience.intervalMs ?? 15)
  }
}
