import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { assignWaiting } from '../../src/routing/assign-waiting.ts'
import type { Queryable } from '../../src/store/database.ts'
import { letWait } from '../bench/routing-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type QueueDesk, queueDesk } from '../support/queue-desk.ts'

let base: TestDatabase
let desk: QueueDesk
beforeAll(async () => {
  base = await testDatabase()
  desk = queueDesk(base.db)
})
afterAll(() => base.close())

interface Said {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

/** Literals for placeholders: `explain` takes no parameters. */
function spelled({ text, values }: Said): string {
  const literal = (value: unknown): string => {
    if (value instanceof Date) return `'${value.toISOString()}'`
    if (Array.isArray(value)) return `array[${value.map(literal).join(',')}]`
    return value === null
      ? 'null'
      : typeof value === 'number'
        ? String(value)
        : `'${String(value).replaceAll("'", "''")}'`
  }
  return text.replace(/\$(\d+)/g, (_, n: string) => literal(values[Number(n) - 1]))
}

it('no question about a queue reads a table from end to end, nor by an index that does not lead to what is asked', async () => {
  const { id: teamId, inboxId } = await desk.team()
  const agents = [await desk.agent({ teams: [teamId] }), await desk.agent({ teams: [teamId] })]
  // Of few facts the planner knows that there are few, and would walk through all of those instead.
  await letWait(
    { db: base.db, teamIds: [teamId, teamId, teamId, teamId, teamId], inboxIds: Array(5).fill(inboxId) },
    4_000,
  )
  await desk.person(agents)
  await base.db.pool.query('analyze')
  const said: Said[] = []
  const client = await base.db.pool.connect()
  try {
    const listening = new Proxy(client, {
      get: (target, key) =>
        key === 'query'
          ? (statement: Said) => {
              if (typeof statement !== 'string') said.push(statement)
              return target.query(statement as never)
            }
          : Reflect.get(target, key),
    }) as pg.PoolClient & Queryable
    await client.query('begin')
    expect((await assignWaiting(listening, desk.clock())).given.length).toBeGreaterThan(5)
    // Now somebody has something, which other conversations could belong to; T2 names what it has routed.
    await assignWaiting(listening, desk.clock())
    await assignWaiting(listening, desk.clock(), ['1', '2'])
    const asked = said.filter(({ name }) => [...about, 'queue-of-contacts', 'queue-heads-among'].includes(name))
    expect(new Set(asked.map(({ name }) => name)).size).toBe(about.length + 2)
    for (const one of asked) {
      const { rows } = await client.query(`explain ${spelled(one)}`)
      const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
      const used = [...plan.matchAll(/using (conversation_\w+) on conversation/g)].map(([, index]) => index)
      expect([
        one.name,
        plan.includes('Seq Scan on conversation'),
        used.filter((index) => !leading.has(index ?? '')),
      ]).toEqual([one.name, false, []])
    }
  } finally {
    await client.query('rollback')
    client.release()
  }
})

const about = ['queue-lanes', 'queue-heads', 'queue-heads-own', 'queue-personal', 'queue-work']
const leading = new Set([
  'conversation_queue',
  'conversation_queue_vip',
  'conversation_opener',
  'conversation_load',
  'conversation_pkey',
])
