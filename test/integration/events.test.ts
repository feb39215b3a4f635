import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerLive } from '../../src/http/live.ts'
import { registerEvents } from '../../src/http/routes/events.ts'
import type { FeedPage } from '../../src/wire/feed.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import {
  createAgent,
  createConversation,
  createInbox,
  createTeam,
  type MadeConversation,
} from '../support/factories.ts'
import { bearer, connect, type LiveServer, liveServer, publish, versionsOf } from '../support/live-server.ts'

let test: TestDatabase
let server: LiveServer
let inboxId: string
let headers: { authorization: string }
let conversation: MadeConversation
let version = 0

beforeAll(async () => {
  test = await testDatabase()
  server = await liveServer(test.db, (app, deps) => {
    registerEvents(app, deps)
    registerLive(app, deps)
  })
  inboxId = await createInbox(test.db.pool)
  headers = await bearer(test.db, await createAgent(test.db.pool, { inboxes: [inboxId] }))
  conversation = await createConversation(test.db.pool, { inboxId })
})
afterAll(async () => {
  await server.close()
  await test.close()
})

const get = (query: string, as: Record<string, string> = headers) =>
  fetch(`${server.url}/api/v1/events?${query}`, { headers: as })
async function page(query: string): Promise<FeedPage> {
  const response = await get(query)
  expect(response.status).toBe(200)
  return (await response.json()) as FeedPage
}
async function everything(after = '0', limit = 7): Promise<FeedPage['items']> {
  const items: FeedPage['items'] = []
  for (let next = after; ; ) {
    const slice = await page(`after=${next}&limit=${limit}`)
    items.push(...slice.items)
    if (slice.items.length === 0 && slice.next === next) return items
    next = slice.next
  }
}
const touch = (of: { id: string; inboxId: string } = conversation) =>
  publish(test.db, { kind: 'conversation.updated', conversationId: of.id, inboxId: of.inboxId, version: ++version })
const head = async () => (await page('after=0&limit=1000')).next
const quiet = () =>
  eventually(async () => (await test.db.pool.query('select 1 from feed where position is null')).rows.length === 0)

describe('GET /events', () => {
  it('gives each change once and in order, whatever the size of the pages', async () => {
    const from = await head()
    for (let i = 0; i < 25; i++) await touch()
    await quiet()
    for (const limit of [1, 7, 1000]) {
      const items = await everything(from, limit)
      expect(items.map((item) => item.version)).toEqual(Array.from({ length: 25 }, (_, i) => version - 24 + i))
      expect(new Set(items.map((item) => item.id)).size).toBe(25)
    }
  })

  it('holds nothing of inboxes and restricted conversations that are not the reader’s, and still moves on', async () => {
    const from = await head()
    const foreign = await createConversation(test.db.pool)
    const secret = await createConversation(test.db.pool, {
      inboxId,
      restricted: true,
      teamId: await createTeam(test.db.pool),
    })
    for (const hidden of [foreign, secret]) await touch(hidden)
    await publish(test.db, { kind: 'inbox.health', inboxId: foreign.inboxId })
    await quiet()
    const slice = await page(`after=${from}`)
    expect(slice).toEqual({ items: [], next: String(Number(from) + 3) })
    const admin = await bearer(test.db, await createAgent(test.db.pool, { role: 'admin' }))
    expect(
      ((await (await get(`after=${from}`, admin)).json()) as FeedPage).items.map((item) => item.conversationId),
    ).toEqual([foreign.id, null])
  })

  it('waits for the next visible event and answers at once when it comes', async () => {
    const from = await head()
    const foreign = await createConversation(test.db.pool)
    const started = performance.now()
    const waiting = page(`after=${from}&wait=20`)
    await touch(foreign)
    await touch()
    expect((await waiting).items.map((item) => item.conversationId)).toEqual([conversation.id])
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('answers empty after the wait, with the same position', async () => {
    const from = await head()
    expect(await page(`after=${from}&wait=1`)).toEqual({ items: [], next: from })
  })

  it('refuses a waiting request too many, and frees the places of those who left', async () => {
    const from = await head()
    const aborts = Array.from({ length: 25 }, () => new AbortController())
    const refused: number[] = []
    const calls = aborts.map(({ signal }) =>
      fetch(`${server.url}/api/v1/events?after=${from}&wait=25`, { headers, signal })
        .then((response) => refused.push(response.status))
        .catch(() => {}),
    )
    await eventually(() => expect(refused).toEqual([429, 429, 429, 429, 429]))
    for (const abort of aborts) abort.abort()
    await Promise.all(calls)
    await eventually(async () => (await get(`after=${from}&wait=1`)).status === 200)
  })

  it.each([
    'after=abc',
    'after=-1',
    'after=99999999999999999999',
    'limit=0',
    'limit=1001',
    'wait=26',
    'other=1',
    'after=1&after=2',
    'after[]=1',
  ])('refuses %s', async (query) => {
    expect((await get(query)).status).toBe(400)
  })

  it('says so when the position is of another database', async () => {
    expect((await get('after=999999999')).status).toBe(409)
  })

  it('is closed to who is not signed in', async () => {
    expect((await get('after=0', {})).status).toBe(401)
  })
})

describe('F11: a browser cut again and again', () => {
  it('has neither a gap nor a repeat: what it heard together is what /events holds', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, () => createConversation(test.db.pool, { inboxId })))
    const from = await head()
    let since = from
    let writing = true
    const heard: { position: number; conversation: string; version: number }[] = []
    const writer = (async () => {
      for (let i = 0; i < 200; i++) await touch(others[i % 5]!)
      writing = false
    })()
    const listenOnce = async (patience: () => boolean) => {
      const client = await connect(server, headers, since)
      expect(client.frames[0]).toEqual({ type: 'ready', position: since, resync: false })
      await eventually(patience, { timeoutMs: 10_000 })
      client.socket.terminate()
      const positions = client.frames.flatMap((frame) => (frame.type === 'hint' ? [Number(frame.position)] : []))
      expect(positions.every((position, i) => position > (positions[i - 1] ?? Number(since)))).toBe(true)
      for (const frame of client.frames) {
        if (frame.type === 'hint')
          heard.push(...frame.conversations.map((hint) => ({ ...hint, position: Number(frame.position) })))
      }
      since = client.position() === '0' ? since : client.position()
    }
    for (let cut = 0; writing; cut++) {
      const until = performance.now() + (cut % 4) * 12
      await listenOnce(() => performance.now() > until)
    }
    await writer
    await quiet()
    const last = await head()
    await listenOnce(() => Number(server.deps.hub.position) >= Number(last))
    const held = await everything(from)
    // Hints of one moment are merged, never dropped: each is the newest event of its conversation up to its position.
    for (const hint of heard) {
      const newest = held
        .filter((item) => item.conversationId === hint.conversation && Number(item.position) <= hint.position)
        .at(-1)
      expect(hint.version).toBe(newest?.version)
    }
    const pairs = heard.map((hint) => `${hint.conversation}@${hint.version}`)
    expect(new Set(pairs).size).toBe(pairs.length)
    const state = new Map(held.map((item) => [item.conversationId!, item.version]))
    const final = versionsOf([{ type: 'hint', position: since, conversations: heard }])
    expect(final).toEqual(state)
    expect(since).toBe(held.at(-1)?.position)
  })
})
