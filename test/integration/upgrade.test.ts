import { afterAll, beforeAll, expect, it } from 'vitest'
import { getInbox } from '../../src/store/inbox.ts'
import { Assignment0018 } from '../../src/store/migrations/0018-assignment.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createInbox, createTeam } from '../support/factories.ts'

let ground: TestDatabase
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

it('an upgrade changes nothing for the customers and agents of before, and new inboxes and teams begin with everything', async () => {
  const { pool } = ground.db
  const runner = { query: (sql: string) => pool.query(sql) } as unknown as Parameters<Assignment0018['up']>[0]
  const newer = migrations.slice(migrations.indexOf(Assignment0018)).map((Migration) => new Migration())
  for (const one of [...newer].reverse()) await one.down(runner)
  const before = { teamId: await createTeam(pool), inboxId: await createInbox(pool) }
  for (const one of newer) await one.up(runner)
  const after = { teamId: await createTeam(pool), inboxId: await createInbox(pool) }
  const customer = async (id: string) => (await getInbox(pool, id))?.customer
  expect([await customer(before.inboxId), await customer(after.inboxId)]).toEqual([
    { acknowledge: false, news: false },
    {},
  ])
  const { rows } = await pool.query('select strategy, grace_ms from team where id = any($1::bigint[]) order by id', [
    [before.teamId, after.teamId],
  ])
  expect(rows).toEqual([
    { strategy: 'manual', grace_ms: null },
    { strategy: 'balanced', grace_ms: 120_000 },
  ])
  const { rows: bots } = await pool.query('select bot from inbox where bot')
  expect(bots).toEqual([])
})
