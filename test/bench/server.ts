import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { clientConfig, type DatabaseTarget, migrate } from '../../src/store/database.ts'
import { startEmbedded } from '../../src/store/embedded.ts'

// min_wal_size of the embedded server in segments of 16 MB.
const keptSegments = 32

export interface MeasuredServer {
  readonly target: DatabaseTarget
  /** For a child process. */
  readonly url: string
  readonly kind: 'embedded' | 'given'
  /** Of the postmaster; undefined where the server is not ours to look at. */
  readonly pid: number | undefined
  stop(): Promise<void>
}

/** The server everything of one run is measured on: BENCH_DATABASE_URL (an empty database of its own), else the embedded one. */
export async function startMeasuredServer(given = process.env['BENCH_DATABASE_URL']): Promise<MeasuredServer> {
  if (given !== undefined) {
    await migrate({ url: given })
    return { target: { url: given }, url: given, kind: 'given', pid: undefined, stop: async () => {} }
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'tributary-bench-'))
  const log = pino({ level: 'silent' })
  const server = await startEmbedded({ dataDir, dataDirIsDefault: false, log })
  const stop = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  // The server is a process group of its own: an interrupted run would leave it behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(130)))
  }
  await migrate(server.target)
  await fillSegments(server.target)
  const pid = await postmasterPid(server.target)
  return { target: server.target, url: urlOf(server.target), kind: 'embedded', pid, stop }
}

export function urlOf(target: DatabaseTarget): string {
  if ('url' in target) return target.url
  const host = encodeURIComponent(target.host)
  return `postgres://${target.user}@localhost:${target.port}/${target.database}?host=${host}`
}

/** A server that has run for a while writes into old segments of its log; one just made fills each with zeros first, while commits wait. */
async function fillSegments(target: DatabaseTarget): Promise<void> {
  await withClient(target, async (client) => {
    for (let segment = 0; segment < keptSegments; segment += 1) {
      await client.query(`select pg_logical_emit_message(false, 'bench', '')`)
      await client.query('select pg_switch_wal()')
    }
    await client.query('checkpoint')
  })
}

export async function postmasterPid(target: DatabaseTarget): Promise<number> {
  const directory = await ask(target, 'show data_directory', 'data_directory')
  return Number(readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[0])
}

async function ask(target: DatabaseTarget, sql: string, column: string): Promise<string> {
  const { rows } = await withClient(target, (client) => client.query(sql))
  return String((rows[0] as Record<string, unknown>)[column])
}

async function withClient<T>(target: DatabaseTarget, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(clientConfig(target))
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
