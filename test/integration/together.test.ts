import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { together, transaction } from '../../src/store/database.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let ground: TestDatabase
const db = () => ground.db
const numbers = async () => (await db().pool.query('select n from noted order by n')).rows.map(({ n }) => n)

beforeAll(async () => {
  ground = await testDatabase()
  await db().pool.query('create table noted (n int primary key)')
})
afterAll(() => ground.close())

test('a plan that cannot do without the scan we forbid is run as it is, not compiled at every call', async () => {
  await db().pool.query('create table heap (n int)')
  const { rows } = await db().pool.query('explain (analyze) select count(*) from heap')
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain('Seq Scan')
  expect(plan).not.toContain('JIT')
})

describe('statements sent at once', () => {
  it('run in the order in which they were begun, each with its own answer', async () => {
    const answers = await transaction(db(), (tx) =>
      together([
        tx.query('insert into noted values (1)'),
        tx.query('select max(n) as n from noted'),
        tx.query('insert into noted values (2)'),
        tx.query('select max(n) as n from noted'),
      ]),
    )
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual([undefined, 1, undefined, 2])
    expect(await numbers()).toEqual([1, 2])
  })

  it('fail with what went wrong, not with what was refused after it, and leave nothing', async () => {
    const failed = transaction(db(), async (tx) => {
      const twoSteps = async () => {
        await tx.query('insert into noted values (3)')
        await tx.query('insert into noted values (4)')
      }
      await together([twoSteps(), tx.query('insert into noted values (1)')])
    })
    await expect(failed).rejects.toMatchObject({ code: '23505' })
    expect(await numbers()).toEqual([1, 2])
  })

  it('have all ended when one of them has failed', async () => {
    let ended = false
    const slow = async () => {
      await pause(30)
      ended = true
    }
    await expect(together([Promise.reject(new Error('first')), slow()])).rejects.toThrow('first')
    expect(ended).toBe(true)
  })

  it('are not committed where a failure was overlooked', async () => {
    const overlooked = transaction(db(), async (tx) => {
      await tx.query('insert into noted values (5)')
      await tx.query('insert into noted values (1)').catch(() => {})
    })
    await expect(overlooked).rejects.toThrow('rolled back')
    expect(await numbers()).toEqual([1, 2])
  })
})

describe('notifications', () => {
  it('reach everybody in the process over one connection, each what it asked for', async () => {
    const heard: string[] = []
    let connected = 0
    const hear = (name: string, channels: readonly ('job' | 'inbox')[]) =>
      db().notifications.listen(
        channels,
        (channel, payload) => heard.push(`${name} ${channel} ${payload}`),
        () => (connected += 1),
      )
    const first = hear('first', ['job'])
    const both = hear('both', ['job', 'inbox'])
    await expect.poll(() => connected).toBe(2)
    const late = hear('late', ['inbox'])
    await expect.poll(() => connected).toBe(3)
    first.close()
    await db().pool.query(`select pg_notify('job', '1'), pg_notify('inbox', '2')`)
    await expect.poll(() => heard).toEqual(['both job 1', 'both inbox 2', 'late inbox 2'])
    const { rows } = await db().pool.query(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and query ilike 'listen %'`,
    )
    expect(rows).toEqual([{ n: 1 }])
    both.close()
    late.close()
  })
})
