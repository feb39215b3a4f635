import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BlobStore } from '../files/blob-store.ts'
import { openBlobs } from '../files/open-blobs.ts'
import type { DatabaseTarget } from '../store/database.ts'
import { requireDatabase } from '../store/database-check.ts'
import type { Command, Output } from './command.ts'
import { megabytes, progressOn } from './progress.ts'
import type { Verified } from './read-archive.ts'
import { type Site, withSite } from './site.ts'

export const restore: Command = {
  name: 'restore',
  about:
    'Puts an archive of tributary backup into an empty database (or a new DATA_DIR) and brings it to this release. Everybody signs in again.',
  positionals: ['FILE'],
  options: {
    'nothing-ran-since': {
      type: 'boolean',
      about:
        'Replies that waited in the backup are sent. Only if Tributary did not run after it was taken; without this they are shown as not confirmed.',
    },
  },
  run: async ({ values, positionals: [name = ''] }, output) => {
    const path = resolve(name)
    const { verifyArchive } = await import('./read-archive.ts')
    const { putBack } = await import('./put-back.ts')
    const progress = progressOn()
    try {
      let read = 0
      // Before anything is made or written anywhere.
      const verified = await verifyArchive(path, (bytes) => {
        read += bytes
        progress.show(`checking · ${megabytes(read)}`)
      })
      return await withSite(async (site) => {
        await requireDatabase(site.target)
        const blobs = await openBlobs(site.dataDir, site.config.s3)
        const nothingRanSince = values['nothing-ran-since'] === true
        await putBack({ path, verified, target: site.target, blobs, nothingRanSince, progress: progress.show })
        progress.end()
        tell(verified, await lacking(site.target, blobs), output)
        remindOfKey(site, output)
        return 0
      })
    } finally {
      progress.end()
    }
  },
}

function tell({ head, manifest }: Verified, lackingFiles: number, output: Output): void {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  output.say(`Restored as of ${head.takenAt}: ${rows} rows, ${manifest.files.count} files.`)
  if (lackingFiles > 0)
    output.complain(
      manifest.files.inside
        ? `${lackingFiles} files were lost before the backup was taken.`
        : `${lackingFiles} files are not here: this backup was taken without them. Copy the files folder of the original.`,
    )
  output.say(
    'Passwords, tokens and who may sign in are those of that moment: take back again what was taken back since.',
  )
}

/** Contents that the database names and that are not here. */
async function lacking(target: DatabaseTarget, blobs: BlobStore): Promise<number> {
  const { withSnapshot } = await import('../store/backup-snapshot.ts')
  return withSnapshot(target, async (snapshot) => {
    let count = 0
    for await (const { sha256 } of snapshot.contents()) if ((await blobs.size(sha256)) === null) count += 1
    return count
  })
}

function remindOfKey({ config, dataDir }: Site, output: Output): void {
  const file = join(dataDir, 'secret.key')
  if (config.secretKey !== undefined || existsSync(file)) return
  output.say(
    `Before the first start put the key of the original at ${file}, or set SECRET_KEY: it opens the credentials.`,
  )
}
