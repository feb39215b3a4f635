import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type Account, firstClosedFolder, runsAsRoot } from './embedded-account.ts'
import { EmbeddedError, type Package } from './embedded-platform.ts'

export interface Binaries {
  /** Holds `initdb` and `postgres`. */
  readonly bin: string
  readonly version: string
  readonly major: number
}

/** The package where it lies; or, where the account cannot reach it or it lacks its links and cannot be written, a copy in `copies`. */
export function readyBinaries(found: Package, account: Account, copies: string): Binaries {
  const version = packageVersion(found)
  const inPlace = firstClosedFolder(join(found.folder, 'native', 'bin'), account) === undefined && linked(found.folder)
  const folder = inPlace ? found.folder : copied(found, version, copies)
  const closed = firstClosedFolder(join(folder, 'native', 'bin'), account)
  if (closed)
    throw new EmbeddedError(`The account ${account.name} cannot enter ${closed}, where PostgreSQL's programs are.`)
  return { bin: join(folder, 'native', 'bin'), version, major: Number.parseInt(version, 10) }
}

function packageVersion({ folder }: Package): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  return version
}

/** npm packages carry no links, and the install script that makes them may have been blocked. False when they cannot be made. */
function linked(folder: string): boolean {
  const links = JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  try {
    for (const { source, target } of links) link(join(folder, source), join(folder, target))
    return true
  } catch {
    return false
  }
}

function link(source: string, target: string): void {
  if (existsSync(target)) return
  rmSync(target, { force: true })
  try {
    symlinkSync(relative(dirname(target), source), target)
  } catch (error) {
    // Another process of ours was quicker.
    if (!existsSync(target)) throw error
  }
}

function copied(found: Package, version: string, copies: string): string {
  const copy = join(copies, `${found.name.replace('/', '-').replace('@', '')}-${version}`)
  if (!existsSync(copies)) {
    mkdirSync(copies, { recursive: true })
    chmodSync(copies, 0o755)
  }
  mustBeOurs(copies)
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`
    rmSync(unfinished, { recursive: true, force: true })
    cpSync(found.folder, unfinished, { recursive: true, verbatimSymlinks: true })
    linked(unfinished)
    openToAll(unfinished)
    try {
      renameSync(unfinished, copy)
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true })
      if (!existsSync(copy)) throw error
    }
  }
  mustBeOurs(copy)
  return copy
}

/** A narrow umask at install time must not shut the account out of the copy. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isSymbolicLink()) chmodSync(path, entry.isDirectory() ? 0o755 : 0o555)
  }
}

/** What root starts from here must not be anything that somebody else could have put there first. */
function mustBeOurs(folder: string): void {
  const stats = lstatSync(folder)
  const own = stats.isDirectory() && stats.uid === process.getuid?.() && (!runsAsRoot() || (stats.mode & 0o022) === 0)
  if (!own) throw new EmbeddedError(`${folder} could have been made by another user. Remove it and start again.`)
}
