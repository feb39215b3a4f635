import { Readable } from 'node:stream'
import type { BlobStore } from '../files/blob-store.ts'
import { loadBackup, type StoredBackup } from '../store/backup-load.ts'
import type { DatabaseTarget } from '../store/database.ts'
import { fileName, type Manifest, type TableInManifest } from './archive-format.ts'
import { ArchiveError, type Member, readMembers, type Verified } from './read-archive.ts'

export interface RestoreWish {
  readonly path: string
  readonly verified: Verified
  readonly target: DatabaseTarget
  readonly blobs: BlobStore
  readonly nothingRanSince: boolean
  readonly progress?: (text: string) => void
}

/** The second reading of an archive that was verified; checked again piece by piece, since files can change in between. */
export async function putBack(wish: RestoreWish): Promise<void> {
  const { head, manifest } = wish.verified
  const members = readMembers(wish.path)
  try {
    await nextOf(members, wish)
    const backup: StoredBackup = {
      migrations: head.migrations,
      tables: manifest.tables,
      sequences: manifest.sequences,
      rowsOf: ({ name }) =>
        rowsOf(members, manifest.tables.find((table) => table.name === name) as TableInManifest, wish),
      placeFiles: () => placeFiles(members, manifest, wish),
    }
    await loadBackup(wish.target, backup, { nothingRanSince: wish.nothingRanSince })
  } finally {
    await members.return()
  }
}

type Members = ReturnType<typeof readMembers>

async function nextOf(members: Members, { path }: RestoreWish): Promise<Member> {
  const { value, done } = await members.next()
  if (done) throw new ArchiveError(`${path} was changed while it was read.`)
  return value
}

async function* rowsOf(members: Members, table: TableInManifest, wish: RestoreWish): AsyncGenerator<Buffer> {
  for (const piece of table.pieces) {
    wish.progress?.(table.name)
    const member = await nextOf(members, wish)
    yield* member.body
    if (member.name !== piece.name || member.sha256() !== piece.sha256)
      throw new ArchiveError(`${wish.path} was changed while it was read.`)
  }
}

async function placeFiles(members: Members, { files }: Manifest, wish: RestoreWish): Promise<void> {
  for (let placed = 0; placed < files.count; placed++) {
    if (placed % 100 === 0) wish.progress?.(`${placed} of ${files.count} files`)
    const member = await nextOf(members, wish)
    await placeFile(member, wish)
  }
}

async function placeFile(member: Member, { blobs, path, verified }: RestoreWish): Promise<void> {
  const received = await blobs.receive(Readable.from(member.body, { objectMode: false }), member.size)
  try {
    if (member.name === fileName(received.sha256)) await received.keep()
    else if (!verified.manifest.files.missing.some((content) => member.name === fileName(content)))
      throw new ArchiveError(`${path} was changed while it was read.`)
  } finally {
    await received.drop()
  }
}
