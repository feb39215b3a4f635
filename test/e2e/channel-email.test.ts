import type { Browser } from 'playwright-core'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmailChannel } from '../../channels/email/index.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { sendMail } from '../support/mail-ground.ts'
import { type SmtpStandIn, startSmtpStandIn } from '../support/smtp-stand-in.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { allSee, allSeePicture, attach, closeDesks, withinASecond } from './support/both-desks.ts'
import { launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot } from './support/inbox-page.ts'
import { picture } from './support/mails.ts'

const address = 'support@desk.test'
const patience = { timeoutMs: 15_000 }
let database: TestDatabase
let app: VisitorApp
let relay: SmtpStandIn
let browser: Browser
let port: number
const agents: string[] = []

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  relay = await startSmtpStandIn()
  app = await visitorApp(database, { webRoot, channels: [createEmailChannel() as ChannelAdapter] })
  port = await freePort()
  const inboxId = await app.otherInbox('email', {
    address,
    name: 'Northstar',
    receive: 'smtp',
    listen: { host: '127.0.0.1', port },
    smtp: { host: '127.0.0.1', port: relay.port, security: 'none' },
  })
  agents.push(await hire(database, { name: 'Ada Winter', role: 'admin' }))
  agents.push(await hire(database, { name: 'Li Na', inboxId }))
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await relay?.close()
  await database?.close()
})

test('a customer mails, shows and answers; both agents see it within a second; bold text and a file leave as a letter in the same thread', async () => {
  const subject = 'Order 17'
  const mail = (wish: Partial<Parameters<typeof sendMail>[1]>) => sendMail(port, { to: address, subject, ...wish })
  const { messageId } = await eventually(() => mail({ text: 'My lamp is broken' }), patience)
  const desks = await Promise.all(agents.map((email) => openInbox(browser, app, { email })))
  const [one, two] = desks as [InboxPage, InboxPage]
  for (const desk of desks) await desk.row('My lamp is broken').click()
  await allSee(desks, 'My lamp is broken')
  const inReplyTo = { inReplyTo: messageId, references: messageId, subject: `Re: ${subject}` }
  await withinASecond(desks, (text) => mail({ ...inReplyTo, text }))
  const lamp = { filename: 'lamp.png', content: picture(320, 200) }
  await mail({ ...inReplyTo, text: 'It looks like this', attachments: [lamp] })
  await allSee(desks, 'It looks like this')
  await allSeePicture(desks)

  await attach(one, 'terms.pdf', 'application/pdf', Buffer.from('%PDF-1.4 terms'))
  await one.reply('We send **two** new ones.', 'We send')
  await two.log.getByText('We send').first().waitFor()
  await eventually(() => expect(relay.held).toHaveLength(1), patience)
  const letter = await PostalMime.parse(relay.held[0]?.raw ?? '')
  expect(letter).toMatchObject({ subject: `Re: ${subject}`, attachments: [{ filename: 'terms.pdf' }] })
  expect(letter.references).toContain(messageId)
  expect(letter.html).toContain('<strong>two</strong>')
  expect(letter.text).toMatch(/^We send two new ones\./)

  const answer = { inReplyTo: letter.messageId ?? '', references: letter.messageId ?? '', subject: `Re: ${subject}` }
  await mail({ ...answer, text: 'Thank you, both arrived' })
  await allSee(desks, 'Thank you, both arrived')
  await shoot(one.page, 'email-two-desks')
  await closeDesks(desks)
})
