import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ContinuedChat, continuedChat } from '../support/continued-chat.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { identitySecret, newVisitor } from '../support/visitor-app.ts'

let database: TestDatabase
let chat: ContinuedChat

beforeAll(async () => {
  database = await testDatabase()
  chat = await continuedChat(database)
})
afterAll(async () => {
  await chat?.close()
  await database?.close()
})

const one = async (sql: string, ...values: unknown[]) => (await database.db.pool.query(sql, values)).rows[0]
let visitors = 0
const fresh = () => `visitor${++visitors}@customer.test`

test('an address is offered only where the inbox names one that writes letters', async () => {
  const alone = await newVisitor(chat.app, await chat.app.inbox({}))
  expect((await alone.call('GET', '')).body).toMatchObject({ email: false })
  await alone.send('Hello')
  expect((await alone.call('PUT', '/email', { email: fresh() })).status).toBe(404)
  const here = await newVisitor(chat.app, chat.chatId)
  expect((await here.call('GET', '')).body).toMatchObject({ email: true })
})

test('settings that name no inbox, or one that cannot write letters, are refused and name the field', async () => {
  await expect(chat.app.inbox({ continueIn: '999999' })).rejects.toMatchObject({ field: 'continueIn' })
  await expect(chat.app.inbox({ continueIn: chat.chatId })).rejects.toMatchObject({ field: 'continueIn' })
  await expect(chat.app.inbox({ continueIn: 'x' })).rejects.toMatchObject({ field: 'continueIn' })
})

test('before the first words there is nothing to be answered', async () => {
  const client = await newVisitor(chat.app, chat.chatId)
  const refused = await client.call<{ error: { code: string } }>('PUT', '/email', { email: fresh() })
  expect([refused.status, refused.body.error.code]).toEqual([409, 'writeFirst'])
})

test('the mail that asks says who asks and what silence means, and nothing of the conversation', async () => {
  const address = fresh()
  const { client } = await chat.visitor('my password is hunter2')
  const answer = await client.call('PUT', '/email', { email: address.toUpperCase(), language: 'zh-CN' })
  expect(answer).toMatchObject({ status: 200, body: { state: 'pending', address } })
  const link = await chat.link(address)
  const [mail] = await chat.mailsTo(address)
  expect(mail?.subject).toBe('请确认您在“Northstar chat”留下的邮箱')
  expect(mail?.text).toContain('未经确认')
  expect(mail?.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-replied')
  expect(JSON.stringify(mail)).not.toContain('hunter2')
  expect(link.startsWith(`${chat.app.url}/widget/confirm/`)).toBe(true)
  const { hash } = await one(
    `select encode(pending_hash, 'hex') as hash from visitor_address where pending = $1`,
    address,
  )
  expect(link).not.toContain(hash)
})

describe('the link', () => {
  test('confirms only when its button is pressed, and once', async () => {
    const address = fresh()
    const { client } = await chat.visitor('Hello')
    await client.call('PUT', '/email', { email: address })
    const link = await chat.link(address)
    for (let scanner = 0; scanner < 3; scanner++) {
      const page = await fetch(link)
      expect(page.status).toBe(200)
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
      expect(await page.text()).toContain(`<form method="post"><button>Yes, send answers here</button></form>`)
    }
    await fetch(link, { method: 'HEAD' })
    expect((await client.call('GET', '/email')).body).toEqual({ state: 'pending', address })
    expect(await (await chat.confirm(link)).text()).toContain('Confirmed')
    expect((await client.call('GET', '/email')).body).toEqual({ state: 'confirmed', address })
    expect(await (await chat.confirm(link)).text()).toContain('does not work any more')
    const used = await fetch(link, { headers: { 'accept-language': 'ja-JP' } })
    expect([used.status, await used.text()]).toEqual([410, expect.stringContaining('このリンクは使用できません')])
    for (const token of ['x', 'x'.repeat(5_000), '%00', '..%2f..'])
      expect([404, 410, 414]).toContain((await fetch(`${chat.app.url}/widget/confirm/${token}`)).status)
  })

  test('is worth nothing after a day, nor once another address was given', async () => {
    const [first, second] = [fresh(), fresh()]
    const { client } = await chat.visitor('Hello')
    await client.call('PUT', '/email', { email: first })
    const replaced = await chat.link(first)
    await client.call('PUT', '/email', { email: second })
    expect(await (await chat.confirm(replaced)).text()).toContain('does not work any more')
    const late = await chat.link(second)
    await database.db.pool.query(
      `update visitor_address set pending_until = now() - interval '1 s' where pending = $1`,
      [second],
    )
    expect(await (await chat.confirm(late)).text()).toContain('does not work any more')
    expect((await client.call('GET', '/email')).body).toEqual({ state: 'none' })
  })

  test('pressed by many at once is used once', async () => {
    const address = fresh()
    const { client, threadId } = await chat.visitor('Hello')
    await client.call('PUT', '/email', { email: address })
    const link = await chat.link(address)
    const pages = await Promise.all(Array.from({ length: 6 }, async () => (await chat.confirm(link)).text()))
    expect(pages.filter((page) => page.includes('Confirmed'))).toHaveLength(1)
    expect(
      await one(
        `select count(*)::int as n from activity a join thread t on t.conversation_id = a.conversation_id
      where t.id = $1 and a.kind = 'addressConfirmed'`,
        threadId,
      ),
    ).toEqual({ n: 1 })
  })
})

test('another address needs another confirmation, and until then the former one stays', async () => {
  const [first, second] = [fresh(), fresh()]
  const { client } = await chat.visitor('Hello', first)
  await client.call('PUT', '/email', { email: second })
  expect((await client.call('GET', '/email')).body).toEqual({ state: 'pending', address: second, confirmed: first })
  await chat.confirm(await chat.link(second))
  expect((await client.call('GET', '/email')).body).toEqual({ state: 'confirmed', address: second })
})

test('whoever confirms is one contact in both inboxes, and the address counts as verified', async () => {
  const address = fresh()
  const { threadId } = await chat.visitor('Hello', address)
  const people = await database.db.pool.query(
    `select n.channel, n.contact_id as contact, n.verified_by as by, n.profile -> 'email' as email from identity n
      where n.id in (select identity_id from participant where thread_id = $1)
         or (n.channel = 'email' and n.key = $2) order by n.channel`,
    [threadId, address],
  )
  expect(people.rows).toEqual([
    { channel: 'email', contact: expect.any(String), by: 'code', email: { address, verified: true } },
    { channel: 'widget', contact: people.rows[0].contact, by: 'code', email: { address, verified: true } },
  ])
})

test('the website’s own word for a signed-in visitor needs no link', async () => {
  const inboxId = await chat.app.inbox({ continueIn: chat.mailId, identitySecret })
  const address = fresh()
  const identity = await new SignJWT({ name: 'Li Wei', email: address })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('user-7')
    .setAudience(inboxId)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(identitySecret))
  const client = await newVisitor(chat.app, inboxId, { identity })
  await client.send('Hello')
  expect((await client.call('GET', '/email')).body).toEqual({ state: 'confirmed', address })
  expect(await chat.mailsTo(address)).toEqual([])
})

