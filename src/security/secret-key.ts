import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface SecretKey {
  readonly key: string
  /** Made just now; undefined: it was there, or it was given. */
  readonly createdAt?: string
}

/** The given key, else that of `dataDir/secret.key`, which is made once. */
export function readSecretKey(dataDir: string, given: string | undefined): SecretKey {
  if (given !== undefined) return { key: given }
  const file = join(dataDir, 'secret.key')
  const created = !existsSync(file) && createKey(file)
  const key = readFileSync(file, 'utf8').trim()
  if (key.length < 32) throw new Error(`${file} holds no key. Restore it from a backup, or set SECRET_KEY.`)
  // Copied back from a backup it may be readable by others.
  chmodSync(file, 0o600)
  return created ? { key, createdAt: file } : { key }
}

/** Complete or not at all, and once also when two processes start together: credentials sealed with a lost key are lost. */
function createKey(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(unfinished, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(unfinished, { force: true })
  }
}
