import { type Readable, Readable as Stream } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { settleTheRestored } from './backup-aftermath.ts'
import {
  doneMigrations,
  listTables,
  migrationsTable,
  quoted,
  type SequenceState,
  type TableShape,
  triggeredTables,
} from './backup-catalog.ts'
import { tableWithColumns } from './backup-snapshot.ts'
import { aloneWithTables, type DatabaseTarget, migrationNames, runMigrations } from './database.ts'
import { withClient } from './database-check.ts'
import { isRunning } from './running.ts'

export interface StoredBackup {
  readonly migrations: readonly string[]
  /** In the order in which they are loaded. */
  readonly tables: readonly (TableShape & { readonly rows: number })[]
  readonly sequences: readonly SequenceState[]
  /** Called once for each table, in order; what it throws undoes everything. */
  rowsOf(table: TableShape): AsyncIterable<Buffer>
  /** Called after the tables and before they are committed: what a row points at must be on the disk first. */
  placeFiles(): Promise<void>
}

export interface LoadOptions {
  /** Nothing ran on the original after the backup: replies that waited have surely not been sent. */
  readonly nothingRanSince: boolean
}

/** Written by migrations themselves. */
const seeded = [migrationsTable, 'feed_head']

/** How long a connection that was just closed may still be seen, ms. */
const patience = 3_000

/**
 * All or nothing: until its one transaction commits, the database holds empty tables, which a second try takes for none.
 * Throws where somebody else's rows or a running Tributary are.
 */
export async function loadBackup(target: DatabaseTarget, backup: StoredBackup, options: LoadOptions): Promise<void> {
  const known = migrationNames()
  if (!backup.migrations.every((name) => known.includes(name)))
    throw new Error('The backup was taken by a newer release. Restore it with that release, or with a still newer one.')
  await aloneWithTables(target, async (guard) => {
    await mustBeEmpty(guard, backup)
    await mustBeStopped(guard)
    await runMigrations(target, backup.migrations)
    await withClient(target, (client) => load(client, backup, options))
    await runMigrations(target)
    await guard.query('analyze')
  })
}

async function mustBeStopped(client: pg.Client): Promise<void> {
  const giveUpAt = Date.now() + patience
  while (await isRunning(client)) {
    if (Date.now() > giveUpAt) throw new Error('Tributary is running on this database. Stop it first.')
    await sleep(50)
  }
}

async function mustBeEmpty(client: pg.Client, backup: StoredBackup): Promise<void> {
  const done = await doneMigrations(client)
  const tables = await listTables(client)
  const stranger = done.length === 0 ? tables[0]?.name : await firstWithRows(client, tables)
  if (stranger !== undefined)
    throw new Error(
      `The database is not empty: there is something in its table ${stranger}. A backup is restored into an empty database or a new DATA_DIR only.`,
    )
  if (done.some((name) => !backup.migrations.includes(name)))
    throw new Error(
      'The database has tables newer than the backup. Restore into an empty one; the rest is done by itself.',
    )
}

async function firstWithRows(client: pg.Client, tables: readonly TableShape[]): Promise<string | undefined> {
  for (const { name } of tables.filter((table) => !seeded.includes(table.name))) {
    const { rows } = await client.query<{ some: boolean }>(`select exists (select from ${quoted(name)}) as some`)
    if (rows[0]?.some) return name
  }
  return undefined
}

async function load(client: pg.Client, backup: StoredBackup, options: LoadOptions): Promise<void> {
  const here = (await listTables(client)).map(({ name }) => name).filter((name) => name !== migrationsTable)
  const lacking = here.find((name) => !backup.tables.some((table) => table.name === name))
  if (lacking !== undefined) throw new Error(`The backup has no table ${lacking}, which its own migrations make.`)
  const triggered = await triggeredTables(client)
  await client.query('begin')
  await client.query(`set local statement_timeout = 0; set local lock_timeout = 0; set local client_encoding = 'UTF8';
    set local idle_in_transaction_session_timeout = 0; set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'`)
  await client.query(`truncate ${here.map(quoted).join(', ')}`)
  for (const table of triggered) await client.query(`alter table ${quoted(table)} disable trigger user`)
  for (const table of backup.tables) {
    // Somebody's own table beside ours: read past, since nothing here makes it.
    if (!here.includes(table.name)) for await (const _ of backup.rowsOf(table));
    else await copyIn(client, table, Stream.from(backup.rowsOf(table), { objectMode: false }))
  }
  await client.query('set constraints all immediate')
  for (const table of triggered) await client.query(`alter table ${quoted(table)} enable trigger user`)
  await settleTheRestored(client, backup.sequences, options)
  await backup.placeFiles()
  await client.query('commit')
}

async function copyIn(client: pg.Client, table: TableShape & { readonly rows: number }, rows: Readable): Promise<void> {
  const copy = client.query(copyStreams.from(`copy ${tableWithColumns(table)} from stdin`))
  await pipeline(rows, copy)
  if (copy.rowCount !== table.rows)
    throw new Error(`Of the table ${table.name} ${copy.rowCount} rows were loaded, and the backup names ${table.rows}.`)
}
