import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate, openDatabase, pendingMigrations, transaction } from '../../src/store/database.ts'
import { emptyDatabase, type TestDatabase, testDatabase } from '../support/database.ts'

let base: TestDatabase

beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.close())

test('a test database is migrated and empty', async () => {
  expect(await pendingMigrations(base.db)).toBe(false)
  const { rows } = await base.db.pool.query('select count(*)::int as n from message')
  expect(rows[0].n).toBe(0)
})

test('a transaction that throws leaves nothing behind and its connection can be used again', async () => {
  await base.db.pool.query('create table scratch (n int)')
  const failing = transaction(base.db, async (tx) => {
    await tx.query('insert into scratch values (1)')
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  const { rows } = await base.db.pool.query('select count(*)::int as n from scratch')
  expect(rows[0].n).toBe(0)
})

test('two processes that migrate an empty database at once both succeed', async () => {
  const empty = await emptyDatabase()
  try {
    const done = await Promise.all([migrate(empty.target), migrate(empty.target), migrate(empty.target)])
    expect(done.filter((n) => n > 0)).toHaveLength(1)
    const db = await openDatabase(empty.target, { poolSize: 1 })
    expect(await pendingMigrations(db)).toBe(false)
    await db.close()
  } finally {
    await empty.drop()
  }
})
