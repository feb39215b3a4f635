import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './embedded-binaries.ts'
import { as, serverEnvironment } from './embedded-cluster.ts'
import type { Place } from './embedded-place.ts'

export interface Postmaster {
  readonly pid: number
  readonly socketDir: string
}

const longestLog = 1_048_576
const keptLog = 262_144

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '256MB',
  // A segment made anew holds up every commit for the time it takes to fill 16 MB: what a quiet week leaves must do for a surge.
  min_wal_size: '512MB',
  jit: 'off',
  log_checkpoints: 'off',
  // The detail of an error quotes the row: a customer's words.
  log_error_verbosity: 'terse',
}

/** The live postmaster of this cluster, whoever started it. */
export function findPostmaster(place: Place): Postmaster | undefined {
  const [pid = '', , , , socketDir = ''] = read(join(place.cluster, 'postmaster.pid')).split('\n')
  const found = { pid: Number(pid), socketDir: socketDir === '' ? place.socketDir : socketDir }
  return isPostmaster(found.pid, place) ? found : undefined
}

/** The pid in a file that the account can write is not believed: it may be reused, or name anything. */
export function isPostmaster(pid: number, place: Place): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false
  const proc = `/proc/${pid}`
  // A zombie's command line is empty.
  const [program = '', ...args] = read(join(proc, 'cmdline')).split('\0')
  const ours = program.endsWith('/postgres') && args[args.indexOf('-D') + 1] === place.cluster
  return ours && existsSync(proc) && statSync(proc).uid === place.account.uid
}

/** Starts a server in its own process group, so that Ctrl-C does not reach it before us. `exited` never rejects. */
export function spawnServer(
  place: Place,
  binaries: Binaries,
  more: Readonly<Record<string, string>> = {},
): { pid: number | undefined; exited: Promise<void>; output: () => string } {
  removeStaleLocks(place)
  capLog(place.log)
  const log = openSync(place.log, 'a', 0o600)
  const from = statSync(place.log).size
  const options = Object.entries({ ...settings, ...more }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(binaries.bin, 'postgres'), ['-D', place.cluster, '-k', place.socketDir, ...options], {
    ...as(place.account),
    cwd: '/',
    env: serverEnvironment,
    stdio: ['ignore', log, log],
    detached: true,
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  child.unref()
  closeSync(log)
  return { pid: child.pid, exited, output: () => tail(place.log, from) }
}

/** PostgreSQL takes any live process with the pid in its lock file for a server; after a reboot or in a container that is often another. */
function removeStaleLocks(place: Place): void {
  const file = join(place.cluster, 'postmaster.pid')
  // Empty: another server is just writing it, or the machine stopped while one was.
  const beingWritten = read(file) === '' && existsSync(file) && Date.now() - statSync(file).mtimeMs < 5000
  if (findPostmaster(place) || beingWritten) return
  rmSync(file, { force: true })
  rmSync(join(place.socketDir, '.s.PGSQL.5432.lock'), { force: true })
}

function capLog(file: string): void {
  if (existsSync(file) && statSync(file).size > longestLog)
    writeFileSync(file, tail(file, statSync(file).size - keptLog), { mode: 0o600 })
}

function tail(file: string, from: number): string {
  const start = Math.max(from, statSync(file).size - keptLog)
  const buffer = Buffer.alloc(Math.max(statSync(file).size - start, 0))
  const descriptor = openSync(file, 'r')
  readSync(descriptor, buffer, 0, buffer.length, start)
  closeSync(descriptor)
  return buffer.toString('utf8')
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
