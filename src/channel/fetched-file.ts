import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { ChannelError } from './errors.ts'

/** What a platform's address answers with; no part of the address is in an error, as it may let its reader in. */
export async function fetchedFile(platform: string, asked: Promise<Response>): Promise<Readable> {
  const response = await asked.catch(() => null)
  if (!response) throw new ChannelError({ kind: 'unavailable' }, `${platform} did not send the file.`)
  const { ok, status, body } = response
  if (ok) return body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream<Uint8Array>)
  await body?.cancel().catch(() => {})
  const gone = status === 404 || status === 410
  throw new ChannelError(
    gone ? { kind: 'rejected', reason: 'other' } : { kind: 'unavailable' },
    `${platform} answered ${status} instead of the file.`,
  )
}
