import pg from 'pg'
import { DataSource } from 'typeorm'
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js'
import { migrations } from './migrations/index.ts'
import { entities } from './schema/index.ts'

/** Where PostgreSQL is: a URL, or the directory of the embedded server's socket. */
export type DatabaseTarget =
  | { readonly url: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string }

export interface Database {
  readonly pool: pg.Pool
  /** For administration and migrations only; the hot paths speak SQL through the pool, which is the same one. */
  readonly dataSource: DataSource
  readonly target: DatabaseTarget
  close(): Promise<void>
}

export type Queryable = pg.Pool | pg.PoolClient | pg.Client

// One number names our migrations among all users of the server's advisory locks.
const MIGRATION_LOCK = 7_214_500_001

export function clientConfig(target: DatabaseTarget): pg.ClientConfig {
  const common = { application_name: 'tributary', connectionTimeoutMillis: 10_000, keepAlive: true }
  return 'url' in target ? { ...common, connectionString: target.url } : { ...common, ...target }
}

export function sourceOptions(target: DatabaseTarget): Record<string, unknown> {
  return 'url' in target
    ? { url: target.url }
    : { host: target.host, port: target.port, username: target.user, database: target.database }
}

/** A process that was stopped inside a transaction must not hold its locks for ever; shorter than a receive lease. */
const idleMs = 5_000

export interface OpenOptions {
  readonly poolSize?: number
  /** Told about connections that broke while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void
}

export async function openDatabase(target: DatabaseTarget, options: OpenOptions = {}): Promise<Database> {
  let closing = false
  const dataSource = new DataSource({
    type: 'postgres',
    ...sourceOptions(target),
    entities,
    migrations,
    applicationName: 'tributary',
    poolSize: options.poolSize ?? 10,
    installExtensions: false,
    extra: { connectionTimeoutMillis: 10_000, keepAlive: true, idle_in_transaction_session_timeout: idleMs },
    poolErrorHandler: (error: Error) => closing || options.onIdleError?.(error),
  })
  await dataSource.initialize()
  const pool = (dataSource.driver as PostgresDriver).master as pg.Pool
  pool.on('acquire', neverUnheard)
  const close = () => {
    // A server stopped right after us ends connections that are still saying goodbye.
    closing = true
    return dataSource.destroy()
  }
  return { pool, dataSource, target, close }
}

const unheard = () => {}

// Between the pool's listener and ours lies a moment: the server's farewell read with the last answer, in one packet, would
// meet no listener and end the process.
function neverUnheard(client: pg.PoolClient): void {
  if (!client.listeners('error').includes(unheard)) client.on('error', unheard)
}

/** BEGIN … COMMIT around `work`. A connection whose rollback failed is thrown away, never returned to the pool. */
export async function transaction<T>(db: Database, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await db.pool.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failed: Error) => {
      broken = failed
    })
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** A statement prepared once for each connection; use it on hot paths, where planning would cost more than running. */
export function named(name: string, text: string): (q: Queryable, values: unknown[]) => Promise<pg.QueryResult> {
  return (q, values) => q.query({ name, text, values })
}

/**
 * Migrations under one advisory lock on a connection of their own: typeorm does not lock them, and two processes
 * starting together would both create the tables.
 */
export async function migrate(target: DatabaseTarget): Promise<number> {
  const guard = new pg.Client(clientConfig(target))
  guard.on('error', () => {})
  await guard.connect()
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    const db = await openDatabase(target, { poolSize: 1 })
    try {
      const done = await db.dataSource.runMigrations({ transaction: 'each' })
      return done.length
    } finally {
      await db.close()
    }
  } finally {
    await guard.end()
  }
}

export async function pendingMigrations(db: Database): Promise<boolean> {
  return db.dataSource.showMigrations()
}

/** Errors that say "later", not "wrong": the same work may succeed when it comes again. */
export function isTransient(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string')
    return /connection terminated|timeout exceeded when trying to connect/i.test(String(error))
  return /^(40001|40P01|55P03|25P03|08|57|53)/.test(code) || /^E(CONN|PIPE|TIMEDOUT|NOENT|AI_AGAIN|NOTFOUND)/.test(code)
}
