import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { BlobStore } from '../files/blob-store.ts'
import type { TableShape } from '../store/backup-catalog.ts'
import { type Snapshot, withSnapshot } from '../store/backup-snapshot.ts'
import type { DatabaseTarget } from '../store/database.ts'
import {
  type ArchiveHead,
  fileName,
  formatVersion,
  headName,
  type Manifest,
  manifestName,
  pieceBytes,
  pieceName,
  sealName,
  type TableInManifest,
} from './archive-format.ts'
import { megabytes } from './progress.ts'
import { type ArchiveWriter, writeArchive } from './write-archive.ts'

export interface BackupWish {
  readonly target: DatabaseTarget
  readonly path: string
  /** Absent: files stay where they are and are not part of it. */
  readonly blobs?: BlobStore
  /** Contents that are lost already do not stop it. */
  readonly skipMissing?: boolean
  readonly signal?: AbortSignal
  readonly progress?: (text: string) => void
}

export interface BackupDone {
  readonly takenAt: Date
  readonly tables: number
  readonly rows: number
  readonly files: Manifest['files']
  /** Of the archive. */
  readonly bytes: number
}

/** One archive of one moment; whoever writes meanwhile does not wait and is not in it. */
export async function takeBackup(wish: BackupWish): Promise<BackupDone> {
  return withSnapshot(wish.target, async (snapshot) => {
    let done: Manifest | undefined
    const bytes = await writeArchive(
      wish.path,
      async (writer) => {
        done = await fill(writer, snapshot, wish)
      },
      wish.signal,
    )
    const { tables = [], files = noFiles() } = done ?? {}
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    return { takenAt: snapshot.takenAt, tables: tables.length, rows, files, bytes }
  })
}

async function fill(writer: ArchiveWriter, snapshot: Snapshot, wish: BackupWish): Promise<Manifest> {
  const { takenAt, postgresVersion, migrations, sequences } = snapshot
  const head: ArchiveHead = {
    format: formatVersion,
    takenAt: takenAt.toISOString(),
    postgresVersion,
    migrations: [...migrations],
  }
  const headHash = await writer.addBytes(headName, json(head))
  const tables: TableInManifest[] = []
  for (const table of snapshot.tables) {
    wish.progress?.(`${table.name} · ${megabytes(writer.written())}`)
    tables.push(await addTable(writer, snapshot, table))
  }
  const files = wish.blobs ? await addFiles(writer, snapshot, { ...wish, blobs: wish.blobs }) : noFiles()
  const manifest: Manifest = { head: headHash, tables, sequences: [...sequences], files }
  await writer.addBytes(sealName, Buffer.from(await writer.addBytes(manifestName, json(manifest))))
  return manifest
}

async function addTable(writer: ArchiveWriter, snapshot: Snapshot, table: TableShape): Promise<TableInManifest> {
  const rows = snapshot.rowsOf(table)
  const pieces: TableInManifest['pieces'] = []
  for await (const bytes of inPieces(rows)) {
    const name = pieceName(table.name, pieces.length)
    pieces.push({ name, size: bytes.length, sha256: await writer.addBytes(name, bytes) })
  }
  return { name: table.name, columns: [...table.columns], rows: rows.rowCount, pieces }
}

/** The length of a member stands before it, and that of a table is not known before it ends. */
async function* inPieces(stream: Readable): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    held.push(chunk)
    size += chunk.length
    if (size < pieceBytes) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held)
}

async function addFiles(
  writer: ArchiveWriter,
  snapshot: Snapshot,
  wish: BackupWish & { readonly blobs: BlobStore },
): Promise<Manifest['files']> {
  const names = createHash('sha256')
  const missing: string[] = []
  let [count, bytes] = [0, 0]
  for await (const { sha256 } of snapshot.contents()) {
    if (count % 100 === 0) wish.progress?.(`${count} files · ${megabytes(writer.written())}`)
    const size = await wish.blobs.size(sha256)
    const found = size === null ? null : await writer.addStream(fileName(sha256), size, wish.blobs.read(sha256))
    if (found !== sha256) {
      if (!wish.skipMissing) throw lost(sha256)
      missing.push(sha256)
    }
    if (size === null) continue
    names.update(`${fileName(sha256)}\n`)
    count += 1
    bytes += size
  }
  return { inside: true, count, bytes, names: names.digest('hex'), missing }
}

function lost(sha256: string): Error {
  return new Error(
    `A file is lost or damaged: ${sha256} in the files folder. Put it back, or back up the rest with --skip-missing.`,
  )
}

function noFiles(): Manifest['files'] {
  return { inside: false, count: 0, bytes: 0, names: createHash('sha256').digest('hex'), missing: [] }
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
