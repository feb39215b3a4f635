import type { Readable } from 'node:stream'

/** A platform that drips its bytes, or an adapter that forgets its signal, must not hold the job. */
export function endWith(stream: Readable, signal: AbortSignal): void {
  const end = () => stream.destroy(new Error('The download took too long.'))
  if (signal.aborted) end()
  signal.addEventListener('abort', end, { once: true })
  stream.once('close', () => signal.removeEventListener('abort', end))
}
