import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { type Account, accountForNew, accountOfExisting, firstClosedFolder, runsAsRoot } from './embedded-account.ts'
import { EmbeddedError } from './embedded-platform.ts'

/** Where one embedded database lives and as whom it runs. */
export interface Place {
  readonly dataDir: string
  /** The cluster: `dataDir/pg`. */
  readonly cluster: string
  readonly socketDir: string
  readonly log: string
  readonly account: Account
}

export interface PlaceRequest {
  readonly dataDir: string
  /** Nobody chose this directory: it may give way to one under `systemDir`. */
  readonly isDefault: boolean
  /** Root's own, reachable by every account. */
  readonly systemDir: string
  readonly passwd?: string
}

export const systemDir = '/var/lib/tributary'

/** A unix socket's path has at most 107 bytes; this leaves room for `/.s.PGSQL.5432`. */
const longestSocketDir = 93

/** Finds, creates and secures the directories. */
export function takePlace(request: PlaceRequest): Place {
  const dataDir = chooseDataDir(request)
  makeDataDir(dataDir, request.systemDir)
  const real = realpathSync(dataDir)
  const cluster = join(real, 'pg')
  const account = existsSync(cluster) ? accountOfExisting(cluster, request.passwd) : accountForNew(request.passwd)
  mustReach(real, account)
  return { dataDir: real, cluster, socketDir: makeSocketDir(real, account), log: join(real, 'pg.log'), account }
}

/** The directory in use; differs from the one asked for only when that was the default and the database's account cannot reach it. */
export function chooseDataDir(request: PlaceRequest): string {
  const asked = resolve(request.dataDir)
  if (!request.isDefault || !runsAsRoot()) return asked
  const other = join(request.systemDir, `${basename(dirname(asked))}-${shortHash(asked, 8)}`)
  // Data once written there must not seem lost when the checkout becomes reachable later.
  if (existsSync(join(other, 'pg'))) return other
  if (existsSync(join(asked, 'pg'))) return asked
  return firstClosedFolder(dirname(asked), accountForNew(request.passwd)) === undefined ? asked : other
}

function makeDataDir(dataDir: string, system: string): void {
  const mode = runsAsRoot() ? 0o711 : 0o700
  try {
    if (!existsSync(dataDir)) {
      const isNew = !existsSync(dirname(dataDir))
      mkdirSync(dirname(dataDir), { recursive: true })
      if (isNew && dirname(dataDir) === system) chmodSync(system, 0o755)
      mkdirSync(dataDir)
      chmodSync(dataDir, mode)
    } else if (isOurOwn(dataDir)) chmodSync(dataDir, mode)
  } catch (cause) {
    throw new EmbeddedError(`DATA_DIR ${dataDir} cannot be made: ${(cause as Error).message}`, { cause })
  }
}

/** Empty, or already ours: somebody's home named by mistake must not be opened to others. */
function isOurOwn(dataDir: string): boolean {
  if (statSync(dataDir).uid !== process.getuid?.()) return false
  const entries = readdirSync(dataDir)
  return entries.length === 0 || entries.includes('pg')
}

function mustReach(dataDir: string, account: Account): void {
  const closed = firstClosedFolder(dataDir, account)
  if (closed)
    throw new EmbeddedError(
      `DATA_DIR ${dataDir}: PostgreSQL runs as the account ${account.name}, which cannot enter ${closed}. Choose a DATA_DIR that it can reach, or set DATABASE_URL.`,
    )
}

function makeSocketDir(dataDir: string, account: Account): string {
  const inside = join(dataDir, 'socket')
  if (Buffer.byteLength(inside) <= longestSocketDir) return ownFolder(inside, account)
  const outside = join(tmpdir(), `tributary-${shortHash(dataDir, 16)}`)
  if (Buffer.byteLength(outside) > longestSocketDir)
    throw new EmbeddedError(
      `DATA_DIR ${dataDir} is too deep for a socket, and so is TMPDIR ${tmpdir()}. Use shorter ones.`,
    )
  return ownFolder(outside, account)
}

/** A folder of mode 0700 of the account. One that was there before must already be just that. */
export function ownFolder(folder: string, account: Account): string {
  try {
    mkdirSync(folder, { mode: 0o700 })
    if (runsAsRoot()) chownSync(folder, account.uid, account.gid)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const stats = lstatSync(folder)
  if (!stats.isDirectory() || stats.uid !== account.uid || (stats.mode & 0o077) !== 0)
    throw new EmbeddedError(
      `${folder} must be a folder of mode 0700 of the account ${account.name}. Remove it and start again.`,
    )
  return folder
}

function shortHash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}
