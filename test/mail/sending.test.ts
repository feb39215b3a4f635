import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { deliveryIdOfMessageId, replyAddress } from '../../channels/email/address.ts'
import type { MailPayload } from '../../channels/email/render.ts'
import { parseSettings } from '../../channels/email/settings.ts'
import type { ChannelConnection, InboundEvent } from '../../src/channel/contract.ts'
import { channelEnv } from '../support/channel-env.ts'
import { attached, letter, mailRequest, mailThread, type Written } from '../support/email-sending.ts'
import { eventually } from '../support/eventually.ts'
import { mailboxSettings, quickMail, sendMail } from '../support/mail-ground.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'
import { mailsIn } from '../support/mailbox.ts'
import { memorySink } from '../support/memory-sink.ts'

let servers: MailServers
const closing: (() => Promise<void>)[] = []
const patience = { timeoutMs: 20_000 }
const soon = () => AbortSignal.timeout(10_000)

beforeAll(async () => {
  servers = await startMailServers()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => servers?.stop())

async function desk(wish: { readonly sent?: string } = {}) {
  const account = servers.account()
  const given = mailboxSettings(servers, account, { signature: 'Yours, {name}' })
  const settings = parseSettings({ ...given, imap: { ...given.imap, ...wish } })
  const env = channelEnv()
  const connection = await quickMail.connect(settings, env)
  closing.push(() => connection.close())
  return { account, settings, env, connection, write: (content: Written) => mailRequest(content, settings) }
}

function receiving(connection: ChannelConnection): () => readonly InboundEvent[] {
  const sink = memorySink()
  const abort = new AbortController()
  const ended = connection.receive(null, sink, abort.signal)
  closing.push(async () => {
    abort.abort()
    await ended
  })
  return () => sink.events
}

test('a reply stands in the customer’s mailbox as a proper answer, with its file', async () => {
  const { connection, write } = await desk()
  const customer = servers.account()
  const to = [{ name: 'Ada 王', address: `${customer}@example.test` }]
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 31) % 256))
  const quoted = { from: to[0]!, at: '2026-03-02T09:05:00Z', text: 'Where is it?' }
  const references = ['<question@example.test>']
  const content = {
    text: '它在**路上**。',
    attachments: [attached('报告.pdf', bytes)],
    letter: letter({ to, quoted, references, inReplyTo: references[0]!, authorName: 'Grace' }),
  }
  const { externalId } = await connection.send(write(content), soon())
  await eventually(async () => expect((await mailsIn(servers, customer)).length).toBe(1), patience)
  const [mail] = await mailsIn(servers, customer)
  expect(mail).toMatchObject({ messageId: externalId, inReplyTo: '<question@example.test>', subject: 'Re: A question' })
  expect(mail?.text).toMatch(
    /^它在路上。\n\n-- \nYours, Grace\n\nOn 2 March 2026 at 09:05 UTC, .* wrote:\n> Where is it\?/,
  )
  expect(mail?.attachments.map((file) => file.filename)).toEqual(['报告.pdf'])
  expect(Buffer.from(mail?.attachments[0]?.content as ArrayBuffer).equals(bytes)).toBe(true)
})

test('the customer’s answer comes back with the thread’s token, whatever their program forgot', async () => {
  const { connection, account, env } = await desk()
  const events = receiving(connection)
  await sendMail(servers.smtpPort, { to: replyAddress(env, `${account}@desk.test`, mailThread.key), text: 'Thanks' })
  await eventually(() => expect(events().length).toBe(1), patience)
  expect(events()).toMatchObject([{ kind: 'message' }])
  const [said] = events()
  expect(said?.kind === 'message' && said.joins?.[0]).toEqual({ by: 'token', threadKey: mailThread.key })
})

test('a letter nobody takes comes back as a bounce of its delivery', async () => {
  const { connection, write } = await desk()
  const events = receiving(connection)
  const request = write({ letter: letter({ to: [{ name: '', address: 'nobody-here@example.test' }] }) })
  await connection.send(request, soon())
  await eventually(() => expect(events().length).toBe(1), patience)
  expect(events()[0]).toMatchObject({ kind: 'receipt', receipt: 'bounced', deliveryId: request.deliveryId })
})

test('a sent letter is filed once however often that is asked, with whom it was copied to in secret', async () => {
  const { connection, account, write } = await desk({ sent: 'Sent' })
  const bcc = [{ name: '', address: 'bob@example.test' }]
  const request = write({ letter: letter({ to: [{ name: '', address: 'alice@example.test' }], bcc }) })
  expect(await connection.confirm?.(request, soon())).toBeNull()
  const receipt = await connection.send(request, soon())
  expect(await connection.confirm?.(request, soon())).toBeNull()
  await connection.afterSent?.(request, receipt)
  await connection.afterSent?.(request, receipt)
  expect(await connection.confirm?.(request, soon())).toEqual(receipt)
  const filed = await mailsIn(servers, account, 'Sent')
  expect(filed.length).toBe(1)
  expect(filed[0]).toMatchObject({ messageId: receipt.externalId, seen: true, bcc })
  expect((request.part.payload as MailPayload).bcc).toEqual(bcc)
})

test('a folder of sent mail that is not there is made', async () => {
  const { connection, account, write } = await desk({ sent: 'Desk/Answered' })
  const request = write({ letter: letter({ to: [{ name: '', address: 'alice@example.test' }] }) })
  expect(await connection.confirm?.(request, soon())).toBeNull()
  await connection.afterSent?.(request, await connection.send(request, soon()))
  expect((await mailsIn(servers, account, 'Desk/Answered')).length).toBe(1)
})

test('our filed copy is an echo of its delivery, not a message', async () => {
  const { connection, write, env } = await desk({ sent: 'Sent' })
  const events = receiving(connection)
  const request = write({ letter: letter({ to: [{ name: '', address: 'alice@example.test' }] }) })
  const receipt = await connection.send(request, soon())
  await connection.afterSent?.(request, receipt)
  await eventually(() => expect(events().length).toBe(1), patience)
  expect(events()[0]).toMatchObject({ kind: 'echo', deliveryId: request.deliveryId })
  expect(deliveryIdOfMessageId(env, receipt.externalId)).toBe(request.deliveryId)
})
