import type pg from 'pg'

export interface TableShape {
  readonly name: string
  /** Those that are written; generated ones are worked out again. */
  readonly columns: readonly string[]
}

export interface SequenceState {
  readonly name: string
  readonly lastValue: string
  readonly called: boolean
}

/** typeorm's own list: told apart from the rest, because a restore makes its rows by migrating. */
export const migrationsTable = 'migrations'

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

// Of the schema we live in; what belongs to an extension comes with the extension.
const ours = `c.relnamespace = (select oid from pg_namespace where nspname = current_schema())
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`

/** Every table, each after those it refers to, so that rows can be loaded in this order. */
export async function listTables(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where ${ours} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      group by c.relname order by c.relname`,
  )
  return inOrder(rows, await references(client))
}

/** From a table to one it refers to. A deferred one is looked at when the transaction ends, whatever was loaded first. */
async function references(client: pg.Client): Promise<readonly (readonly [string, string])[]> {
  const { rows } = await client.query<{ from: string; to: string }>(
    `select c.relname as from, t.relname as to from pg_constraint k
       join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
      where ${ours} and k.contype = 'f' and not k.condeferred and k.conrelid <> k.confrelid`,
  )
  return rows.map(({ from, to }) => [from, to] as const)
}

function inOrder(tables: readonly TableShape[], edges: readonly (readonly [string, string])[]): TableShape[] {
  const ordered: TableShape[] = []
  let left = [...tables]
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name))
    const ready = left.filter(({ name }) => !edges.some(([from, to]) => from === name && waiting.has(to)))
    if (ready.length === 0)
      throw new Error(`The tables ${[...waiting].join(', ')} refer to each other; one reference must be deferred.`)
    ordered.push(...ready)
    left = left.filter((table) => !ready.includes(table))
  }
  return ordered
}

/** Sequences stand outside of transactions: read after a snapshot was taken, they are past every id in it. */
export async function readSequences(client: pg.Client): Promise<SequenceState[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c where ${ours} and c.relkind = 'S' order by c.relname`,
  )
  const states: SequenceState[] = []
  for (const { name } of rows) {
    const { rows: found } = await client.query<{ lastValue: string; called: boolean }>(
      `select last_value::text as "lastValue", is_called as called from ${quoted(name)}`,
    )
    if (found[0]) states.push({ name, ...found[0] })
  }
  return states
}

/** In the order in which they were done; empty where there are no tables of ours. */
export async function doneMigrations(client: pg.Client): Promise<string[]> {
  const tables = await client.query(
    `select from pg_class c where ${ours} and c.relkind = 'r' and c.relname = '${migrationsTable}'`,
  )
  if (tables.rowCount === 0) return []
  const { rows } = await client.query<{ name: string }>(`select name from ${migrationsTable} order by id`)
  return rows.map(({ name }) => name)
}

/** Tables with triggers of ours, which have already had their say about every row of a backup. */
export async function triggeredTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct c.relname as name from pg_trigger g join pg_class c on c.oid = g.tgrelid
      where ${ours} and not g.tgisinternal order by 1`,
  )
  return rows.map(({ name }) => name)
}
