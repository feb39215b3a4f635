import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { DatabaseTarget } from './database.ts'
import { runsAsRoot } from './embedded-account.ts'
import { readyBinaries } from './embedded-binaries.ts'
import { readyCluster, superuser } from './embedded-cluster.ts'
import { isLast, nameOf, takeLock } from './embedded-lock.ts'
import { type Place, systemDir, takePlace } from './embedded-place.ts'
import { EmbeddedError, findPackage, type Platform, thisPlatform } from './embedded-platform.ts'
import { findPostmaster, isPostmaster } from './embedded-process.ts'
import { databaseName, type Reached, reachServer, type Site } from './embedded-reach.ts'

export interface EmbeddedOptions {
  readonly dataDir: string
  /** Nobody set DATA_DIR: another directory may be used where the database's account cannot reach this one. */
  readonly dataDirIsDefault: boolean
  readonly log: Logger
  /** The lock went to another process; this one must end. */
  readonly onLost?: (error: Error) => void
  /** For tests. */
  readonly settings?: Readonly<Record<string, string>>
  readonly platform?: Platform
  readonly systemDir?: string
  readonly sync?: boolean
}

export interface EmbeddedServer {
  readonly target: DatabaseTarget
  /** The directory in use. */
  readonly dataDir: string
  readonly holdsLock: boolean
  /** Close every connection of yours first. */
  stop(): Promise<void>
  /** At once and without waiting; what was committed is safe. */
  kill(): void
}

/** The server of `tributary start`: alone on its directory, brought back within a second when it dies, stopped with us. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const site = prepare(options)
  const stopping = new AbortController()
  const first = await reachAndLock(site, stopping.signal)
  let current = first
  let lost = false
  let recovery = Promise.resolve()
  const watch = (reached: Reached) =>
    reached.client.once('end', () => {
      if (stopping.signal.aborted) return
      site.log.warn({ dataDir: site.place.dataDir }, 'the embedded database went away, starting it again')
      recovery = recover(site, stopping.signal)
        .then((again) => {
          if (!again) return
          current = again
          watch(again)
        })
        .catch((error: Error) => {
          lost = true
          options.onLost?.(error)
        })
    })
  watch(first)
  return {
    target: targetOf(first),
    dataDir: site.place.dataDir,
    holdsLock: true,
    stop: async () => {
      stopping.abort()
      await recovery
      if (!lost) await stopServer(site)
      await current.client.end().catch(() => {})
    },
    kill: () => {
      stopping.abort()
      if (!lost) killServer(site)
    },
  }
}

/** For one command: uses the server that runs and leaves it running, else starts one for as long as the command takes. */
export async function attachEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const site = prepare(options)
  const reached = await reachServer(site, nameOf('command'))
  await takeLock(reached.client, 'command', site.place.dataDir)
  return {
    target: targetOf(reached),
    dataDir: site.place.dataDir,
    holdsLock: false,
    stop: async () => {
      if (reached.started && (await isLast(reached.client))) await stopServer(site)
      await reached.client.end().catch(() => {})
    },
    kill: () => reached.started && killServer(site),
  }
}

function prepare(options: EmbeddedOptions): Site {
  const found = findPackage(options.platform ?? thisPlatform())
  const system = options.systemDir ?? systemDir
  const place = takePlace({ dataDir: options.dataDir, isDefault: options.dataDirIsDefault, systemDir: system })
  const binaries = readyBinaries(found, place.account, runsAsRoot() ? system : place.dataDir)
  readyCluster(place, binaries, { sync: options.sync ?? true })
  return { place, binaries, log: options.log, ...(options.settings && { settings: options.settings }) }
}

async function reachAndLock(site: Site, signal: AbortSignal): Promise<Reached> {
  for (;;) {
    const reached = await reachServer(site, nameOf('start'), signal)
    try {
      await takeLock(reached.client, 'start', site.place.dataDir)
      return reached
    } catch (error) {
      await reached.client.end().catch(() => {})
      // A command that was the last to use the server has stopped it under us.
      if (error instanceof EmbeddedError || findPostmaster(site.place)) throw error
    }
  }
}

/** Until it is back, however long that takes; undefined when we are stopping. Rejects only when another `start` has the lock. */
async function recover(site: Site, signal: AbortSignal): Promise<Reached | undefined> {
  while (!signal.aborted) {
    try {
      const reached = await reachAndLock(site, signal)
      site.log.info({ dataDir: site.place.dataDir }, 'the embedded database is back')
      return reached
    } catch (error) {
      if (signal.aborted) return undefined
      if (error instanceof EmbeddedError && error.message.startsWith('Another Tributary')) throw error
      site.log.error({ err: error }, 'the embedded database does not come back')
      await sleep(1000, undefined, { signal }).catch(() => {})
    }
  }
  return undefined
}

/** "Fast": running transactions are rolled back, everything committed is written. */
async function stopServer({ place, log }: Site): Promise<void> {
  const pid = findPostmaster(place)?.pid
  if (pid === undefined) return
  const steps: readonly [NodeJS.Signals, number][] = [
    ['SIGINT', 20_000],
    ['SIGQUIT', 10_000],
  ]
  for (const [signal, within] of steps) {
    send(pid, signal)
    if (await isGone(pid, place, within)) return
    log.warn({ pid, signal }, 'the embedded database does not stop')
  }
}

/** "Immediate": the next start recovers as after a crash. */
function killServer({ place }: Site): void {
  const pid = findPostmaster(place)?.pid
  if (pid !== undefined) send(pid, 'SIGQUIT')
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended in this moment.
  }
}

async function isGone(pid: number, place: Place, within: number): Promise<boolean> {
  const giveUpAt = Date.now() + within
  while (isPostmaster(pid, place)) {
    if (Date.now() > giveUpAt) return false
    await sleep(10)
  }
  return true
}

function targetOf({ socketDir }: Reached): DatabaseTarget {
  return { host: socketDir, port: 5432, user: superuser, database: databaseName }
}
