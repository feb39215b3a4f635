import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Queryable } from '../../src/store/database.ts'

/** Where these words still stand: `table: row` for every row of every table whose columns, of whatever type, hold them. */
export async function tracesInTables(q: Queryable, words: string): Promise<string[]> {
  const { rows: tables } = await q.query(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const found: string[] = []
  for (const { name } of tables as { name: string }[]) {
    const hex = Buffer.from(words).toString('hex')
    const { rows } = await q.query(
      `select t::text as row from "${name}" t where position(lower($1) in lower(t::text)) > 0 or position($2 in t::text) > 0`,
      [words, hex],
    )
    found.push(...rows.map(({ row }: { row: string }) => `${name}: ${row.slice(0, 400)}`))
  }
  return found
}

export async function tracesOnDisk(folder: string, words: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const contents = await Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })))
  return contents.filter(({ bytes }) => bytes.includes(words)).map(({ file }) => file)
}
