import PostalMime, { type Email } from 'postal-mime'
import { createEmailChannel } from '../../channels/email/index.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import type { TestDatabase } from './database.ts'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'
import { sendMail } from './mail-ground.ts'
import { type SmtpStandIn, startSmtpStandIn } from './smtp-stand-in.ts'
import { newVisitor, type VisitorApp, type VisitorAppWish, type VisitorClient, visitorApp } from './visitor-app.ts'

export const own = 'support@desk.test'
const patience = { timeoutMs: 15_000 }

/** A website chat that goes on by mail: the whole application between a visitor's page and a mail server of the test's own. */
export interface ContinuedChat {
  readonly app: VisitorApp
  readonly relay: SmtpStandIn
  readonly chatId: string
  readonly mailId: string
  /** Where customers' mail servers bring their mails. */
  readonly mailPort: number
  /** Has written, and maybe left and confirmed an address. */
  visitor(words: string, address?: string): Promise<{ client: VisitorClient; messageId: string; threadId: string }>
  /** Every mail that was sent to this address, read as a mail program does. */
  mailsTo(address: string): Promise<Email[]>
  /** The newest link in a mail to this address. */
  link(address: string): Promise<string>
  confirm(link: string): Promise<Response>
  /** As if all that was said had been said so much earlier, and nobody's page had been heard of since. */
  later(minutes?: number): Promise<void>
  /** A customer answers the newest mail to them, from this address. */
  answerByMail(to: Email, from: string, text: string): Promise<void>
  close(): Promise<void>
}

export async function continuedChat(database: TestDatabase, wish: VisitorAppWish = {}): Promise<ContinuedChat> {
  const relay = await startSmtpStandIn()
  const app = await visitorApp(database, { ...wish, channels: [createEmailChannel() as ChannelAdapter] })
  const mailPort = await freePort()
  const mailId = await app.otherInbox('email', {
    address: own,
    name: 'Northstar',
    receive: 'smtp',
    listen: { host: '127.0.0.1', port: mailPort },
    smtp: { host: '127.0.0.1', port: relay.port, security: 'none' },
  })
  const chatId = await app.inbox({ name: 'Northstar chat', continueIn: mailId })
  const { pool } = database.db
  const mailsTo = (address: string) =>
    Promise.all(relay.held.filter(({ to }) => to.includes(address)).map(({ raw }) => PostalMime.parse(raw)))
  const link = (address: string) =>
    eventually(
      async () => /http\S+\/widget\/confirm\/[\w-]+/.exec((await mailsTo(address)).at(-1)?.text ?? '')?.[0] ?? null,
      patience,
    )
  const confirm = (url: string) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' })
  return {
    app,
    relay,
    chatId,
    mailId,
    mailPort,
    mailsTo,
    link,
    confirm,
    async visitor(words, address) {
      const client = await newVisitor(app, chatId)
      const messageId = (await client.send(words)).body.message.id
      const { rows } = await pool.query('select thread_id as id from message where id = $1', [messageId])
      if (address !== undefined) {
        await client.call('PUT', '/email', { email: address })
        await confirm(await link(address))
      }
      return { client, messageId, threadId: (rows[0] as { id: string }).id }
    },
    async later(minutes = 2) {
      await pool.query(`update message set created_at = created_at - make_interval(mins => $1)`, [minutes])
      await pool.query('delete from visitor_presence')
      await pool.query(`update job set due_at = now() where kind = 'continue' and state = 0`)
      await pool.query(`select pg_notify('job', '')`)
    },
    async answerByMail(to, from, text) {
      const { messageId = '', replyTo, subject } = to
      const recipient = replyTo?.[0]?.address ?? own
      await eventually(
        () =>
          sendMail(mailPort, {
            from,
            to: recipient,
            subject: `Re: ${subject}`,
            text,
            inReplyTo: messageId,
            references: messageId,
          }).then(() => true),
        patience,
      )
    },
    async close() {
      await app.close()
      await relay.close()
    },
  }
}
