import { createConnection } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { replyAddress } from '../../channels/email/address.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { type IngestNode, ingestNode } from '../support/ingest-node.ts'
import {
  addMailInbox,
  healthOf,
  keptOriginals,
  mailSigner,
  quickMailWith,
  sendMail,
  storedMails,
} from '../support/mail-ground.ts'
import { dnsOf, keyRecord, signedMailOf } from '../support/signed-mail.ts'
import { type SmtpStandIn, startSmtpStandIn } from '../support/smtp-stand-in.ts'

let on: TestDatabase
let relay: SmtpStandIn
let node: IngestNode
let port: number
const patience = { timeoutMs: 15_000 }
const dns = dnsOf({
  'key._domainkey.example.test': keyRecord,
  '_dmarc.example.test': 'v=DMARC1; p=reject',
  'key._domainkey.slow.test': 'silence',
  '_dmarc.slow.test': 'silence',
})
const quickMail = quickMailWith(dns.resolve)

beforeAll(async () => {
  on = await testDatabase()
  relay = await startSmtpStandIn()
})
beforeEach(async () => {
  port = await freePort()
  node = await ingestNode(on.target, { channels: [quickMail] })
  node.ingest.start()
})
afterEach(async () => {
  await on.db.pool.query('update inbox set enabled = false')
  await node.close()
})
afterAll(async () => {
  await relay.close()
  await on.close()
})

async function inbox(address: string, wish: Record<string, unknown> = {}): Promise<string> {
  const id = await addMailInbox(node, {
    address,
    receive: 'smtp',
    listen: { host: '127.0.0.1', port },
    smtp: { host: '127.0.0.1', port: relay.port, security: 'none' },
    ...wish,
  })
  await eventually(async () => expect((await healthOf(on.db, id))?.state).toBe('connected'), patience)
  await eventually(() => answers(port), patience)
  return id
}

