import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Account, runsAsRoot } from './embedded-account.ts'
import type { Binaries } from './embedded-binaries.ts'
import { ownFolder, type Place } from './embedded-place.ts'
import { EmbeddedError } from './embedded-platform.ts'

export const superuser = 'tributary'

/** Of every PostgreSQL process we start; nothing of ours leaks into it. */
export const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' }

/** Only root may, and needs to, become somebody else. */
export function as(account: Account): { uid?: number; gid?: number } {
  return runsAsRoot() ? { uid: account.uid, gid: account.gid } : {}
}

/** Creates the cluster where there is none; refuses one of another major version. */
export function readyCluster(place: Place, binaries: Binaries, options: { readonly sync: boolean }): void {
  const file = join(place.cluster, 'PG_VERSION')
  if (!existsSync(file)) createCluster(place, binaries, options)
  const onDisk = Number(readFileSync(file, 'utf8').trim())
  if (onDisk > binaries.major)
    throw new EmbeddedError(
      `${place.cluster} was written by PostgreSQL ${onDisk}, and this release has ${binaries.major}. Use the newer release again.`,
    )
  if (onDisk < binaries.major)
    throw new EmbeddedError(
      `${place.cluster} was written by PostgreSQL ${onDisk}, and this release has ${binaries.major}. Check out the previous release, run tributary backup FILE, come back and run tributary restore FILE.`,
    )
}

/** Made beside and renamed, so that a process killed in between leaves no half cluster under the final name. */
function createCluster(place: Place, binaries: Binaries, options: { readonly sync: boolean }): void {
  removeUnfinished(place.dataDir)
  const unfinished = ownFolder(join(place.dataDir, `pg.new.${process.pid}`), place.account)
  const result = initdb(unfinished, { place, binaries, sync: options.sync })
  if (result.status !== 0) {
    rmSync(unfinished, { recursive: true, force: true })
    throw new EmbeddedError(
      `initdb failed: ${lastLines(`${result.stderr}`, 3) || result.error?.message || `status ${result.status}`}`,
    )
  }
  try {
    renameSync(unfinished, place.cluster)
    syncFolder(place.dataDir)
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(join(place.cluster, 'PG_VERSION')))
      throw new EmbeddedError(`${place.cluster} is there, but is no database. Move it away and start again.`, { cause })
  }
}

function initdb(
  directory: string,
  { place, binaries, sync }: { place: Place; binaries: Binaries; sync: boolean },
): SpawnSyncReturns<Buffer> {
  // With lc_ctype C, pg_trgm finds no similarity between Chinese strings.
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--lc-ctype=C.UTF-8']
  return spawnSync(
    join(binaries.bin, 'initdb'),
    ['-D', directory, '-U', superuser, '-A', 'trust', '-E', 'UTF8', ...locale, ...(sync ? [] : ['--no-sync'])],
    { ...as(place.account), cwd: '/', env: serverEnvironment },
  )
}

function removeUnfinished(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const pid = /^pg\.new\.(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(dataDir, name), { recursive: true, force: true })
  }
}

function syncFolder(folder: string): void {
  const file = openSync(folder, 'r')
  fsyncSync(file)
  closeSync(file)
}

export function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join(' · ')
}
