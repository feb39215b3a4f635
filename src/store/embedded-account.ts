import { existsSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { cannotRun, EmbeddedError } from './embedded-platform.ts'

/** Who runs the server. PostgreSQL refuses to run as root. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

const bySystem = ['postgres', 'nobody']

export const runsAsRoot = (): boolean => process.getuid?.() === 0

/** The account of a data directory that does not exist yet. Never creates one. */
export function accountForNew(passwd = '/etc/passwd'): Account {
  if (!runsAsRoot()) return ourselves()
  const accounts = readAccounts(passwd)
  for (const name of bySystem) {
    const account = accounts.find((a) => a.name === name && a.uid !== 0)
    if (account) return account
  }
  throw cannotRun('started as root, and there is neither an account postgres nor nobody to run it as')
}

/** An existing data directory is run as its owner, whatever accounts there are today. */
export function accountOfExisting(directory: string, passwd = '/etc/passwd'): Account {
  const { uid, gid } = statSync(directory)
  if (!runsAsRoot()) {
    const me = ourselves()
    if (uid === me.uid) return me
    throw new EmbeddedError(
      `${directory} belongs to user id ${uid}, and this is ${me.name} (${me.uid}). Start as that user, or set DATA_DIR to a folder of your own.`,
    )
  }
  if (uid === 0)
    throw new EmbeddedError(
      `${directory} belongs to root, as whom PostgreSQL refuses to run. Give it to another account: chown -R postgres ${directory}`,
    )
  return readAccounts(passwd).find((a) => a.uid === uid) ?? { name: String(uid), uid, gid }
}

function ourselves(): Account {
  try {
    const { username, uid, gid } = userInfo()
    return { name: username, uid, gid }
  } catch (cause) {
    throw cannotRun(`user id ${process.getuid?.()} has no entry in /etc/passwd`, cause)
  }
}

function readAccounts(passwd: string): Account[] {
  if (!existsSync(passwd)) return []
  return readFileSync(passwd, 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}

/** The first folder on the way to `path`, itself included, that the account cannot enter. Folders that do not exist yet count as open. */
export function firstClosedFolder(path: string, account: Account): string | undefined {
  for (const folder of [...foldersTo(resolve(path)), ...foldersTo(realPart(path))])
    if (existsSync(folder) && !canEnter(statSync(folder), account)) return folder
  return undefined
}

function canEnter(stats: Stats, account: Account): boolean {
  if (stats.uid === account.uid) return (stats.mode & 0o100) !== 0
  if (stats.gid === account.gid) return (stats.mode & 0o010) !== 0
  return (stats.mode & 0o001) !== 0
}

function foldersTo(path: string): string[] {
  const above = dirname(path)
  return above === path ? [path] : [...foldersTo(above), path]
}

/** Links resolved as far as the path exists. */
function realPart(path: string): string {
  const full = resolve(path)
  return existsSync(full) ? realpathSync(full) : realPart(dirname(full))
}
