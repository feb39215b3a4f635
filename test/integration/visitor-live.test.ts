import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { sendSignal } from '../../src/store/ephemeral.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'

let database: TestDatabase
let app: VisitorApp
let inboxId: string

beforeAll(async () => {
  database = await testDatabase()
  app = await visitorApp(database)
  inboxId = await app.inbox({ origins: ['https://shop.example'] })
})
afterAll(async () => {
  await app?.close()
  await database?.close()
})

interface Client {
  readonly socket: WebSocket
  readonly frames: Record<string, unknown>[]
  readonly closed: () => number | undefined
  count(type: string): number
}

async function open(token: string, headers: Record<string, string> = {}): Promise<Client> {
  const url = `${app.url.replace('http', 'ws')}/widget/v1/${inboxId}/live?token=${encodeURIComponent(token)}`
  const socket = new WebSocket(url, { headers })
  const frames: Record<string, unknown>[] = []
  let code: number | undefined
  let refused: Error | undefined
  socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  socket.on('close', (closed) => {
    code = closed
  })
  socket.on('error', (error) => {
    refused = error
  })
  await eventually(() => frames.length > 0 || refused !== undefined || code !== undefined)
  if (frames.length === 0) throw refused ?? new Error(`closed with ${code}`)
  return {
    socket,
    frames,
    closed: () => code,
    count: (type) => frames.filter((frame) => frame['type'] === type).length,
  }
}

async function conversationOf(messageId: string) {
  const { rows } = await database.db.pool.query(
    `select c.id as "conversationId", c.thread_id as "threadId", c.inbox_id as "inboxId", c.restricted,
       c.team_id as "teamId", c.assignee_id as "assigneeId"
     from conversation c join message m on m.conversation_id = c.id where m.id = $1`,
    [messageId],
  )
  return rows[0]
}

test('a page hears within a second that there is a reply, and nothing of a note', async () => {
  const visitor = await newVisitor(app, inboxId)
  const { body } = await visitor.send('Hello?')
  await everythingTold()
  const page = await open(visitor.token)
  await app.answer(body.message.id, 'only for colleagues', { note: true })
  await everythingTold()
  expect(page.count('hint')).toBe(0)
  await app.answer(body.message.id, 'Yes?')
  await eventually(() => page.count('hint') > 0, { timeoutMs: 1_000 })
  expect(page.frames.map((frame) => Object.keys(frame).sort().join())).toEqual(['type', 'changed,type'])
  page.socket.close()
})

/** Hints come in the order of the feed: once a witness has heard of something new, everything before it has been told. */
async function everythingTold(): Promise<void> {
  const witness = await newVisitor(app, inboxId)
  const { body } = await witness.send('I am the witness')
  const page = await open(witness.token)
  await app.answer(body.message.id, 'noted')
  await eventually(() => page.count('hint') > 0)
  page.socket.close()
}

test('a socket opened before the first message hears of the answer to it', async () => {
  const visitor = await newVisitor(app, inboxId)
  const page = await open(visitor.token)
  const { body } = await visitor.send('first words')
  await everythingTold()
  const before = page.count('hint')
  await app.answer(body.message.id, 'an answer')
  await eventually(() => page.count('hint') > before)
  page.socket.close()
})

test('nobody hears of another visitor’s conversation', async () => {
  const [one, other] = [await newVisitor(app, inboxId), await newVisitor(app, inboxId)]
  const mine = await one.send('mine')
  const theirs = await other.send('theirs')
  await everythingTold()
  const [first, second] = [await open(one.token), await open(other.token)]
  await app.answer(theirs.body.message.id, 'for the other')
  await everythingTold()
  expect([first.count('hint'), second.count('hint')]).toEqual([0, 1])
  await app.answer(mine.body.message.id, 'for the one')
  await everythingTold()
  expect([first.count('hint'), second.count('hint')]).toEqual([1, 1])
  first.socket.close()
  second.socket.close()
})

