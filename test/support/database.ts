import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { clientConfig, type Database, type DatabaseTarget, openDatabase } from '../../src/store/database.ts'
import { withDatabase } from './database-target.ts'

export interface TestDatabase {
  readonly db: Database
  readonly target: DatabaseTarget
  /** Closes the pool and drops the database, whoever is still connected. */
  close(): Promise<void>
}

/** A migrated database of the test file's own. */
export async function testDatabase(): Promise<TestDatabase> {
  const { target, drop } = await cloneTemplate()
  const db = await openDatabase(target, { poolSize: 3 })
  return {
    db,
    target,
    close: async () => {
      await db.close()
      await drop()
    },
  }
}

/** The same, without anybody connected: for a test that starts a whole program on it. */
export async function cloneTemplate(): Promise<{ target: DatabaseTarget; drop(): Promise<void> }> {
  const template = nameOf(inject('template'))
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(`create database ${name} template ${template}`)
  return {
    target: withDatabase(inject('administration'), name),
    drop: () => administer(`drop database if exists ${name} with (force)`),
  }
}

/** An empty database, to be migrated by the test. */
export async function emptyDatabase(): Promise<{ target: DatabaseTarget; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(`create database ${name} template template0 encoding 'UTF8'`)
  return {
    target: withDatabase(inject('administration'), name),
    drop: () => administer(`drop database if exists ${name} with (force)`),
  }
}

function nameOf(target: DatabaseTarget): string {
  return 'url' in target ? (/\/([^/?]+)(?:\?|$)/.exec(target.url.replace(/\?.*/, ''))?.[1] ?? '') : target.database
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client(clientConfig(inject('administration')))
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
