import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** More bytes than allowed; nothing was kept. */
export class TooLarge extends Error {
  readonly maxBytes: number

  constructor(maxBytes: number) {
    super(`The file is larger than ${maxBytes} bytes.`)
    this.name = 'TooLarge'
    this.maxBytes = maxBytes
  }
}

/** Bytes on disk that have no name yet: either kept or dropped, never left. */
export interface ReceivedBlob {
  readonly sha256: string
  readonly size: number
  /** The first bytes, enough to tell what they are. */
  readonly head: Buffer
  /** For a store across a network: takes the bytes there before a transaction begins. Alone it makes nothing known. */
  prepare?(): Promise<void>
  /** Puts it at its place; the bytes are there to stay, also after a power cut, before this resolves. */
  keep(): Promise<void>
  /** After the row is committed: the bytes are there again if somebody removed them between `prepare` and that. */
  confirm?(): Promise<void>
  drop(): Promise<void>
}

/** Both ends are included, as in HTTP. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Content-addressed bytes. A name given by people is never a path here. */
export interface BlobStore {
  receive(stream: Readable, maxBytes: number): Promise<ReceivedBlob>
  read(sha256: string, range?: ByteRange): Readable
  size(sha256: string): Promise<number | null>
  remove(sha256: string): Promise<void>
  /** Deletes what a killed process left half received. */
  sweep(olderThanMs: number): Promise<number>
}

const HEAD_BYTES = 4_100

export async function createDiskBlobs(root: string): Promise<BlobStore> {
  const incoming = join(root, 'incoming')
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  return {
    receive: async (stream, maxBytes) => {
      const { temporary, sha256, size, head } = await land(incoming, stream, maxBytes)
      const drop = () => rm(temporary, { force: true })
      return { sha256, size, head, keep: () => keep(temporary, placeOf(root, sha256)), drop }
    },
    read: (sha256, range) => createReadStream(placeOf(root, sha256), range),
    size: async (sha256) => (await stat(placeOf(root, sha256)).catch(() => null))?.size ?? null,
    remove: (sha256) => rm(placeOf(root, sha256), { force: true }),
    sweep: (olderThanMs) => sweepLanded(incoming, olderThanMs),
  }
}

function placeOf(root: string, sha256: string): string {
  return join(root, ...blobName(sha256))
}

/** Where the bytes lie below the root of a store. */
export function blobName(sha256: string): [folder: string, name: string] {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('Not a SHA-256 in lower case.')
  return [sha256.slice(0, 2), sha256]
}

export interface Landed {
  readonly temporary: string
  readonly sha256: string
  readonly size: number
  readonly head: Buffer
}

/** All of it on the local disk, under a name that nobody looks for. */
export async function land(incoming: string, stream: Readable, maxBytes: number): Promise<Landed> {
  const temporary = join(incoming, randomUUID())
  const hash = createHash('sha256')
  const heads: Buffer[] = []
  let size = 0
  async function* measured(source: AsyncIterable<Buffer | string>) {
    for await (const given of source) {
      const chunk = typeof given === 'string' ? Buffer.from(given) : given
      if (size < HEAD_BYTES) heads.push(chunk.subarray(0, HEAD_BYTES - size))
      size += chunk.length
      if (size > maxBytes) throw new TooLarge(maxBytes)
      hash.update(chunk)
      yield chunk
    }
  }
  try {
    await pipeline(stream, measured, createWriteStream(temporary, { mode: 0o600, flush: true }))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  return { temporary, sha256: hash.digest('hex'), size, head: Buffer.concat(heads) }
}

async function keep(temporary: string, place: string): Promise<void> {
  const directory = dirname(place)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await rename(temporary, place)
  // The new name must be on the disk too before a row may point at it.
  await syncDirectory(directory)
  await syncDirectory(dirname(directory))
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export async function sweepLanded(incoming: string, olderThanMs: number): Promise<number> {
  let removed = 0
  for (const entry of await readdir(incoming)) {
    const path = join(incoming, entry)
    const found = await stat(path).catch(() => null)
    if (!found || Date.now() - found.mtimeMs < olderThanMs) continue
    await unlink(path).catch(() => {})
    removed += 1
  }
  return removed
}
