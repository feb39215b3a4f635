import pg from 'pg'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Sequencer, startSequencer } from '../../src/realtime/sequencer.ts'
import { clientConfig, transaction } from '../../src/store/database.ts'
import { feedAfter, feedHead, STAMP_BATCH, stampFeed } from '../../src/store/feed.ts'
import { insertFeed, notify } from '../../src/store/feed-insert.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

const log = pino({ level: 'silent' })
let test: TestDatabase
const running: Sequencer[] = []

beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test.close())
beforeEach(() => test.db.pool.query('update feed_head set position = 0; truncate feed restart identity'))
afterEach(async () => {
  for (const sequencer of running.splice(0)) await sequencer.close()
})

const start = () => running.push(startSequencer({ db: test.db, log }))
const rows = (n: number, data?: Record<string, unknown>) =>
  Array.from({ length: n }, () => ({ kind: 'inbox.health' as const, data: data ?? null }))
const positions = async () => {
  const { rows } = await test.db.pool.query('select id, position from feed order by id')
  return rows as { id: string; position: string | null }[]
}

describe('stamping', () => {
  it('numbers committed rows in the order of their ids, without gaps, over several passes', async () => {
    await insertFeed(test.db.pool, rows(STAMP_BATCH + 5))
    expect([await stampFeed(test.db.pool), await stampFeed(test.db.pool), await stampFeed(test.db.pool)]).toEqual([
      STAMP_BATCH,
      5,
      0,
    ])
    expect((await positions()).map((row) => Number(row.position))).toEqual(
      Array.from({ length: STAMP_BATCH + 5 }, (_, i) => i + 1),
    )
    expect(await feedHead(test.db.pool)).toBe(String(STAMP_BATCH + 5))
  })

  it('neither loses nor reorders a row whose transaction commits after a later one', async () => {
    const slow = await test.db.pool.connect()
    await slow.query('begin')
    await insertFeed(slow, rows(1, { n: 1 }))
    await insertFeed(test.db.pool, rows(1, { n: 2 }))
    await stampFeed(test.db.pool)
    const first = await feedAfter(test.db.pool, '0', 10)
    expect(first.map((row) => row.id)).toEqual(['2'])
    await slow.query('commit')
    slow.release()
    await stampFeed(test.db.pool)
    // A reader who went on from what it saw gets the other row too, and whoever starts afresh reads the same order.
    expect((await feedAfter(test.db.pool, first[0]!.position, 10)).map((row) => row.id)).toEqual(['1'])
    expect((await feedAfter(test.db.pool, '0', 10)).map((row) => row.id)).toEqual(['2', '1'])
  })

  it('lets many stampers run at once without a gap, a repeat or a position out of order', async () => {
    const clients = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = new pg.Client(clientConfig(test.target))
        await client.connect()
        return client
      }),
    )
    let writing = true
    const stamping = clients.slice(0, 3).map(async (client) => {
      while (writing) await stampFeed(client)
      await stampFeed(client)
    })
    const highest: number[] = []
    for (let i = 0; i < 150; i++) {
      await insertFeed(clients[3]!, rows(7))
      highest.push(Number(await feedHead(clients[3]!)))
    }
    writing = false
    await Promise.all(stamping)
    await Promise.all(clients.map((client) => client.end()))
    const stamped = (await positions()).map((row) => Number(row.position))
    expect(stamped).toEqual(Array.from({ length: 1050 }, (_, i) => i + 1))
    expect(highest).toEqual([...highest].sort((a, b) => a - b))
    expect(await feedHead(test.db.pool)).toBe('1050')
  })

  it('shows a reader the head only together with every row up to it', async () => {
    const reader = new pg.Client(clientConfig(test.target))
    await reader.connect()
    start()
    const broken: string[] = []
    let writing = true
    const reading = (async () => {
      while (writing) {
        const head = await feedHead(reader)
        const { rows } = await reader.query('select count(*)::int as n from feed where position <= $1', [head])
        if (String(rows[0].n) !== head) broken.push(`${rows[0].n} of ${head}`)
      }
    })()
    for (let i = 0; i < 100; i++) {
      await transaction(test.db, async (tx) => {
        await insertFeed(tx, rows(3))
        await notify(tx, ['feed'])
      })
    }
    await eventually(async () => (await feedHead(test.db.pool)) === '300')
    writing = false
    await reading
    await reader.end()
    expect(broken).toEqual([])
  })
})

describe('the sequencer', () => {
  it('stamps within its floor even when the notification was lost', async () => {
    start()
    await eventually(async () => {
      await notify(test.db.pool, ['feed'])
      await insertFeed(test.db.pool, rows(1))
      return Number(await feedHead(test.db.pool)) > 0
    })
    await insertFeed(test.db.pool, rows(1))
    const { rows: last } = await test.db.pool.query('select count(*) as n from feed')
    await eventually(async () => (await feedHead(test.db.pool)) === last[0].n, { timeoutMs: 1_500 })
  })

  it('goes on when another process holding the head is gone', async () => {
    const zombie = new pg.Client(clientConfig(test.target))
    zombie.on('error', () => {})
    await zombie.connect()
    await zombie.query('begin')
    await zombie.query('select position from feed_head for update')
    start()
    await insertFeed(test.db.pool, rows(1))
    await test.db.pool.query('select pg_terminate_backend($1)', [
      (zombie as unknown as { processID: number }).processID,
    ])
    await eventually(async () => (await feedHead(test.db.pool)) === '1')
  })

  it('listens again after its connection was cut', async () => {
    start()
    await eventually(async () => {
      const cut = await test.db.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'`,
      )
      return cut.rows.length > 0
    })
    await eventually(async () => {
      const { rows } = await test.db.pool.query(
        `select 1 from pg_stat_activity where datname = current_database() and query like 'listen%' and state = 'idle'`,
      )
      return rows.length > 0
    })
    await transaction(test.db, async (tx) => {
      await insertFeed(tx, rows(1))
      await notify(tx, ['feed'])
    })
    await eventually(async () => (await feedHead(test.db.pool)) === '1')
  })
})
