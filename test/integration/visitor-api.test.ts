import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createVisitorUrls } from '../../src/http/visitor-urls.ts'
import { createSealer } from '../../src/security/seal.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { call, newVisitor, secretKey, type VisitorApp, type VisitorClient, visitorApp } from '../support/visitor-app.ts'

let database: TestDatabase
let app: VisitorApp
let inboxId: string

beforeAll(async () => {
  database = await testDatabase()
  app = await visitorApp(database)
  inboxId = await app.inbox({ greeting: 'Hello there', name: 'Northstar', origins: ['https://shop.example'] })
})
afterAll(async () => {
  await app?.close()
  await database?.close()
})

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const bytes = (text: string | Buffer) => new Uint8Array(Buffer.from(text))

async function countMessages(visitor: VisitorClient): Promise<number> {
  return (await visitor.list()).items.length
}

describe('a visitor', () => {
  test('may know the greeting and the limits before a session, and no row is made for that', async () => {
    const before = await database.db.pool.query('select count(*)::int as n from visitor')
    const { status, body } = await call(`${app.url}/widget/v1/${inboxId}`, 'GET')
    expect(status).toBe(200)
    expect(body).toMatchObject({ greeting: 'Hello there', name: 'Northstar', limits: { text: 10_000, files: 10 } })
    const after = await database.db.pool.query('select count(*)::int as n from visitor')
    expect(after.rows).toEqual(before.rows)
  })

  test('gets a token of 256 random bits, of which only the hash is stored', async () => {
    const { token } = await newVisitor(app, inboxId)
    expect(Buffer.from(token, 'base64url').length).toBe(32)
    const { rows } = await database.db.pool.query(`select row_to_json(v)::text as row from visitor v`)
    expect(rows.some((row: { row: string }) => row.row.includes(token))).toBe(false)
    expect((await newVisitor(app, inboxId, { visitorToken: token })).token).toBe(token)
  })

  test('whose token is unknown gets a new one', async () => {
    const strange = randomUUID()
    expect((await newVisitor(app, inboxId, { visitorToken: strange })).token).not.toBe(strange)
  })

  test('sends a message once, however often it arrives', async () => {
    const visitor = await newVisitor(app, inboxId)
    const clientId = randomUUID()
    const first = await visitor.send('Where is my deposit?', { clientId })
    expect(first.status).toBe(201)
    expect(first.body.message).toMatchObject({ from: 'visitor', text: 'Where is my deposit?', clientId })
    const again = await visitor.send('Where is my deposit?', { clientId: clientId.toUpperCase() })
    expect(again.status).toBe(200)
    expect(again.body).toEqual(first.body)
    const another = randomUUID()
    const sendings = Array.from({ length: 8 }, () => visitor.send('at once', { clientId: another }))
    const together = await Promise.all(sendings)
    expect(together.filter((one) => one.status === 201).length).toBe(1)
    expect(new Set(together.map((one) => one.body.message.id)).size).toBe(1)
    expect(await countMessages(visitor)).toBe(2)
  })

  test('and another visitor may use the same client id for messages of their own', async () => {
    const [one, other] = [await newVisitor(app, inboxId), await newVisitor(app, inboxId)]
    const clientId = randomUUID()
    const a = await one.send('mine', { clientId })
    const b = await other.send('yours', { clientId })
    expect([a.status, b.status]).toEqual([201, 201])
    expect(b.body.message.text).toBe('yours')
    expect((await one.list()).items.map((item) => item.text)).toEqual(['mine'])
  })

  test('fetches what lies after the cursor, in order, nothing twice and nothing missing', async () => {
    const visitor = await newVisitor(app, inboxId)
    for (let n = 0; n < 7; n++) await visitor.send(`message ${n}`)
    const seen: string[] = []
    let cursor = '0'
    for (let more = true; more; ) {
      const page = await visitor.list(`?after=${cursor}&limit=3`)
      seen.push(...page.items.map((item) => item.text))
      cursor = page.cursor
      more = page.more
    }
    expect(seen).toEqual(Array.from({ length: 7 }, (_, n) => `message ${n}`))
    expect((await visitor.list(`?after=${cursor}`)).items).toEqual([])
    const newest = await visitor.list('?limit=2')
    expect(newest.items.map((item) => item.text)).toEqual(['message 5', 'message 6'])
    expect(newest.more).toBe(true)
    const older = await visitor.list(`?before=${newest.items[0]?.id}&limit=100`)
    expect(older.items.length).toBe(5)
    await visitor.send('one more')
    expect((await visitor.list(`?after=${newest.cursor}`)).items.map((item) => item.text)).toEqual(['one more'])
  })

  test('finds the reply that came while away, with the public name, in blocks, and never a note', async () => {
    const visitor = await newVisitor(app, inboxId)
    const { body } = await visitor.send('Hello?')
    await app.answer(body.message.id, 'A secret among colleagues', { note: true })
    await app.answer(body.message.id, 'Hello **Li**')
    const page = await visitor.list()
    expect(page.items.map((item) => item.text)).toEqual(['Hello?', 'Hello **Li**'])
    const reply = page.items[1]
    expect(reply).toMatchObject({ from: 'support', sender: { type: 'agent', name: 'Ana', avatar: null }, read: false })
    expect(JSON.stringify(reply?.blocks)).toContain('"bold"')
    const everything = JSON.stringify(page)
    for (const hidden of ['Silva', 'secret', 'conversation', 'agentId', 'clientId":null']) {
      expect(everything).not.toContain(hidden)
    }
  })

  test('acknowledges what was read, even before it counts as sent, and it stays read', async () => {
    const visitor = await newVisitor(app, inboxId)
    const { body } = await visitor.send('Hello?')
    const replyId = await app.answer(body.message.id, 'Yes?')
    expect((await visitor.call('PUT', '/read', { upTo: replyId })).body).toEqual({ readUpTo: replyId })
    await eventually(async () => (await visitor.list()).items[1]?.read === true)
    expect((await visitor.call('PUT', '/read', { upTo: replyId })).status).toBe(200)
    const { rows } = await database.db.pool.query('select state from delivery where message_id = $1', [replyId])
    expect(rows).toEqual([{ state: 'read' }])
  })

  test('sees which of their words an agent has had on the screen', async () => {
    const visitor = await newVisitor(app, inboxId)
    const { body } = await visitor.send('one')
    expect((await visitor.list()).seenUpTo).toBeNull()
    await database.db.pool.query(
      `insert into read_mark (conversation_id, agent_id, seq)
       select m.conversation_id, (select min(id) from agent), m.seq from message m where m.id = $1`,
      [body.message.id],
    )
    await visitor.send('two')
    expect((await visitor.list()).seenUpTo).toBe(body.message.id)
  })
})

