import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import type { Binaries } from './embedded-binaries.ts'
import { lastLines, superuser } from './embedded-cluster.ts'
import type { Place } from './embedded-place.ts'
import { EmbeddedError } from './embedded-platform.ts'
import { findPostmaster, spawnServer } from './embedded-process.ts'

export const databaseName = 'tributary'

export interface Site {
  readonly place: Place
  readonly binaries: Binaries
  readonly log: Logger
  /** Server settings on top of ours; for tests. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface Reached {
  readonly client: pg.Client
  readonly socketDir: string
  /** False: it was already running and was adopted. */
  readonly started: boolean
}

/** Without a sign of life for so long we give up, ms. Backends of a killed server hold its shared memory for seconds. */
const patience = 30_000
const pause = 25

/** Another server of this cluster is still going away. */
const goingAway = /pre-existing shared memory block|lock file ".*" already exists|is still in use/i

/** Adopts the server of this cluster or starts one, and connects to our database. */
export async function reachServer(site: Site, applicationName: string, signal?: AbortSignal): Promise<Reached> {
  let child: { pid: number | undefined; output: () => string; gone: boolean } | undefined
  let giveUpAt = Date.now() + patience
  for (;;) {
    signal?.throwIfAborted()
    const running = findPostmaster(site.place)
    if (!running && (!child || child.gone)) {
      if (child && !goingAway.test(child.output())) throw startFailed(site, child.output())
      if (child) await sleep(100)
      child = start(site)
    }
    const socketDir = running?.socketDir ?? site.place.socketDir
    const answer = await tryConnect(site, socketDir, applicationName)
    if (answer instanceof pg.Client) {
      const started = child !== undefined && findPostmaster(site.place)?.pid === child.pid
      return { client: answer, socketDir, started }
    }
    // "Starting up" or "shutting down" is a sign of life: crash recovery may take its time.
    if (answer.code === '57P03') giveUpAt = Date.now() + patience
    if (Date.now() > giveUpAt) throw startFailed(site, child?.output() || answer.message)
    await sleep(pause)
  }
}

function start(site: Site): { pid: number | undefined; output: () => string; gone: boolean } {
  const { pid, exited, output } = spawnServer(site.place, site.binaries, site.settings)
  const child = { pid, output, gone: false }
  void exited.then(() => {
    child.gone = true
  })
  site.log.info(
    { event: 'database.starting', postmaster: pid, dataDir: site.place.dataDir },
    'starting the embedded database',
  )
  return child
}

function startFailed(site: Site, output: string): EmbeddedError {
  return new EmbeddedError(
    `The embedded database did not start: ${lastLines(output, 3) || 'it said nothing'} (whole log: ${site.place.log})`,
  )
}

type Refusal = Error & { code?: string }

async function tryConnect(site: Site, socketDir: string, name: string): Promise<pg.Client | Refusal> {
  const first = await connect(socketDir, databaseName, name)
  if (!(first instanceof pg.Client)) {
    if (first.code !== '3D000') return first
    const failure = await createDatabase(socketDir, name)
    return failure ?? (await tryConnect(site, socketDir, name))
  }
  const { rows } = await first.query<{ data_directory: string }>('show data_directory')
  if (rows[0]?.data_directory === site.place.cluster) return first
  await first.end()
  throw new EmbeddedError(
    `The server on ${socketDir} has its data in ${rows[0]?.data_directory}, not in ${site.place.cluster}. Stop it, then start again.`,
  )
}

async function createDatabase(socketDir: string, name: string): Promise<Refusal | undefined> {
  const client = await connect(socketDir, 'postgres', name)
  if (!(client instanceof pg.Client)) return client
  try {
    await client.query(`create database ${databaseName}`)
    return undefined
  } catch (error) {
    // 42P04, 23505: another process of ours made it in the same moment.
    if (!['42P04', '23505'].includes((error as Refusal).code ?? '')) throw error
    return undefined
  } finally {
    await client.end()
  }
}

async function connect(socketDir: string, database: string, name: string): Promise<pg.Client | Refusal> {
  const client = new pg.Client({ host: socketDir, port: 5432, user: superuser, database, application_name: name })
  // An unheard error of a lost connection would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    return error as Refusal
  }
}
