import type { Readable } from 'node:stream'
import type { OutboundFile } from '../channel/contract.ts'
import { type Database, transaction } from '../store/database.ts'
import {
  deleteFile,
  type FileRow,
  findFile,
  findFiles,
  insertFile,
  lockContent,
  unattachedFiles,
} from '../store/file.ts'
import { type BlobStore, type ByteRange, createDiskBlobs } from './blob-store.ts'
import { cleanFileName } from './file-name.ts'
import { sniffType } from './sniff.ts'

export interface NewFile {
  readonly stream: Readable
  /** As the sender wrote it; cleaned before it is stored. */
  readonly name: string
  readonly owner: string
  readonly maxBytes: number
}

/** Files of the installation: bytes on disk, a row in the database. */
export interface Files {
  /** Throws TooLarge. */
  store(file: NewFile): Promise<FileRow>
  /** Throws FileMissing. */
  open(id: string): Promise<{ readonly file: OutboundFile; readonly stream: Readable }>
  read(file: FileRow, range?: ByteRange): Readable
  /** Uploads never attached, and what a killed process left half received. */
  purge(olderThanMs: number): Promise<number>
  /** Of these whatever nothing names any more, bytes included. `waiting`: not now, because a backup is being taken. */
  remove(ids: readonly string[]): Promise<{ readonly waiting: readonly string[] }>
}

export class FileMissing extends Error {
  constructor(id: string) {
    super(`File ${id} is not there.`)
    this.name = 'FileMissing'
  }
}

export async function createFiles(db: Database, directory: string): Promise<Files> {
  return filesIn(db, await createDiskBlobs(directory))
}

export function filesIn(db: Database, blobs: BlobStore): Files {
  return {
    store: (file) => storeFile(db, blobs, file),
    open: (id) => openFile(db, blobs, id),
    read: (file, range) => blobs.read(file.sha256, range),
    purge: (olderThanMs) => purge(db, blobs, olderThanMs),
    remove: (ids) => removeUnused(db, blobs, ids),
  }
}

async function storeFile(db: Database, blobs: BlobStore, file: NewFile): Promise<FileRow> {
  const received = await blobs.receive(file.stream, file.maxBytes)
  try {
    const type = await sniffType(received.head)
    await received.prepare?.()
    const row = await transaction(db, async (tx) => {
      // Without the lock a purge of the same content could unlink the bytes between keep() and commit.
      await lockContent(tx, received.sha256)
      await received.keep()
      const { sha256, size } = received
      return insertFile(tx, { sha256, size, type, name: cleanFileName(file.name), owner: file.owner })
    })
    await received.confirm?.()
    return row
  } finally {
    await received.drop()
  }
}

async function openFile(db: Database, blobs: BlobStore, id: string) {
  const row = await findFile(db.pool, id)
  if (!row || (await blobs.size(row.sha256)) === null) throw new FileMissing(id)
  const { name, type, size } = row
  return { file: { id, name, type, size }, stream: blobs.read(row.sha256) }
}

async function purge(db: Database, blobs: BlobStore, olderThanMs: number): Promise<number> {
  let removed = await blobs.sweep(olderThanMs)
  for (const file of await unattachedFiles(db.pool, olderThanMs, 500)) {
    const left = await removeOne(db, blobs, file)
    if (left !== 'kept' && left !== 'busy') removed += 1
  }
  return removed
}

async function removeUnused(db: Database, blobs: BlobStore, ids: readonly string[]) {
  const waiting: string[] = []
  for (const file of await findFiles(db.pool, ids)) {
    if ((await removeOne(db, blobs, file)) === 'busy') waiting.push(file.id)
  }
  return { waiting }
}

function removeOne(db: Database, blobs: BlobStore, file: FileRow) {
  return transaction(db, async (tx) => {
    await lockContent(tx, file.sha256)
    const left = await deleteFile(tx, file)
    if (left === 'lastDeleted') await blobs.remove(file.sha256)
    return left
  })
}