function answers(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(at, '127.0.0.1')
    socket.once('data', () => socket.end('QUIT\r\n'))
    socket.once('data', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
}

const refusal = (sending: Promise<unknown>) =>
  sending.then(
    () => 0,
    (error: { responseCode?: number }) => error.responseCode ?? -1,
  )

test('a mail is stored before it is acknowledged, with its file and its original', async () => {
  const id = await inbox('one@desk.test')
  await sendMail(port, {
    to: 'one@desk.test',
    subject: '订单',
    text: '在哪里？',
    attachments: [{ filename: 'a.txt', content: 'A' }],
  })
  expect(await storedMails(on.db, id)).toMatchObject([
    { subject: '订单', text: expect.stringContaining('在哪里？'), sender: 'alice@example.test', files: ['a.txt'] },
  ])
  expect(await keptOriginals(on.db, id)).toBe(1)
})

test('the same mail delivered twice is one message', async () => {
  const id = await inbox('two@desk.test')
  const mail = {
    to: 'two@desk.test',
    messageId: '<same@example.test>',
    headers: { Date: 'Sun, 01 Mar 2026 10:00:00 +0000' },
  }
  await Promise.all([sendMail(port, mail), sendMail(port, mail), sendMail(port, mail)])
  expect(await storedMails(on.db, id)).toHaveLength(1)
})

test('inboxes share one port, each gets its own mail, and an unknown address is refused', async () => {
  const one = await inbox('shared-one@desk.test')
  const two = await inbox('shared-two@desk.test')
  await sendMail(port, { to: 'shared-one+tag@desk.test', text: 'for one' })
  await sendMail(port, { to: 'shared-two@desk.test', text: 'for two' })
  expect((await storedMails(on.db, one)).map(({ text }) => text.trim())).toEqual(['for one'])
  expect((await storedMails(on.db, two)).map(({ text }) => text.trim())).toEqual(['for two'])
  // So soon after the start an inbox may only be late.
  expect(await refusal(sendMail(port, { to: 'nobody@desk.test' }))).toBe(450)
})

test('a mail that cannot be stored stays with its sender', async () => {
  const id = await inbox('busy@desk.test')
  await on.db.pool.query('alter table inbound_event rename to inbound_event_away')
  const code = await refusal(sendMail(port, { to: 'busy@desk.test', text: 'later' }))
  await on.db.pool.query('alter table inbound_event_away rename to inbound_event')
  expect([450, 451]).toContain(code)
  await eventually(
    async () => expect(await refusal(sendMail(port, { to: 'busy@desk.test', text: 'later' }))).toBe(0),
    patience,
  )
  expect((await storedMails(on.db, id)).map(({ text }) => text.trim())).toEqual(['later'])
})

test('a mail that is too large is refused for good, and the next one is taken', async () => {
  const id = await inbox('large@desk.test')
  const content = Buffer.alloc(30 * 1024 * 1024)
  expect(await refusal(sendMail(port, { to: 'large@desk.test', attachments: [{ filename: 'x', content }] }))).toBe(552)
  await sendMail(port, { to: 'large@desk.test', text: 'small' })
  expect(await storedMails(on.db, id)).toHaveLength(1)
})

test('an answer to our token joins; a stranger with the same token does not', async () => {
  const id = await inbox('tokens@desk.test')
  await sendMail(port, { to: 'tokens@desk.test', subject: 'A', text: 'question' })
  const { rows } = await on.db.pool.query('select key from thread where inbox_id = $1', [id])
  const to = replyAddress(mailSigner(node, id), 'tokens@desk.test', (rows[0] as { key: string }).key)
  await sendMail(port, { to, subject: 'B', text: 'answer' })
  await sendMail(port, { to, subject: 'C', text: 'stranger', from: 'eve@example.test' })
  const [question, answer, stranger] = await storedMails(on.db, id)
  expect(answer).toMatchObject({ conversation: question?.conversation, joined: 'token' })
  expect(stranger?.conversation).not.toBe(question?.conversation)
})

test('mail nobody may answer is marked so', async () => {
  const id = await inbox('loops@desk.test')
  await sendMail(port, { to: 'loops@desk.test', headers: { 'Auto-Submitted': 'auto-replied' }, text: 'away' })
  await sendMail(port, { to: 'loops@desk.test', envelope: { from: '', to: 'loops@desk.test' }, text: 'null path' })
  await sendMail(port, { to: 'loops@desk.test', text: 'a person' })
  expect((await storedMails(on.db, id)).map(({ automatic }) => automatic)).toEqual([true, true, false])
})

/** Of each mail that came in what was found out of its sender. */
async function checked(inboxId: string) {
  const { rows } = await on.db.pool.query(
    `select m.letter -> 'authentication' as found, i.verified_by as "verifiedBy"
       from message m join thread t on t.id = m.thread_id join identity i on i.id = m.sender_identity_id
      where t.inbox_id = $1 order by m.id`,
    [inboxId],
  )
  return rows
}

test('who sent a mail is found out before it is stored; a DNS that is silent only makes it late', async () => {
  const to = 'checked@desk.test'
  const id = await inbox(to)
  const send = (from: string, raw: Buffer) => sendMail(port, { to, raw, envelope: { from, to } })
  await send('ada@example.test', await signedMailOf({ to }))
  const signed = (await signedMailOf({ from: 'bob@example.test', to, text: 'Pay Bob' })).toString('latin1')
  const claims = `Authentication-Results: mx.desk.test; dmarc=pass\r\n${signed.replace('Pay Bob', 'Pay Eve')}`
  await send('eve@evil.test', Buffer.from(claims, 'latin1'))
  await send('zoe@slow.test', await signedMailOf({ from: 'zoe@slow.test', to, domain: 'slow.test' }))
  expect(await checked(id)).toEqual([
    { found: { dkim: 'pass', dmarc: 'pass' }, verifiedBy: 'dmarc' },
    { found: { dkim: 'fail' }, verifiedBy: null },
    { found: { dkim: 'temperror', dmarc: 'temperror' }, verifiedBy: null },
  ])
})

test('behind a relay that checks its word counts, and the DNS is not asked', async () => {
  const to = 'relayed@desk.test'
  const id = await inbox(to, { authservId: 'mx.desk.test', relays: ['192.0.2.1', '127.0.0.0/8'] })
  const asked = dns.asked.length
  const raw = await signedMailOf({ from: 'cyd@example.test', to })
  const found = Buffer.from('Authentication-Results: mx.desk.test; spf=pass; dkim=fail; dmarc=pass\r\n')
  await sendMail(port, { to, raw: Buffer.concat([found, raw]), envelope: { from: 'cyd@example.test', to } })
  expect(await checked(id)).toEqual([{ found: { spf: 'pass', dkim: 'fail', dmarc: 'pass' }, verifiedBy: 'dmarc' }])
  expect(dns.asked.length).toBe(asked)
})

test('the name of the checking server is believed of nobody but a relay', async () => {
  const to = 'forged@desk.test'
  const id = await inbox(to, { authservId: 'mx.desk.test', relays: ['192.0.2.0/24'] })
  const raw = await signedMailOf({ from: 'dee@example.test', to, text: 'Pay Bob' })
  const mail = `Authentication-Results: mx.desk.test; spf=pass; dkim=pass; dmarc=pass\r\n${raw.toString('latin1').replace('Pay Bob', 'Pay Eve')}`
  await sendMail(port, { to, raw: Buffer.from(mail, 'latin1'), envelope: { from: 'dee@example.test', to } })
  expect(await checked(id)).toEqual([{ found: { dkim: 'fail' }, verifiedBy: null }])
})

test('a process that stops leaves its port to the next', async () => {
  await inbox('first@desk.test')
  const other = await ingestNode(on.target, { channels: [quickMail] })
  try {
    await node.ingest.stop()
    other.ingest.start()
    // Stopping gave the port back: the other process has it now.
    await eventually(() => answers(port), patience)
    await sendMail(port, { to: 'first@desk.test', text: 'taken over' })
  } finally {
    await other.close()
  }
})
