import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InboundBatch } from '../../src/channel/contract.ts'
import { createIngestMetrics } from '../../src/ingest/ingest-metrics.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { createOpenSinks, type RecordInbound } from '../../src/ingest/sink.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { touchInbox } from '../../src/store/inbox-health.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { batchOf, said } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { createInbox } from '../support/factories.ts'
import { pausableDatabase } from '../support/pausable-database.ts'

let on: TestDatabase
beforeAll(async () => {
  on = await testDatabase()
})
afterAll(() => on.close())

function sinks(db: Database = on.db) {
  const sizes: number[] = []
  const record: RecordInbound = (input) => {
    sizes.push(input.batch.events.length)
    return recordInbound(db, { ...input, now: new Date() })
  }
  const registry = new Registry()
  const metrics = createIngestMetrics(registry)
  const stored = (inboxId: string) => void touchInbox(db.pool, inboxId).catch(() => {})
  return { sizes, registry, open: createOpenSinks({ record, metrics, stored, ephemeral: () => {} }) }
}
const inboxRow = async (id: string) => {
  const { rows } = await on.db.pool.query('select cursor, last_event_at as "lastEventAt" from inbox where id = $1', [
    id,
  ])
  return rows[0] as { cursor: unknown; lastEventAt: Date | null }
}

describe('what platforms and visitors bring by themselves', () => {
  test('in a burst shares its commits, and each caller hears of its own message', async () => {
    const { open, sizes, registry } = sinks()
    const id = await createInbox(on.db.pool)
    const sink = await open.sinkFor(id)
    const calls = Array.from({ length: 300 }, (_, i) => said(`text ${i}`, { chat: `chat-${i % 20}` }))
    const results = await Promise.all(calls.map((event) => sink.commit(batchOf(event))))
    expect(sizes.length).toBeLessThan(30)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200)
    const { rows } = await on.db.pool.query(
      'select m.id, m.text, m.thread_id as thread, m.seq::int from message m join thread t on t.id = m.thread_id where t.inbox_id = $1',
      [id],
    )
    const byId = new Map(rows.map((row: { id: string; text: string }) => [row.id, row.text]))
    results.forEach(({ outcomes }, i) => {
      expect(outcomes).toMatchObject([{ kind: 'applied' }])
      const outcome = outcomes[0]
      expect(outcome && 'messageId' in outcome && byId.get(outcome.messageId ?? '')).toBe(`text ${i}`)
    })
    expect(await registry.metrics()).toContain('tributary_inbound_events_total{outcome="applied"} 300')
  })

  test('delivered twice at once is stored once, and both callers hear of the same message', async () => {
    const { open } = sinks()
    const sink = await open.sinkFor(await createInbox(on.db.pool))
    await sink.commit(batchOf(said('keeps the batcher busy')))
    const event = said('twice')
    const twice = await Promise.all([event, event, event].map((one) => sink.commit(batchOf(one))))
    const outcomes = twice.flatMap((result) => result.outcomes)
    expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['applied', 'duplicate', 'duplicate'])
    expect(new Set(outcomes.map((outcome) => 'messageId' in outcome && outcome.messageId)).size).toBe(1)
  })

  test('moves no cursor and is seen as a sign of life', async () => {
    const { open } = sinks()
    const id = await createInbox(on.db.pool)
    const sink = await open.sinkFor(id)
    const batch: InboundBatch = { ...batchOf(said('hello')), cursor: { after: 99 } }
    await sink.commit(batch)
    await eventually(async () => expect((await inboxRow(id)).lastEventAt).toBeInstanceOf(Date))
    expect((await inboxRow(id)).cursor).toBeNull()
  })

  test('is refused while the database is away and taken when it is back', async () => {
    const way = await pausableDatabase(on.target)
    const db = await openDatabase(way.target, { poolSize: 2 })
    const { open, registry } = sinks(db)
    const sink = await open.sinkFor(await createInbox(on.db.pool))
    await sink.commit(batchOf(said('before')))
    way.cut()
    const event = said('during')
    await expect(sink.commit(batchOf(event))).rejects.toThrow()
    way.restore()
    await eventually(async () => {
      const { outcomes } = await sink.commit(batchOf(event))
      expect(outcomes[0]?.kind).toMatch(/applied|duplicate/)
    })
    await open.drained()
    expect(await registry.metrics()).toMatch(/tributary_inbound_failed_commits_total [1-9]/)
    await db.close()
    await way.close()
  })
})