describe('nobody fills a stranger’s mailbox through us:', () => {
  test('one address is asked three times a day, whoever asks and however it is spelt', async () => {
    const ask = async (email: string) =>
      (await (await chat.visitor('Hi')).client.call('PUT', '/email', { email })).status
    expect(await ask('one.stranger@victim.test')).toBe(200)
    expect(await ask('onestranger+a@victim.test')).toBe(200)
    expect(await ask('OneStranger+b@victim.test')).toBe(200)
    expect(await ask('o.n.e.stranger@victim.test')).toBe(429)
  })

  test('one visitor asks five addresses a day', async () => {
    const { client } = await chat.visitor('Hi')
    const statuses: number[] = []
    for (let n = 0; n < 6; n++) statuses.push((await client.call('PUT', '/email', { email: fresh() })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  })

  test('what is replaced before it was sent is not sent', async () => {
    await database.db.pool.query(`update inbox set paused_until = now() + interval '1 hour' where id = $1`, [
      chat.mailId,
    ])
    const [first, second] = [fresh(), fresh()]
    const { client } = await chat.visitor('Hi')
    await client.call('PUT', '/email', { email: first })
    await client.call('PUT', '/email', { email: second })
    await database.db.pool.query(`update inbox set paused_until = null where id = $1`, [chat.mailId])
    await chat.link(second)
    expect(await chat.mailsTo(first)).toEqual([])
  })
})

test('an address whose server refuses the mail is told as refused', async () => {
  const address = 'nobody@refused.test'
  chat.relay.arm('rcpt', { say: '550 5.1.1 no such user' }, address)
  const { client } = await chat.visitor('Hello')
  await client.call('PUT', '/email', { email: address })
  await eventually(
    async () => expect((await client.call('GET', '/email')).body).toEqual({ state: 'refused', address }),
    { timeoutMs: 15_000 },
  )
  for (const email of ['nonsense', 'a@b', 'x y@z.test', 'a@b.test\r\nBcc: c@d.test'])
    expect((await client.call('PUT', '/email', { email })).status).toBe(400)
})
