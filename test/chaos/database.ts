import pg from 'pg'
import { clientConfig, type DatabaseTarget, migrate } from '../../src/store/database.ts'

/** A migrated database of a campaign's own, on the server of the run. */
export async function campaignDatabase(server: DatabaseTarget, name: string): Promise<DatabaseTarget> {
  const client = new pg.Client(clientConfig(server))
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`create database ${name} template template0 encoding 'UTF8'`)
  } finally {
    await client.end()
  }
  const target = withName(server, name)
  await migrate(target)
  return target
}

function withName(target: DatabaseTarget, database: string): DatabaseTarget {
  if (!('url' in target)) return { ...target, database }
  const url = new URL(target.url)
  url.pathname = `/${database}`
  return { url: url.href }
}

/** The harness's own look at the tables: few connections, each replaced when the server was killed under it. */
export function lookInto(target: DatabaseTarget): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(target), application_name: 'chaos', max: 2, idleTimeoutMillis: 1_000 })
  pool.on('error', () => {})
  return pool
}

export async function rowsOf<T>(pool: pg.Pool, sql: string, values: unknown[] = []): Promise<T[]> {
  const { rows } = await pool.query(sql, values)
  return rows as T[]
}

/** Waits until the killed app's connections are gone, so that nothing it sent is still being committed. */
export async function withoutApp(pool: pg.Pool): Promise<void> {
  for (;;) {
    const [row] = await rowsOf<{ n: string }>(
      pool,
      `select count(*) as n from pg_stat_activity where datname = current_database() and application_name <> 'chaos'`,
    )
    if (row?.n === '0') return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export async function inFlight(pool: pg.Pool): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(pool, `select id from delivery where state = 'sending'`)
  return rows.map(({ id }) => id)
}

const past = `lease_until = now() - interval '1 second'`

/** The holder is dead or stopped: what these leases would wait for has happened. Rows that a stopped one holds locked stay. */
export async function endLeases(pool: pg.Pool, deliveries: readonly string[]): Promise<void> {
  const lapse = (table: string, which: string, values: unknown[] = []) =>
    pool.query(
      `update ${table} set ${past} where id in (select id from ${table} where ${which} for no key update skip locked)`,
      values,
    )
  await lapse('delivery', `state = 'sending' and id = any($1::bigint[])`, [deliveries])
  await lapse('inbox', 'lease_until > now()')
  await lapse('job', 'state = 1')
}
