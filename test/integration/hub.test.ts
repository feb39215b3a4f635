import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Hub, startHub } from '../../src/realtime/hub.ts'
import { type Sequencer, startSequencer } from '../../src/realtime/sequencer.ts'
import { transaction } from '../../src/store/database.ts'
import { type Signal, sendSignal, signalCustomerTyping } from '../../src/store/ephemeral.ts'
import type { FeedEntry } from '../../src/store/feed.ts'
import { type FeedRow, insertFeed, notify } from '../../src/store/feed-insert.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, createMessage } from '../support/factories.ts'

const log = pino({ level: 'silent' })
let test: TestDatabase
let sequencer: Sequencer
const hubs: Hub[] = []

beforeAll(async () => {
  test = await testDatabase()
  sequencer = startSequencer({ db: test.db, log })
})
afterAll(async () => {
  await sequencer.close()
  await test.close()
})
beforeEach(() => test.db.pool.query('update feed_head set position = 0; truncate feed restart identity'))
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close()
})

async function open(): Promise<Hub> {
  const hub = startHub({ db: test.db, log })
  hubs.push(hub)
  await hub.ready
  return hub
}

async function write(...rows: FeedRow[]): Promise<void> {
  await transaction(test.db, async (tx) => {
    await insertFeed(tx, rows)
    await notify(tx, ['feed'])
  })
}

const seen = (hub: Hub, sees: (row: FeedEntry) => boolean = () => true) => {
  const rows: FeedEntry[] = []
  const signals: Signal[] = []
  const sessions: string[] = []
  const stop = hub.subscribe({
    sees,
    onRows: (more) => rows.push(...more),
    onSignal: (signal) => signals.push(signal),
    onSession: (whom) => sessions.push(whom),
  })
  return { rows, signals, sessions, stop }
}

describe('the hub', () => {
  it('tells each subscriber what it may see, in order, once', async () => {
    const hub = await open()
    const all = seen(hub)
    const even = seen(hub, (row) => Number(row.id) % 2 === 0)
    for (let i = 0; i < 30; i++) await write({ kind: 'inbox.health' })
    await eventually(() => all.rows.length === 30)
    expect(all.rows.map((row) => row.position)).toEqual(Array.from({ length: 30 }, (_, i) => String(i + 1)))
    expect(even.rows).toHaveLength(15)
  })

  it('begins at the head it found, and says nothing twice', async () => {
    await write({ kind: 'inbox.health' })
    await eventually(async () => (await test.db.pool.query('select position from feed_head')).rows[0].position === '1')
    const hub = await open()
    expect(hub.position).toBe('1')
    const all = seen(hub)
    await write({ kind: 'inbox.health' })
    await eventually(() => all.rows.length === 1)
    expect(all.rows[0]?.position).toBe('2')
  })

  it('carries what decides visibility and whose thread it is', async () => {
    const hub = await open()
    const all = seen(hub)
    const conversation = await createConversation(test.db.pool, { restricted: true })
    const messageId = await createMessage(test.db.pool, conversation)
    await write({ kind: 'message.created', conversationId: conversation.id, version: 1, messageId })
    await eventually(() => all.rows.length === 1)
    expect(all.rows[0]).toMatchObject({
      conversationId: conversation.id,
      inboxId: conversation.inboxId,
      threadId: conversation.threadId,
      messageId,
      version: 1,
      restricted: true,
      teamId: null,
    })
  })

  it('misses nothing while the database cuts every connection again and again', async () => {
    const hub = await open()
    const all = seen(hub)
    let sent = 0
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 5; i++, sent++) await write({ kind: 'inbox.health' })
      await test.db.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
    }
    await eventually(() => all.rows.length === sent, { timeoutMs: 10_000 })
    expect(all.rows.map((row) => Number(row.position))).toEqual(Array.from({ length: sent }, (_, i) => i + 1))
    expect(all.sessions).toContain('*')
  })

  it('drops a subscriber that throws and keeps the others', async () => {
    const hub = await open()
    let calls = 0
    hub.subscribe({
      sees: () => true,
      onRows: () => {
        calls++
        throw new Error('broken')
      },
    })
    const all = seen(hub)
    await write({ kind: 'inbox.health' })
    await eventually(() => all.rows.length === 1)
    await write({ kind: 'inbox.health' })
    await eventually(() => all.rows.length === 2)
    expect(calls).toBe(1)
  })

  it('hands signals and revocations to every process, and survives ones it cannot read', async () => {
    const [here, there] = [seen(await open()), seen(await open())]
    await test.db.pool.query(`select pg_notify('ephemeral', 'not json'), pg_notify('session', 'agent:7')`)
    await sendSignal(test.db.pool, { type: 'presence', agentId: '7', availability: 'away' })
    const { threadId, inboxId, id } = await createConversation(test.db.pool)
    const { rows } = await test.db.pool.query('select key from thread where id = $1', [threadId])
    await signalCustomerTyping(test.db.pool, { inboxId, key: rows[0].key }, true)
    await eventually(() => here.signals.length === 2 && there.signals.length === 2)
    expect(there.sessions).toContain('agent:7')
    expect(here.signals[1]).toMatchObject({ type: 'typing', typing: true, conversationId: id, by: { type: 'contact' } })
  })

  it('drops a signal too large for a notification instead of failing', async () => {
    const hub = await open()
    const all = seen(hub)
    await sendSignal(test.db.pool, { type: 'presence', agentId: 'x'.repeat(9_000), availability: 'away' })
    await sendSignal(test.db.pool, { type: 'presence', agentId: '7', availability: 'away' })
    await eventually(() => all.signals.length === 1)
    expect(all.signals[0]).toMatchObject({ agentId: '7' })
  })
})
