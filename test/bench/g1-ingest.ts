import { randomBytes } from 'node:crypto'
import type { InboundBatch } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { createInbox } from '../support/factories.ts'
import { type Bench, rateLine } from './rate.ts'
import type { Line } from './report.ts'

const inboxes = 20
const peopleOfInbox = 250
const batchSize = 100
const callers = 2
const body = 'x'.repeat(191)

/** T1 with batches of 100 from two callers, as receive loops call it: raw payloads, cursor, feed and routing jobs included. */
export async function ingest(bench: Bench): Promise<Line> {
  const ids = await seed(bench)
  const what = `ingest, batches of ${batchSize}`
  return rateLine(bench, { goal: 'G1', what, bar: 1, measure: () => measure(bench, ids) })
}

/** Everybody has written once, the planner knows the tables, and no connection has planned before it did. */
async function seed(bench: Bench): Promise<string[]> {
  const db = await openDatabase(bench.server.target, { poolSize: callers })
  try {
    const ids: string[] = []
    for (let n = 0; n < inboxes; n += 1) ids.push(await createInbox(db.pool, { name: `G1 ${n}` }))
    for (const [index, inboxId] of ids.entries()) {
      for (let first = 0; first < peopleOfInbox; first += batchSize) {
        const people = Array.from({ length: Math.min(batchSize, peopleOfInbox - first) }, (_, n) => first + n)
        await recordInbound(db, { inboxId, batch: batchOf(index, people), now: new Date() })
      }
    }
    await db.pool.query('analyze')
    return ids
  } finally {
    await db.close()
  }
}

async function measure(bench: Bench, ids: readonly string[]): Promise<number> {
  const db = await openDatabase(bench.server.target, { poolSize: callers })
  try {
    await recordFor(db, ids, bench.probeTimes.warmMs)
    const start = performance.now()
    const messages = await recordFor(db, ids, bench.probeTimes.measuredMs)
    return messages / ((performance.now() - start) / 1_000)
  } finally {
    await db.close()
  }
}

async function recordFor(db: Database, ids: readonly string[], ms: number): Promise<number> {
  const end = performance.now() + ms
  let messages = 0
  const caller = async (_: unknown, mine: number) => {
    // One receive loop an inbox: two callers never hold the same one.
    for (let turn = mine; performance.now() < end; turn += callers) {
      const index = turn % ids.length
      const people = Array.from({ length: batchSize }, () => Math.floor(Math.random() * peopleOfInbox))
      await recordInbound(db, { inboxId: ids[index]!, batch: batchOf(index, people), now: new Date() })
      messages += batchSize
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return messages
}

let batches = 0

function batchOf(inbox: number, people: readonly number[]): InboundBatch {
  batches += 1
  const run = `${batches}-${randomBytes(3).toString('hex')}`
  const events = people.map((person, index) => {
    const key = `g1-${inbox}-${person}`
    const id = `${run}-${index}`
    return {
      kind: 'message',
      eventId: id,
      externalId: id,
      thread: { key, kind: 'chat', audience: 'private' },
      sender: { key, name: `Person ${person}` },
      occurredAt: new Date(),
      text: body,
      raw: { update: id, message: { from: { id: key, name: `Person ${person}` }, chat: key, text: body } },
    } as const
  })
  return { events, cursor: { after: batches } }
}
