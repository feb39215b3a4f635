import pg from 'pg'
import { DataSource } from 'typeorm'
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js'
import { createNotifications, type Notifications } from './listen.ts'
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
  readonly notifications: Notifications
  close(): Promise<void>
}

export type Queryable = pg.Pool | pg.PoolClient | pg.Client

// One number names our migrations among all users of the server's advisory locks.
const MIGRATION_LOCK = 7_214_500_001

/** A request that finds the database gone says so to somebody who waits. */
const connectMs = 5_000

export function clientConfig(target: DatabaseTarget): pg.ClientConfig {
  const common = { application_name: 'tributary', connectionTimeoutMillis: connectMs, keepAlive: true }
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
  /** Absent: all of this release. */
  readonly migrations?: readonly Migration[]
  /** Told about connections that broke while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void
}

export async function openDatabase(target: DatabaseTarget, options: OpenOptions = {}): Promise<Database> {
  let closing = false
  const dataSource = new DataSource({
    type: 'postgres',
    ...sourceOptions(target),
    entities,
    migrations: [...(options.migrations ?? migrations)],
    applicationName: 'tributary',
    poolSize: options.poolSize ?? 10,
    installExtensions: false,
    extra: {
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      pipeline: true,
      // The same few statements all day, each by an index: a plan of its own for every call costs more than running it, and one
      // kept from when a table was small must not read the whole of it later. Before PostgreSQL 18 a plan that cannot do without
      // the forbidden scan costs so much on paper that each call of it would be compiled: hence no JIT.
      options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off',
      idle_in_transaction_session_timeout: idleMs,
    },
    poolErrorHandler: (error: Error) => closing || options.onIdleError?.(error),
  })
  await dataSource.initialize()
  const pool = (dataSource.driver as PostgresDriver).master as pg.Pool
  pool.on('acquire', neverUnheard)
  pool.on('connect', sendTogether)
  const notifications = createNotifications(() => new pg.Client(clientConfig(target)))
  const close = async () => {
    // A server stopped right after us ends connections that are still saying goodbye.
    closing = true
    await notifications.close()
    await dataSource.destroy()
  }
  return { pool, dataSource, target, notifications, close }
}

const unheard = () => {}

// Between the pool's listener and ours lies a moment: the server's farewell read with the last answer, in one packet, would
// meet no listener and end the process.
function neverUnheard(client: pg.PoolClient): void {
  if (!client.listeners('error').includes(unheard)) client.on('error', unheard)
}

/** Statements begun in one turn leave in one packet: each one of its own would wake the server once. */
function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as pg.Client).connection
  const write = stream.write.bind(stream) as (chunk: Buffer) => boolean
  let corked = false
  stream.write = (chunk: Buffer) => {
    if (!corked) {
      corked = true
      stream.cork()
      process.nextTick(() => {
        corked = false
        stream.uncork()
      })
    }
    return write(chunk)
  }
}

/** Several reads on one connection, outside of a transaction. */
export async function reading<T>(db: Database, work: (q: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await db.pool.connect()
  try {
    return await work(client)
  } finally {
    client.release()
  }
}

/**
 * BEGIN … COMMIT around `work`. A connection whose rollback failed is thrown away, never returned to the pool.
 */
export async function transaction<T>(db: Database, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await db.pool.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    const begun = client.query('begin')
    begun.catch(unheard)
    const result = await work(client)
    await begun
    const { command } = await client.query('commit')
    if (command !== 'COMMIT') throw new Error('The transaction had failed and was rolled back.')
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

/**
 * Statements that need nothing of each other's answers: one client sends them at once (PostgreSQL's pipelining) and they run in
 * the order in which they were begun, for the price of one wait. Throws the failure the others followed from, and only when all
 * have ended: a straggler must not meet a connection that was rolled back and returned.
 */
export async function together<T extends readonly unknown[]>(
  work: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const results = await Promise.allSettled(work)
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  if (failures.length > 0) throw failures.find((failure) => !isConsequence(failure)) ?? failures[0]
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as never
}

/** Refused because an earlier statement of the transaction failed. */
function isConsequence(failure: unknown): boolean {
  return (failure as { code?: unknown } | null)?.code === '25P02'
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
  const guard = await connected(target)
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    return await runMigrations(target)
  } finally {
    await guard.end()
  }
}

/** While `work` runs, nobody else migrates, and so nobody starts. */
export async function aloneWithTables<T>(target: DatabaseTarget, work: (guard: pg.Client) => Promise<T>): Promise<T> {
  const guard = await connected(target)
  try {
    const { rows } = await guard.query('select pg_try_advisory_lock($1) as held', [MIGRATION_LOCK])
    if (!rows[0].held) throw new Error('Tributary is just starting on this database. Stop it first.')
    return await work(guard)
  } finally {
    await guard.end()
  }
}

async function connected(target: DatabaseTarget): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(target))
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Only for who holds the lock. With `names`: no further than these. */
export async function runMigrations(target: DatabaseTarget, names?: readonly string[]): Promise<number> {
  const only = names === undefined ? migrations : migrations.filter((one) => names.includes(nameOf(one)))
  const db = await openDatabase(target, { poolSize: 1, migrations: only })
  try {
    return (await db.dataSource.runMigrations({ transaction: 'each' })).length
  } finally {
    await db.close()
  }
}

type Migration = (typeof migrations)[number]

const nameOf = (migration: Migration): string => new migration().name

/** Of this release, in order. */
export const migrationNames = (): string[] => migrations.map(nameOf)

export async function pendingMigrations(db: Database): Promise<boolean> {
  return db.dataSource.showMigrations()
}

/** Errors that say "later", not "wrong": the same work may succeed when it comes again. */
export function isTransient(error: unknown): boolean {
  return isAway(error) || /^(40001|40P01|55P03|25P03|57|53)/.test(codeOf(error) ?? '')
}

// What the driver says by itself, of a connection that broke before or while it was used.
const withoutCode =
  /connection terminated|connection error and is not queryable|timeout exceeded when trying to connect/i

/** Of an error of our own database: it is stopped, starting, or the way to it is cut. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error)
  if (code === undefined) return withoutCode.test(String(error))
  return /^(08|57P)/.test(code) || /^E(CONN|PIPE|TIMEDOUT|NOENT|AI_AGAIN|NOTFOUND)/.test(code)
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
