import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { openBlobs } from '../files/open-blobs.ts'
import type { Command, Output } from './command.ts'
import { noteBackup } from './last-backup.ts'
import { megabytes, progressOn } from './progress.ts'
import { type Site, withSite } from './site.ts'
import type { BackupDone } from './take-backup.ts'

export const backup: Command = {
  name: 'backup',
  about:
    'Writes database and files of this moment into one archive (.tar.gz), also while Tributary runs. The secret key is not in it: keep a copy apart.',
  positionals: ['FILE'],
  options: {
    force: { type: 'boolean', about: 'Replaces FILE if it is there.' },
    'no-files': { type: 'boolean', about: 'Only the database; for files that are kept safe in another way.' },
    'skip-missing': { type: 'boolean', about: 'Goes on when a file is lost or damaged, and says how many are.' },
  },
  run: async ({ values, positionals: [name = ''] }, output) => {
    const path = resolve(name)
    mustBeFree(path, values['force'] === true)
    return withSite((site) =>
      interruptible(async (signal) => {
        const { takeBackup } = await import('./take-backup.ts')
        const progress = progressOn()
        try {
          const done = await takeBackup({
            target: site.target,
            path,
            ...(!values['no-files'] && { blobs: await openBlobs(site.dataDir, site.config.s3) }),
            skipMissing: values['skip-missing'] === true,
            signal,
            progress: progress.show,
          })
          progress.end()
          noteBackup(site.dataDir, { takenAt: done.takenAt, file: path })
          tell(path, done, output)
          output.say(`Not in it: the key (${keyOf(site)}). Keep a copy of it apart from the archive.`)
          return 0
        } finally {
          progress.end()
        }
      }),
    )
  },
}

function mustBeFree(path: string, force: boolean): void {
  if (!existsSync(dirname(path))) throw new Error(`The folder ${dirname(path)} is not there.`)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found && !found.isFile()) throw new Error(`${path} is there and is no file.`)
  if (found && !force) throw new Error(`${path} is there already. Choose another name, or add --force to replace it.`)
}

function tell(path: string, { takenAt, tables, rows, files, bytes }: BackupDone, output: Output): void {
  const inside = files.inside ? `${files.count} files` : 'no files'
  output.say(
    `${path}: ${tables} tables with ${rows} rows, ${inside}, ${megabytes(bytes)}, as of ${takenAt.toISOString()}.`,
  )
  if (files.missing.length > 0)
    output.complain(`${files.missing.length} files were lost or damaged before: ${files.missing.join(', ')}`)
}

function keyOf({ config, dataDir }: Site): string {
  return config.secretKey === undefined ? join(dataDir, 'secret.key') : 'SECRET_KEY'
}

/** Ctrl-C leaves neither half an archive nor a database server behind. */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const abort = () => stop.abort()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, abort)
  try {
    return await work(stop.signal)
  } finally {
    for (const signal of signals) process.off(signal, abort)
  }
}
