import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { mailboxSettings, quickMail, sendMail } from '../support/mail-ground.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'
import { mailsIn } from '../support/mailbox.ts'
import { newVisitor, type VisitorApp, type VisitorClient, visitorApp } from '../support/visitor-app.ts'

// One visitor who leaves, in the order in which it happens: each test goes on where the one before it stopped.

let servers: MailServers
let database: TestDatabase
let app: VisitorApp
let visitor: VisitorClient
const alice = 'alice@example.test'
const known = { question: '', mailId: '', asked: '', answer: '', replyTo: '', conversation: '' }
const patience = { timeoutMs: 30_000 }

beforeAll(async () => {
  servers = await startMailServers()
  database = await testDatabase()
  app = await visitorApp(database, { channels: [quickMail] })
  const settings = mailboxSettings(servers, 'support', { name: 'Northstar' })
  known.mailId = await app.otherInbox('email', { ...settings, imap: { ...settings.imap, sent: 'Sent' } })
  visitor = await newVisitor(app, await app.inbox({ name: 'Northstar chat', continueIn: known.mailId }))
})
afterAll(async () => {
  await app?.close()
  await database?.close()
  await servers?.stop()
})

const all = async (sql: string, ...values: unknown[]) => (await database.db.pool.query(sql, values)).rows
const aliceHas = (count: number) =>
  eventually(async () => {
    const mails = await mailsIn(servers, 'alice')
    return mails.length >= count && mails
  }, patience)
const messageSaying = (words: string) =>
  eventually(
    async () =>
      (await all('select id, conversation_id::text as conversation from message where text like $1', `${words}%`))[0] ??
      null,
    patience,
  )

test('a visitor leaves an address and confirms it by the link in the real mailbox', async () => {
  known.question = (await visitor.send('Where is my deposit?')).body.message.id
  await visitor.call('PUT', '/email', { email: alice })
  const [asking] = await aliceHas(1)
  known.asked = asking?.messageId ?? ''
  const link = /http\S+\/widget\/confirm\/[\w-]+/.exec(asking?.text ?? '')?.[0] ?? ''
  expect(asking?.text).not.toContain('deposit')
  await fetch(link, { method: 'POST' })
  expect((await visitor.call('GET', '/email')).body).toEqual({ state: 'confirmed', address: alice })
  known.conversation = (await messageSaying('Where is my deposit')).conversation
})

test('the visitor goes, the agent answers twice, and one mail arrives in the thread of the first', async () => {
  await app.answer(known.question, 'It is **on its way**.')
  await app.answer(known.question, 'It should be there tomorrow.')
  await database.db.pool.query(`update message set created_at = created_at - interval '2 minutes'`)
  await database.db.pool.query(`update job set due_at = now() where kind = 'continue' and state = 0`)
  const mail = (await aliceHas(2))[1]
  expect(mail).toMatchObject({
    subject: 'Your chat in Northstar chat',
    inReplyTo: known.asked,
    from: { name: 'Ana (Northstar)' },
  })
  expect(mail?.text).toMatch(/^It is on its way\.\n\nIt should be there tomorrow\.\n/)
  expect(mail?.text).toContain('> Where is my deposit?')
  known.answer = mail?.messageId ?? ''
  known.replyTo = mail?.replyTo?.[0]?.address ?? ''
  expect(known.replyTo).toMatch(/^support\+t-[0-9a-z]+@desk\.test$/)
})

test('the answer by mail lands in the same conversation, a stranger’s with the same token does not', async () => {
  const letter = { to: known.replyTo, subject: 'Re: Your chat', inReplyTo: known.answer, references: known.answer }
  await sendMail(servers.smtpPort, { ...letter, from: `Alice <${alice}>`, text: 'Thank you, I will wait.' })
  await sendMail(servers.smtpPort, { ...letter, from: 'Bob <bob@example.test>', text: 'Tell me as well.' })
  expect((await messageSaying('Thank you, I will wait')).conversation).toBe(known.conversation)
  expect((await messageSaying('Tell me as well')).conversation).not.toBe(known.conversation)
})

test('the next answer goes by mail, properly threaded, and the page shows the whole conversation', async () => {
  const thanks = await messageSaying('Thank you, I will wait')
  await app.answer(thanks.id, 'You are welcome.')
  const mail = (await aliceHas(3))[2]
  expect(mail?.text).toMatch(/^You are welcome\.\n/)
  expect(mail?.references).toContain(known.answer)
  expect((await visitor.list()).items.map(({ text }) => text.trim())).toEqual([
    'Where is my deposit?',
    'It is **on its way**.',
    'It should be there tomorrow.',
    'Thank you, I will wait.',
    'You are welcome.',
  ])
})

test('our copies in the folder of sent mail are no messages, and nothing was sent twice', async () => {
  const filed = await eventually(async () => {
    const mails = await mailsIn(servers, 'support', 'Sent')
    return mails.length >= 3 && mails
  }, patience)
  await eventually(
    async () =>
      expect(
        await all(`select state from delivery d join inbox i on i.id = d.inbox_id where i.id = $1`, known.mailId),
      ).toEqual([{ state: 'sent' }, { state: 'sent' }, { state: 'sent' }]),
    patience,
  )
  expect(new Set(filed.map(({ messageId }) => messageId)).size).toBe(3)
  expect(await mailsIn(servers, 'alice')).toHaveLength(3)
  expect(await all('select count(*)::int as n from message where conversation_id = $1', known.conversation)).toEqual([
    { n: 5 },
  ])
})
