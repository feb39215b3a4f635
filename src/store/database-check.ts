import pg from 'pg'
import { clientConfig, type DatabaseTarget, type Queryable } from './database.ts'

/** It cannot be used; the message is one line that says how to mend it. */
export class DatabaseUnfit extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'DatabaseUnfit'
  }
}

/** Throws DatabaseUnfit when it cannot be reached or is not what it must be. */
export async function requireDatabase(target: DatabaseTarget): Promise<void> {
  await withClient(target, async (client) => {
    const [complaint] = await checkDatabase(client)
    if (complaint !== undefined) throw new DatabaseUnfit(complaint)
  })
}

/** One connection for one purpose. */
export async function withClient<T>(target: DatabaseTarget, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(clientConfig(target))
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (cause) {
    throw new DatabaseUnfit(`${placeOf(target)} cannot be reached: ${reasonOf(cause)}`, { cause })
  }
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Without the password. */
function placeOf(target: DatabaseTarget): string {
  if (!('url' in target)) return `The database in ${target.host}`
  const [, rest = ''] = /^\w+:\/\/(?:[^/]*@)?([^?]*)/.exec(target.url) ?? []
  return `The database of DATABASE_URL (${rest})`
}

/** Node tries several addresses and says nothing in the error that holds them all. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}

/** What a database must be before we write into it; each complaint says how to mend it. */
export async function checkDatabase(q: Queryable): Promise<readonly string[]> {
  const { rows } = await q.query<{
    version: number
    encoding: string
    name: string
    owner: boolean
    has_trgm: boolean
  }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
            current_database() as name, has_database_privilege(current_database(), 'create') as owner,
            exists (select from pg_extension where extname = 'pg_trgm') as has_trgm`,
  )
  const facts = rows[0]
  if (!facts) return ['The database gave no answer.']
  const { version, encoding, name } = facts
  if (version < 150_000)
    return [
      `PostgreSQL ${Math.floor(version / 10_000)} is too old; use 15 or newer, and move the data with pg_upgrade.`,
    ]
  if (encoding !== 'UTF8')
    return [`The database ${name} is encoded in ${encoding}; create another: ${createStatement(name)}`]
  if (!facts.has_trgm && !facts.owner)
    return [`The extension pg_trgm is missing; as a superuser run in ${name}: create extension pg_trgm`]
  return similarityComplaints(q, name)
}

/** Trigrams are cut by the database's ctype: under C, Chinese text has none and search finds nothing. */
async function similarityComplaints(q: Queryable, name: string): Promise<string[]> {
  try {
    await q.query('create extension if not exists pg_trgm')
  } catch (error) {
    // 23505: two processes created it in the same moment, and the other won.
    if ((error as { code?: string }).code !== '23505')
      return [
        `The extension pg_trgm cannot be made (${(error as Error).message}); install PostgreSQL's contrib package.`,
      ]
  }
  const { rows } = await q.query<{ similarity: number }>(`select similarity('我的订单在哪里', '订单在哪里查询')`)
  if ((rows[0]?.similarity ?? 0) > 0) return []
  return [
    `The database ${name} has a ctype that knows no Chinese letters, so search would find none; create another: ${createStatement(name)}`,
  ]
}

function createStatement(name: string): string {
  return `create database ${name}_utf8 template template0 encoding 'UTF8' lc_ctype 'C.UTF-8'`
}
