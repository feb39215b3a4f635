import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { doneMigrations } from '../store/backup-catalog.ts'
import type { DatabaseTarget } from '../store/database.ts'
import { migrationNames } from '../store/database.ts'
import { withClient } from '../store/database-check.ts'
import { oneLine } from './one-line.ts'

const kept = 3
const pattern = /^before-.*\.tar\.gz$/

export const backupsFolder = (dataDir: string): string => join(dataDir, 'backups')

/**
 * An archive of the tables, before a new release changes them; undefined where nothing is to be changed or everything is new.
 * Without files: no migration touches them, and they lie beside it.
 */
export async function backUpBeforeMigration(target: DatabaseTarget, dataDir: string): Promise<string | undefined> {
  const done = await withClient(target, doneMigrations)
  const next = migrationNames().find((name) => !done.includes(name))
  if (done.length === 0 || next === undefined) return undefined
  const folder = backupsFolder(dataDir)
  const path = join(folder, `before-${next}.tar.gz`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { takeBackup } = await import('./take-backup.ts')
    await takeBackup({ target, path })
  } catch (cause) {
    throw new Error(
      `No backup could be made before the tables are changed: ${oneLine(cause)} Mend that, or leave it out with --no-backup.`,
      { cause },
    )
  }
  removeOldest(folder)
  return path
}

function removeOldest(folder: string): void {
  const age = (name: string) => statSync(join(folder, name)).mtimeMs
  const found = readdirSync(folder).filter((name) => pattern.test(name))
  for (const name of found.sort((a, b) => age(b) - age(a)).slice(kept)) rmSync(join(folder, name), { force: true })
}
