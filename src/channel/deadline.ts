import { setMaxListeners } from 'node:events'

export interface Deadline {
  readonly signal: AbortSignal
  /** The work is over: nothing is left behind. */
  done(): void
}

/**
 * Ends with `outer`, or after so many ms. Not by AbortSignal.any: it holds what it follows weakly, so a timeout that nobody
 * else holds is collected before its time, never aborts anything, and what listens stays for good.
 */
export function deadline(ms: number, outer?: AbortSignal | null): Deadline {
  const own = new AbortController()
  const late = () => own.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
  const follow = () => own.abort(outer?.reason)
  const timer = setTimeout(late, ms).unref()
  if (outer?.aborted) follow()
  // As many calls as there are at once follow it; each takes its listener back.
  if (outer) setMaxListeners(0, outer)
  outer?.addEventListener('abort', follow, { once: true })
  const done = () => {
    clearTimeout(timer)
    outer?.removeEventListener('abort', follow)
  }
  return { signal: own.signal, done }
}

export async function within<T>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, done } = deadline(ms, outer)
  try {
    return await work(signal)
  } finally {
    done()
  }
}
