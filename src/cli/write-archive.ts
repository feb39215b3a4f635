import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack as createPack, type Headers, type Pack } from 'tar-stream'

export interface ArchiveWriter {
  /** Resolves when it may be followed by another one. Answers its SHA-256. */
  addBytes(name: string, bytes: Buffer): Promise<string>
  /** Exactly `size` bytes. */
  addStream(name: string, size: number, stream: Readable): Promise<string>
  /** Of the archive so far, bytes. */
  written(): number
}

/** Attachments are mostly compressed already; the words of a table shrink to a fifth at any level. */
const level = 3

/** All or nothing: `path` is there, complete and on the disk, only once `fill` has resolved. */
export async function writeArchive(
  path: string,
  fill: (writer: ArchiveWriter) => Promise<void>,
  signal?: AbortSignal,
): Promise<number> {
  const partial = `${path}.partial`
  const pack = createPack()
  const meter = new PassThrough()
  let written = 0
  meter.on('data', (chunk: Buffer) => {
    written += chunk.length
  })
  // Customers' words: nobody else reads them.
  const file = createWriteStream(partial, { mode: 0o600, flush: true })
  const options = signal === undefined ? {} : { signal }
  const flowing = pipeline(pack, createGzip({ level }), meter, file, options)
  const filling = fill(writerOf(pack, () => written)).then(() => pack.finalize())
  try {
    // Whichever fails first: a full disk would leave `fill` waiting for ever.
    await Promise.race([flowing, filling.then(() => flowing)])
    await rename(partial, path)
    await syncFolder(dirname(path))
    return written
  } catch (error) {
    pack.destroy()
    await flowing.catch(() => {})
    // It may not even be open yet, and would be made after it was removed.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', () => resolve()))
    await rm(partial, { force: true })
    throw signal?.aborted ? new Error('Stopped; nothing was kept.') : error
  } finally {
    filling.catch(() => {})
  }
}

function writerOf(pack: Pack, written: () => number): ArchiveWriter {
  return {
    written,
    addBytes: async (name, bytes) => {
      await new Promise<void>((resolve, reject) =>
        pack.entry(headerOf(name, bytes.length), bytes, (error) => (error ? reject(error) : resolve())),
      )
      return createHash('sha256').update(bytes).digest('hex')
    },
    addStream: async (name, size, stream) => {
      const hash = createHash('sha256')
      async function* hashed(source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          hash.update(chunk)
          yield chunk
        }
      }
      await pipeline(stream, hashed, pack.entry(headerOf(name, size)))
      return hash.digest('hex')
    },
  }
}

const headerOf = (name: string, size: number): Headers => ({ name, size, mode: 0o600, mtime: new Date(0) })

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
