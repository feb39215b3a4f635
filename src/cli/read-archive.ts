import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import {
  type ArchiveHead,
  fileName,
  formatVersion,
  headName,
  headSchema,
  type Manifest,
  manifestName,
  manifestSchema,
  type Piece,
  sealName,
} from './archive-format.ts'

/** It is not an archive of ours, or not any more; the message is one line. */
export class ArchiveError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ArchiveError'
  }
}

export interface Member {
  readonly name: string
  readonly size: number
  /** To be read to its end before the next member is asked for. */
  readonly body: AsyncIterable<Buffer>
  /** Of what was read. */
  sha256(): string
}

/** A head or a manifest is kept in memory, bytes. */
const longestText = 256 * 1024 * 1024

/** Members in order, each once. Damaged compression is an ArchiveError. */
export async function* readMembers(path: string): AsyncGenerator<Member, void, undefined> {
  const members = extract()
  const flowing = pipeline(createReadStream(path), createGunzip(), members)
  flowing.catch(() => {})
  try {
    for await (const entry of members) {
      const hash = createHash('sha256')
      async function* body() {
        try {
          for await (const chunk of entry) {
            hash.update(chunk)
            yield chunk
          }
        } catch (error) {
          throw damaged(path, error)
        }
      }
      yield { name: entry.header.name, size: entry.header.size ?? 0, body: body(), sha256: () => hash.digest('hex') }
    }
    // The checksum of the compression stands at the very end.
    await flowing
  } catch (error) {
    throw damaged(path, error)
  } finally {
    members.destroy()
  }
}

function damaged(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof ArchiveError || /^E[A-Z]+$/.test(code ?? '')) return error
  return new ArchiveError(`${path} is damaged or no backup (${message}).`, { cause: error })
}

export interface Verified {
  readonly head: ArchiveHead
  readonly manifest: Manifest
}

/** Reads all of it once and keeps nothing: whatever differs from what was written is an ArchiveError. */
export async function verifyArchive(path: string, progress: (bytes: number) => void = () => {}): Promise<Verified> {
  const members = readMembers(path)
  const first = await members.next()
  if (first.done || first.value.name !== headName) throw new ArchiveError(`${path} is no backup of Tributary.`)
  const head = parseHead(path, await jsonOf(path, first.value))
  const tally = createTally(first.value.sha256())
  let manifest: { json: unknown; sha256: string } | undefined
  let sealed: unknown
  for await (const member of members) {
    if (sealed !== undefined) throw new ArchiveError(`${path} is damaged: something follows its end.`)
    if (member.name === sealName) sealed = (await bytesOf(path, member)).toString('utf8')
    else if (member.name === manifestName) manifest = { json: await jsonOf(path, member), sha256: member.sha256() }
    else {
      let size = 0
      for await (const chunk of member.body) size += chunk.length
      tally.add(member.name, size, member.sha256())
    }
    progress(member.size)
  }
  if (!manifest || sealed === undefined) throw new ArchiveError(`${path} is not complete: its end is missing.`)
  if (sealed !== manifest.sha256) throw new ArchiveError(`${path} is damaged: its ${manifestName} was changed.`)
  return { head, manifest: agreeing(path, parseManifest(path, manifest.json), tally) }
}

function agreeing(path: string, manifest: Manifest, tally: ReturnType<typeof createTally>): Manifest {
  const fault = tally.faultAgainst(manifest)
  if (fault !== undefined) throw new ArchiveError(`${path} is damaged: ${fault}.`)
  return manifest
}

/** What was read, without keeping it. */
function createTally(head: string) {
  const pieces: Piece[] = []
  const names = createHash('sha256')
  const altered: string[] = []
  let files = { count: 0, bytes: 0 }
  return {
    add(name: string, size: number, sha256: string): void {
      if (name.startsWith('tables/')) {
        pieces.push({ name, size, sha256 })
        return
      }
      names.update(`${name}\n`)
      files = { count: files.count + 1, bytes: files.bytes + size }
      if (name !== fileName(sha256)) altered.push(name)
    },
    faultAgainst(manifest: Manifest): string | undefined {
      if (manifest.head !== head) return `its ${headName} was changed`
      const expected = manifest.tables.flatMap((table) => table.pieces)
      const wrong = expected.findIndex((piece, index) => !samePiece(piece, pieces[index]))
      if (wrong >= 0) return `${expected[wrong]?.name} is not what was written`
      if (pieces.length > expected.length) return `${pieces[expected.length]?.name} is more than was written`
      const { count, bytes, missing } = manifest.files
      const bad = altered.find((name) => !missing.some((content) => name === fileName(content)))
      if (bad !== undefined) return `${bad} is not what was written`
      if (files.count !== count || files.bytes !== bytes || names.digest('hex') !== manifest.files.names)
        return `it names ${count} files and holds others`
      return undefined
    },
  }
}

function samePiece(left: Piece, right: Piece | undefined): boolean {
  return left.name === right?.name && left.size === right.size && left.sha256 === right.sha256
}

async function jsonOf(path: string, member: Member): Promise<unknown> {
  const bytes = await bytesOf(path, member)
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new ArchiveError(`${path} is damaged: ${member.name} cannot be read.`, { cause })
  }
}

async function bytesOf(path: string, member: Member): Promise<Buffer> {
  if (member.size > longestText) throw new ArchiveError(`${path} is damaged: ${member.name} is too long.`)
  const chunks: Buffer[] = []
  for await (const chunk of member.body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function parseHead(path: string, json: unknown): ArchiveHead {
  const head = headSchema.safeParse(json)
  if (!head.success) throw new ArchiveError(`${path} is damaged: its ${headName} cannot be read.`)
  if (head.data.format !== formatVersion)
    throw new ArchiveError(`${path} is of format ${head.data.format}, and this release reads ${formatVersion}.`)
  return head.data
}

function parseManifest(path: string, json: unknown): Manifest {
  const manifest = manifestSchema.safeParse(json)
  if (!manifest.success) throw new ArchiveError(`${path} is damaged: its ${manifestName} cannot be read.`)
  return manifest.data
}
