import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { messageIdFor, returnAddress } from '../../channels/email/address.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type IngestNode, ingestNode } from '../support/ingest-node.ts'
import {
  addMailInbox,
  healthOf,
  keptOriginals,
  mailboxSettings,
  mailSigner,
  quickMail,
  sendMail,
  storedMails,
} from '../support/mail-ground.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'

let servers: MailServers
let on: TestDatabase
const nodes: IngestNode[] = []
const patience = { timeoutMs: 20_000 }

beforeAll(async () => {
  servers = await startMailServers()
  on = await testDatabase()
})
afterEach(async () => {
  await on.db.pool.query('update inbox set enabled = false')
  for (const node of nodes.splice(0)) await node.close()
})
afterAll(async () => {
  await on?.close()
  await servers?.stop()
})

async function node(): Promise<IngestNode> {
  const made = await ingestNode(on.target, { channels: [quickMail] })
  nodes.push(made)
  made.ingest.start()
  return made
}

async function inbox(wish: Record<string, unknown> = {}) {
  const account = servers.account()
  const made = await node()
  const id = await addMailInbox(made, mailboxSettings(servers, account, wish))
  const write = (mail: Partial<Parameters<typeof sendMail>[1]> = {}) =>
    sendMail(servers.smtpPort, { to: `${account}@desk.test`, ...mail })
  return { account, id, write, node: made, connected: () => state(id, 'connected') }
}

const state = (id: string, wanted: string) =>
  eventually(async () => expect((await healthOf(on.db, id))?.state).toBe(wanted), patience)
const texts = async (id: string) => (await storedMails(on.db, id)).map((one) => one.text.trim())
const arrived = (id: string, expected: readonly string[]) =>
  eventually(async () => expect(await texts(id)).toEqual(expected), patience)
const raw = (n: number, text: string) =>
  `From: Bob <bob@example.test>\r\nTo: someone@desk.test\r\nSubject: Number ${n}\r\nMessage-ID: <n${n}.${text.length}@example.test>\r\n` +
  `Date: Sun, 1 Mar 2026 10:00:00 +0000\r\n\r\n${text}\r\n`

test('a plain mail is stored within two seconds, its original beside it', async () => {
  const { id, write, connected } = await inbox()
  await connected()
  await write({ subject: 'First', text: 'warm up' })
  await arrived(id, ['warm up'])
  const start = performance.now()
  await write({ subject: 'My order', text: 'Where is it?' })
  await arrived(id, ['warm up', 'Where is it?'])
  expect(performance.now() - start).toBeLessThan(2_000)
  const [, mail] = await storedMails(on.db, id)
  expect(mail).toMatchObject({ subject: 'My order', sender: 'alice@example.test', automatic: false })
  expect(await keptOriginals(on.db, id)).toBe(2)
})

test('a Chinese mail and one with an attachment come as they were written', async () => {
  const { id, write } = await inbox()
  await write({ subject: '订单没有收到', text: '你好，我的订单还没有收到。' })
  await arrived(id, ['你好，我的订单还没有收到。'])
  await write({ text: 'see', attachments: [{ filename: '发票.pdf', content: Buffer.alloc(300_000, 1) }] })
  await arrived(id, ['你好，我的订单还没有收到。', 'see'])
  const [chinese, withFile] = await storedMails(on.db, id)
  expect(chinese?.subject).toBe('订单没有收到')
  expect(withFile?.files).toEqual(['发票.pdf'])
})

test('250 mails from before the inbox began are counted, not fetched', async () => {
  const account = servers.account()
  const old = Array.from({ length: 250 }, (_, n) => raw(n, 'long ago'))
  servers.put(account, old, new Date(Date.now() - 30 * 24 * 3_600_000))
  servers.put(account, [raw(900, 'this morning')], new Date(Date.now() - 3_600_000))
  const made = await node()
  const id = await addMailInbox(made, mailboxSettings(servers, account))
  const counted = [{ reason: 'before the start of the inbox', count: 251 }]
  await eventually(async () => expect((await healthOf(on.db, id))?.ignored).toEqual(counted), patience)
  await sendMail(servers.smtpPort, { to: `${account}@desk.test`, text: 'and today' })
  await arrived(id, ['and today'])
  expect(await keptOriginals(on.db, id)).toBe(1)
})

test('a restarted server goes on where it stopped, with what came meanwhile', async () => {
  const { id, write, node: first } = await inbox()
  await write({ text: 'one' })
  await arrived(id, ['one'])
  await first.close()
  nodes.length = 0
  await write({ text: 'two' })
  await write({ text: 'three' })
  await node()
  await arrived(id, ['one', 'two', 'three'])
})

test('a killed IMAP server is connected to again, and nothing is lost or doubled', async () => {
  const { id, write } = await inbox()
  await write({ text: 'before' })
  await arrived(id, ['before'])
  await servers.killImap()
  await state(id, 'unavailable')
  servers.startImap()
  await write({ text: 'after' })
  await arrived(id, ['before', 'after'])
  await state(id, 'connected')
})

test('a server that froze is found out', async () => {
  const { id, write } = await inbox()
  await write({ text: 'before' })
  await arrived(id, ['before'])
  expect(servers.signalImap('SIGSTOP')).toBeGreaterThanOrEqual(2)
  onTestFinished(() => void servers.signalImap('SIGCONT'))
  await write({ text: 'meanwhile' })
  await arrived(id, ['before', 'meanwhile'])
})

