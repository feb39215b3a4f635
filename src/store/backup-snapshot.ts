import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import copyStreams from 'pg-copy-streams'
import {
  doneMigrations,
  listTables,
  migrationsTable,
  quoted,
  readSequences,
  type SequenceState,
  type TableShape,
} from './backup-catalog.ts'
import type { DatabaseTarget } from './database.ts'
import { withClient } from './database-check.ts'
import { keepFilesLock } from './file.ts'

export interface StoredContent {
  /** Hex. */
  readonly sha256: string
  readonly size: number
}

/** One moment of the database, whatever is written meanwhile. Read one thing at a time: it is one connection. */
export interface Snapshot {
  readonly takenAt: Date
  readonly postgresVersion: string
  readonly migrations: readonly string[]
  /** In an order in which they can be loaded; without the list of migrations. */
  readonly tables: readonly TableShape[]
  readonly sequences: readonly SequenceState[]
  /** Rows as COPY writes them as text. */
  rowsOf(table: TableShape): Readable & { readonly rowCount: number }
  /** Every content that a row of `file` names, once. */
  contents(): AsyncIterable<StoredContent>
}

/** For a purge that is just under way, ms. */
const patience = 10_000
const page = 1000

/** While `work` runs, no file of the snapshot is deleted, and no migration changes a table of it. */
export async function withSnapshot<T>(target: DatabaseTarget, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return withClient(target, async (client) => {
    await client.query(`set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0;
      set client_encoding = 'UTF8'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set timezone = 'UTC';
      set bytea_output = 'hex'; set extra_float_digits = 3; set row_security = off`)
    await keepFiles(client)
    return work(await takeSnapshot(client))
  })
}

async function keepFiles(client: pg.Client): Promise<void> {
  const giveUpAt = Date.now() + patience
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [keepFilesLock])
    if (rows[0]?.held) return
    if (Date.now() > giveUpAt) throw new Error('Another backup of this database is being taken.')
    await sleep(50)
  }
}

async function takeSnapshot(client: pg.Client): Promise<Snapshot> {
  if ((await doneMigrations(client)).length === 0)
    throw new Error('There is nothing to back up: the database has no tables of Tributary.')
  // The locks come first and the snapshot, which is taken by the first read, after them: a migration is in both or in neither.
  const locked = await listTables(client)
  await client.query('begin isolation level repeatable read read only')
  await client.query(`lock table ${locked.map(({ name }) => quoted(name)).join(', ')} in access share mode`)
  const tables = await listTables(client)
  if (JSON.stringify(tables) !== JSON.stringify(locked)) {
    await client.query('rollback')
    return takeSnapshot(client)
  }
  const { rows } = await client.query<{ now: Date; version: string }>(
    `select now() as now, current_setting('server_version') as version`,
  )
  return {
    takenAt: rows[0]?.now ?? new Date(),
    postgresVersion: rows[0]?.version ?? '',
    migrations: await doneMigrations(client),
    tables: tables.filter(({ name }) => name !== migrationsTable),
    sequences: await readSequences(client),
    rowsOf: (table) => client.query(copyStreams.to(`copy ${tableWithColumns(table)} to stdout`)),
    contents: () => contents(client),
  }
}

export function tableWithColumns({ name, columns }: TableShape): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`
}

async function* contents(client: pg.Client): AsyncGenerator<StoredContent> {
  let after = ''
  for (;;) {
    const { rows } = await client.query<{ sha256: string; size: string }>(
      `select encode(sha256, 'hex') as sha256, max(size)::text as size from file
        where sha256 > decode($1, 'hex') group by file.sha256 order by file.sha256 limit ${page}`,
      [after],
    )
    for (const { sha256, size } of rows) yield { sha256, size: Number(size) }
    const last = rows.at(-1)
    if (!last || rows.length < page) return
    after = last.sha256
  }
}