describe('files', () => {
  test('go up, belong to the message, and come back by a signed address that is shown but never run', async () => {
    const visitor = await newVisitor(app, inboxId)
    const up = await visitor.upload('../../photo.png', bytes(png))
    expect(up.status).toBe(201)
    expect(up.body.file).toMatchObject({ name: 'photo.png', type: 'image/png', size: png.length })
    const sent = await visitor.send('', { attachments: [up.body.file.id] })
    expect(sent.status).toBe(201)
    const url = sent.body.message.attachments[0]?.url ?? ''
    const got = await fetch(url)
    expect(got.status).toBe(200)
    expect(Buffer.from(await got.arrayBuffer()).equals(png)).toBe(true)
    expect(got.headers.get('content-disposition')).toMatch(/^inline/)
    expect(got.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(got.headers.get('content-security-policy')).toContain('sandbox')
  })

  test('of markup are plain downloads, whatever they are called', async () => {
    const visitor = await newVisitor(app, inboxId)
    for (const [name, text] of [
      ['x.png', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
      ['x.jpg', '<!doctype html><script>alert(1)</script>'],
    ] as const) {
      const { body } = await visitor.upload(name, bytes(text))
      expect(body.file.type).toBe('text/plain')
      const got = await fetch(body.file.url)
      expect(got.headers.get('content-disposition')).toMatch(/^attachment/)
      expect(got.headers.get('x-content-type-options')).toBe('nosniff')
      await got.body?.cancel()
    }
  })

  test('of somebody else cannot be attached, nor fetched without a signature', async () => {
    const [one, other] = [await newVisitor(app, inboxId), await newVisitor(app, inboxId)]
    const { body } = await one.upload('mine.txt', bytes('mine'))
    expect((await other.send('look', { attachments: [body.file.id] })).status).toBe(422)
    expect(await countMessages(other)).toBe(0)
    const url = new URL(body.file.url)
    const ask = async (change: (url: URL) => void) => {
      const changed = new URL(url)
      change(changed)
      return (await fetch(changed)).status
    }
    const signature = url.searchParams.get('signature') ?? ''
    expect(await ask(() => {})).toBe(200)
    expect(await ask((u) => u.searchParams.delete('signature'))).toBe(400)
    expect(
      await ask((u) =>
        u.searchParams.set('signature', `${signature.slice(0, -1)}${signature.endsWith('A') ? 'E' : 'A'}`),
      ),
    ).toBe(404)
    expect(await ask((u) => u.searchParams.set('until', String(Number(u.searchParams.get('until')) + 1)))).toBe(404)
    expect(await ask((u) => u.searchParams.set('until', '1000000000000'))).toBe(404)
    const threeHoursAgo = () => new Date(Date.now() - 3 * 60 * 60 * 1000)
    const old = createVisitorUrls(createSealer(secretKey), app.url, threeHoursAgo).file(inboxId, body.file.id)
    expect((await fetch(old)).status).toBe(404)
    const second = await other.upload('other.txt', bytes('other'))
    expect(
      await ask((u) => {
        u.pathname = u.pathname.replace(/\d+$/, second.body.file.id)
      }),
    ).toBe(404)
  })

  test('too large are refused whole, and the next request works', async () => {
    const visitor = await newVisitor(app, inboxId)
    const huge = await visitor.upload('huge.bin', new Uint8Array(25 * 1024 * 1024 + 1)).catch(() => null)
    expect(huge?.status ?? 413).toBe(413)
    const { rows } = await database.db.pool.query(`select 1 from file where name = 'huge.bin'`)
    expect(rows).toEqual([])
    expect((await visitor.upload('full.bin', new Uint8Array(25 * 1024 * 1024))).status).toBe(201)
  })
})

test('a receipt that overtakes its delivery is not lost', async () => {
  const visitor = await newVisitor(app, inboxId)
  const { body } = await visitor.send('Hello?')
  // The delivery of this thread cannot be claimed while another one of it is in flight.
  await database.db.pool.query(
    `insert into delivery (inbox_id, thread_id, place, conversation_id, message_id, part, payload, idempotency_key, state, lease_until)
     select $1, m.thread_id, 'x', m.conversation_id, m.id, 0, '{}', 'blocker-' || m.id, 'sending', now() + interval '1 hour'
     from message m where m.id = $2`,
    [inboxId, body.message.id],
  )
  const replyId = await app.answer(body.message.id, 'not sent yet, but on the screen')
  expect((await visitor.call('PUT', '/read', { upTo: replyId })).body).toEqual({ readUpTo: replyId })
  const state = async () => {
    const { rows } = await database.db.pool.query('select state from delivery where message_id = $1', [replyId])
    return (rows[0] as { state: string }).state
  }
  expect(await state()).toBe('pending')
  await database.db.pool.query(`delete from delivery where idempotency_key = 'blocker-' || $1`, [body.message.id])
  await database.db.pool.query(`update delivery set due_at = now() where message_id = $1`, [replyId])
  await eventually(async () => (await state()) === 'read', { timeoutMs: 10_000 })
})