test('a mailbox that numbers its mails anew adds nothing', async () => {
  const { id, write, account } = await inbox()
  const all: string[] = []
  for (const text of ['one', 'two', 'three']) {
    all.push(text)
    await write({ text })
    await arrived(id, all)
  }
  const before = await healthOf(on.db, id)
  await servers.killImap()
  servers.renumber(account)
  servers.startImap()
  await write({ text: 'four' })
  await arrived(id, ['one', 'two', 'three', 'four'])
  const after = await healthOf(on.db, id)
  expect(validityOf(after?.cursor)).not.toBe(validityOf(before?.cursor))
})

const validityOf = (cursor: unknown) => (cursor as { inbox: { uidValidity: string } }).inbox.uidValidity

test('a wrong password stops the inbox and says so', async () => {
  const account = servers.account()
  const settings = mailboxSettings(servers, account)
  const id = await addMailInbox(await node(), { ...settings, imap: { ...settings.imap, password: 'wrong' } })
  await state(id, 'badCredentials')
  expect((await healthOf(on.db, id))?.error).toContain('IMAP')
})

test('XOAUTH2 signs in with a token it buys, and keeps the refresh token it is given', async () => {
  const spent: string[] = []
  const door = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      spent.push(new URLSearchParams(body).get('refresh_token') ?? '')
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ access_token: 'bought', expires_in: 3600, refresh_token: 'the second' }))
    })
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void door.close())
  const tokenUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}/token`
  const account = servers.account()
  const { imap, ...rest } = mailboxSettings(servers, account)
  const { password: _none, ...withoutPassword } = imap
  const oauth2 = { clientId: 'c', clientSecret: 's', refreshToken: 'the first', tokenUrl }
  const first = await node()
  const id = await addMailInbox(first, { ...rest, imap: withoutPassword, oauth2 })
  await sendMail(servers.smtpPort, { to: `${account}@desk.test`, text: 'by token' })
  await arrived(id, ['by token'])
  expect(spent).toEqual(['the first'])
  await first.close()
  nodes.length = 0
  await node()
  await eventually(() => expect(spent).toEqual(['the first', 'the second']), patience)
})

test('mail to a plus address arrives; references of strangers join nothing', async () => {
  const { id, write, account } = await inbox()
  const { messageId } = await write({ to: `${account}+sales@desk.test`, text: 'question' })
  await arrived(id, ['question'])
  await write({ text: 'my answer', subject: 'Re: Hello', inReplyTo: messageId, references: [messageId] })
  await write({ from: 'eve@example.test', text: 'me too', inReplyTo: messageId, references: [messageId] })
  await arrived(id, ['question', 'my answer', 'me too'])
  const [question, answer, stranger] = await storedMails(on.db, id)
  expect(answer).toMatchObject({ conversation: question?.conversation, joined: 'reference' })
  expect(stranger?.conversation).not.toBe(question?.conversation)
})

test('a bounce of Postfix comes as the fate of the delivery it names, never as a message', async () => {
  const { id, account, node: made, write } = await inbox()
  await write({ text: 'question' })
  await arrived(id, ['question'])
  const own = `${account}@desk.test`
  const env = mailSigner(made, id)
  await sendMail(servers.smtpPort, {
    from: own,
    to: 'nobody-there@example.test',
    messageId: messageIdFor(env, '4711', 'desk.test'),
    envelope: { from: returnAddress(env, own, '4711'), to: 'nobody-there@example.test' },
  })
  await eventually(async () => {
    const { rows } = await on.db.pool.query(
      `select kind, state, event->>'receipt' as receipt, event->>'deliveryId' as delivery from inbound_event
        where inbox_id = $1 and kind <> 'message'`,
      [id],
    )
    expect(rows).toEqual([{ kind: 'receipt', state: 'parked', receipt: 'bounced', delivery: '4711' }])
  }, patience)
  expect(await texts(id)).toEqual(['question'])
})

test('what is answered in another mail program is seen in the conversation it belongs to', async () => {
  const account = servers.account()
  const settings = mailboxSettings(servers, account)
  const id = await addMailInbox(await node(), { ...settings, imap: { ...settings.imap, sent: 'Sent' } })
  const { messageId } = await sendMail(servers.smtpPort, { to: `${account}@desk.test`, text: 'question' })
  await arrived(id, ['question'])
  const answer =
    `From: ${account}@desk.test\r\nTo: alice@example.test\r\nSubject: Re: Hello\r\nMessage-ID: <by.hand@desk.test>\r\n` +
    `In-Reply-To: ${messageId}\r\n\r\nanswered by hand\r\n`
  servers.put(`${account}/.Sent`, [answer], new Date(Date.now() + 1_000))
  await arrived(id, ['question', 'answered by hand'])
  const { rows } = await on.db.pool.query(
    `select m.direction, m.conversation_id = min(m.conversation_id) over () as together
       from message m join thread t on t.id = m.thread_id where t.inbox_id = $1 order by m.id`,
    [id],
  )
  expect(rows).toEqual([
    { direction: 'in', together: true },
    { direction: 'out', together: true },
  ])
})

test('of two servers one receives, and the other takes over', async () => {
  const { id, write, node: first } = await inbox()
  await node()
  await write({ text: 'one' })
  await arrived(id, ['one'])
  await first.close()
  nodes.splice(nodes.indexOf(first), 1)
  await write({ text: 'two' })
  await arrived(id, ['one', 'two'])
})
