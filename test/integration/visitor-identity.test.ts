import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { call, identitySecret, newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'

let database: TestDatabase
let app: VisitorApp
let inboxId: string

beforeAll(async () => {
  database = await testDatabase()
  app = await visitorApp(database)
  inboxId = await app.inbox({ identitySecret })
})
afterAll(async () => {
  await app?.close()
  await database?.close()
})

function sign(claims: Record<string, unknown>, secret = identitySecret): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ aud: inboxId, iat: now, exp: now + 3600, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret))
}

const session = (body: Record<string, unknown>) => call(`${app.url}/widget/v1/${inboxId}/session`, 'POST', body)

async function contactOf(messageId: string): Promise<Record<string, string>> {
  const { rows } = await database.db.pool.query(
    `select k.id, k.name, i.verified_by as "verifiedBy" from message m join identity i on i.id = m.sender_identity_id
     join contact k on k.id = i.contact_id where m.id = $1`,
    [messageId],
  )
  return rows[0]
}

test('a signed person has one conversation on all devices, and agents see who it is', async () => {
  const identity = await sign({ sub: 'u-1', name: 'Li Wei', email: 'li@example.org' })
  const phone = await newVisitor(app, inboxId, { identity })
  const laptop = await newVisitor(app, inboxId, { identity })
  expect(laptop.token).not.toBe(phone.token)
  const { body } = await phone.send('from my phone')
  await laptop.send('from my laptop')
  expect((await laptop.list()).items.map((item) => item.text)).toEqual(['from my phone', 'from my laptop'])
  expect((await phone.list()).items.length).toBe(2)
  expect(await contactOf(body.message.id)).toMatchObject({ name: 'Li Wei', verifiedBy: 'signedWebsite' })
})

test.each([
  ['a wrong secret', () => sign({ sub: 'u-2' }, 'the secret of another website altogether')],
  ['another inbox', () => sign({ sub: 'u-2', aud: '999' })],
  ['expired', () => sign({ sub: 'u-2', exp: 1_000_000_000 })],
  [
    'no algorithm',
    async () => `${btoa('{"alg":"none"}')}.${(await sign({ sub: 'u-2' })).split('.')[1]}.`.replace(/=/g, ''),
  ],
  ['empty', async () => ''],
])('an identity that is %s opens no session', async (_name, token) => {
  const before = await database.db.pool.query('select count(*)::int as n from visitor')
  const { status, body } = await session({ identity: await token() })
  expect(status).toBe(401)
  expect(body).not.toHaveProperty('visitorToken')
  const after = await database.db.pool.query('select count(*)::int as n from visitor')
  expect(after.rows).toEqual(before.rows)
})

test('what was said before signing in goes along, with the contact the agents already knew', async () => {
  const before = await newVisitor(app, inboxId)
  const first = await before.send('I cannot sign in')
  const anonymous = await contactOf(first.body.message.id)
  const identity = await sign({ sub: 'u-3', name: 'Maria' })
  const signedIn = await newVisitor(app, inboxId, { visitorToken: before.token, identity })
  expect(signedIn.token).toBe(before.token)
  const second = await signedIn.send('now I can')
  expect((await signedIn.list()).items.map((item) => item.text)).toEqual(['I cannot sign in', 'now I can'])
  expect(await contactOf(second.body.message.id)).toMatchObject({ id: anonymous['id'], name: 'Maria' })
  const { rows } = await database.db.pool.query(
    'select count(distinct conversation_id)::int as n from message where id = any($1)',
    [[first.body.message.id, second.body.message.id]],
  )
  expect(rows).toEqual([{ n: 1 }])
  const elsewhere = await newVisitor(app, inboxId, { identity })
  expect((await elsewhere.list()).items.length).toBe(2)
})

test('who already has a conversation keeps it, and what this browser said before stays readable to the same person', async () => {
  const identity = await sign({ sub: 'u-4', name: 'Omar' })
  const known = await newVisitor(app, inboxId, { identity })
  const one = await known.send('an old matter')
  const browser = await newVisitor(app, inboxId)
  const two = await browser.send('a new browser')
  const signedIn = await newVisitor(app, inboxId, { visitorToken: browser.token, identity })
  const three = await signedIn.send('and signed in')
  expect((await signedIn.list()).items.map((item) => item.text)).toEqual([
    'an old matter',
    'a new browser',
    'and signed in',
  ])
  const contacts = await Promise.all([one, two, three].map((sent) => contactOf(sent.body.message.id)))
  expect(new Set(contacts.map((contact) => contact['id'])).size).toBe(1)
  const reply = await app.answer(two.body.message.id, 'Welcome back')
  expect((await signedIn.list()).items.at(-1)?.text).toBe('Welcome back')
  expect((await signedIn.call('PUT', '/read', { upTo: reply })).body).toEqual({ readUpTo: reply })
})

test('another person at the same browser gets a new token and sees nothing of the one before', async () => {
  const first = await newVisitor(app, inboxId, { identity: await sign({ sub: 'u-5' }) })
  await first.send('private matter of five')
  const second = await newVisitor(app, inboxId, { visitorToken: first.token, identity: await sign({ sub: 'u-6' }) })
  expect(second.token).not.toBe(first.token)
  expect((await second.list()).items).toEqual([])
})

test('an address that nobody vouches for merges nobody', async () => {
  const signed = await newVisitor(app, inboxId, { identity: await sign({ sub: 'u-7', email: 'ceo@example.org' }) })
  const a = await signed.send('I am the owner of the address')
  const stranger = await newVisitor(app, inboxId, { identity: await sign({ sub: 'u-8', email: 'ceo@example.org' }) })
  const b = await stranger.send('so am I')
  expect((await contactOf(a.body.message.id))['id']).not.toBe((await contactOf(b.body.message.id))['id'])
  expect((await stranger.list()).items.length).toBe(1)
})