test('an agent typing is shown, and a visitor typing reaches the agents', async () => {
  const visitor = await newVisitor(app, inboxId)
  const { body } = await visitor.send('Hello?')
  const place = await conversationOf(body.message.id)
  const page = await open(visitor.token)
  const by = { type: 'agent', id: '1', name: 'Ana Silva' } as const
  await sendSignal(database.db.pool, { type: 'typing', typing: true, note: true, by, ...place })
  await sendSignal(database.db.pool, { type: 'typing', typing: true, by, ...place })
  await sendSignal(database.db.pool, { type: 'typing', typing: false, by, ...place })
  const typing = () => page.frames.flatMap((frame) => (frame['type'] === 'typing' ? [frame['typing']] : []))
  await eventually(() => typing().includes(false))
  // What is noted for colleagues is not shown.
  expect(typing()).toEqual([true, false])
  expect(JSON.stringify(page.frames)).not.toContain('Ana')

  const heard: string[] = []
  const client = await database.db.pool.connect()
  await client.query('listen ephemeral')
  client.on('notification', (note) => heard.push(note.payload ?? ''))
  page.socket.send('{"type":"typing","typing":true}')
  await eventually(() => heard.some((text) => text.includes('"contact"') && text.includes(place.threadId)))
  await client.query('unlisten ephemeral')
  client.release()
  page.socket.close()
})

test('a page that has the reply says so, and the delivery counts as delivered', async () => {
  const visitor = await newVisitor(app, inboxId)
  const { body } = await visitor.send('Hello?')
  const page = await open(visitor.token)
  const replyId = await app.answer(body.message.id, 'Yes?')
  page.socket.send(JSON.stringify({ type: 'ack', upTo: replyId }))
  await eventually(async () => {
    const { rows } = await database.db.pool.query('select state from delivery where message_id = $1', [replyId])
    return (rows[0] as { state: string }).state === 'delivered'
  })
  page.socket.close()
})

describe('frames of any shape', () => {
  test.each([
    'x',
    '',
    '{',
    'null',
    '7',
    '[]',
    '{}',
    '{"type":"__proto__"}',
    '{"type":"constructor"}',
    '{"type":"hint"}',
    '{"type":"ping","more":1}',
    '{"type":"typing"}',
    '{"type":"typing","typing":"yes"}',
    '{"type":"ack","upTo":7}',
    '{"type":"ack","upTo":"1; drop table message"}',
    '{"event":"base"}',
    `{"type":"ping","__proto__":{}}`,
  ])('%s ends the socket, which says nothing of anybody', async (frame) => {
    const visitor = await newVisitor(app, inboxId)
    const page = await open(visitor.token)
    page.socket.send(frame)
    await eventually(() => page.closed() === 1008)
    expect(page.frames.at(-1)).toEqual({ type: 'error', code: 'badFrame' })
  })

  test('binary, too large, too many and a million tiny fragments end it too; the next one is served', async () => {
    const visitor = await newVisitor(app, inboxId)
    const binary = await open(visitor.token)
    binary.socket.send(Buffer.from('{"type":"ping"}'), { binary: true })
    await eventually(() => binary.closed() !== undefined)
    const large = await open(visitor.token)
    large.socket.send('x'.repeat(100_000))
    await eventually(() => large.closed() !== undefined)
    const many = await open(visitor.token)
    for (let n = 0; n < 200; n++) many.socket.send('{"type":"ping"}')
    await eventually(() => many.closed() !== undefined)
    expect(many.frames.at(-1)).toEqual({ type: 'error', code: 'tooMany' })
    const tiny = await open(visitor.token)
    const before = process.memoryUsage().rss
    for (let n = 0; n < 1_000_000 && tiny.socket.readyState === WebSocket.OPEN; n++) {
      tiny.socket.send('x', { fin: false })
      if (n % 5_000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await eventually(() => tiny.closed() !== undefined, { timeoutMs: 10_000 })
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024)
    const page = await open(visitor.token)
    page.socket.send('{"type":"ping"}')
    await eventually(() => page.count('pong') === 1)
    page.socket.close()
  })
})

test('a socket needs a token of this inbox and a website that may ask', async () => {
  const visitor = await newVisitor(app, inboxId)
  await expect(open('')).rejects.toThrow('401')
  await expect(open('nonsense')).rejects.toThrow('401')
  await expect(open(visitor.token, { origin: 'https://evil.example' })).rejects.toThrow('403')
  const page = await open(visitor.token, { origin: 'https://shop.example' })
  page.socket.close()
})
