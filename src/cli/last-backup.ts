import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface LastBackup {
  readonly takenAt: Date
  readonly file: string
}

const noteIn = (dataDir: string): string => join(dataDir, 'last-backup.json')

/** For the doctor; a backup is none the worse where this cannot be written. */
export function noteBackup(dataDir: string, { takenAt, file }: LastBackup): void {
  const note = noteIn(dataDir)
  try {
    writeFileSync(`${note}.new`, `${JSON.stringify({ takenAt: takenAt.toISOString(), file })}\n`, { mode: 0o600 })
    renameSync(`${note}.new`, note)
  } catch {
    // DATA_DIR need not exist where files and key are kept elsewhere.
  }
}

export function lastBackup(dataDir: string): LastBackup | undefined {
  try {
    const { takenAt, file } = JSON.parse(readFileSync(noteIn(dataDir), 'utf8')) as { takenAt: string; file: string }
    const at = new Date(takenAt)
    return Number.isNaN(at.getTime()) ? undefined : { takenAt: at, file: String(file) }
  } catch {
    return undefined
  }
}
