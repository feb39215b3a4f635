import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { allSee, allSeePicture, attach, closeDesks, mend, withinASecond } from './support/both-desks.ts'
import { launchBrowser, shoot, watch } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'
import { picture } from './support/mails.ts'
import { widgetPage } from './support/widget-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string
const agents: string[] = []

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  inboxId = await app.inbox({ name: 'Northstar' })
  agents.push(await hire(database, { name: 'Ada Winter', role: 'admin' }))
  agents.push(await hire(database, { name: 'Li Na', inboxId }))
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

test('a visitor of the website writes and shows; both agents see it within a second; bold text and a file arrive as such; an edit travels back', async () => {
  const shop = await browser.newContext({ locale: 'en-GB' })
  const { problems } = watch(shop)
  const chat = await widgetPage(shop, `${app.url}/demo?inbox=${inboxId}`)
  await chat.open()
  await chat.say('My lamp is broken')
  const desks = await Promise.all(agents.map((email) => openInbox(browser, app, { email })))
  const [one, two] = desks as [InboxPage, InboxPage]
  for (const desk of desks) await desk.row('My lamp is broken').click()
  await allSee(desks, 'My lamp is broken')
  await withinASecond(desks, (words) => chat.say(words))
  const lamp = { name: 'lamp.png', mimeType: 'image/png', buffer: picture(320, 200) }
  await chat.panel.locator('input[type=file]').setInputFiles(lamp)
  await chat.panel
    .getByText('lamp.png')
    .or(chat.panel.getByRole('img', { name: 'lamp.png' }))
    .first()
    .waitFor()
  await chat.say('It looks like this')
  await allSee(desks, 'It looks like this')
  await allSeePicture(desks)

  await attach(one, 'terms.pdf', 'application/pdf', Buffer.from('%PDF-1.4 terms'))
  await one.reply('We send **two** new ones.', 'We send')
  await two.log.locator('strong', { hasText: 'two' }).waitFor()
  await chat.panel.locator('strong', { hasText: 'two' }).waitFor()
  await chat.panel.getByText('terms.pdf').first().waitFor()
  await mend(one, 'We send', 'We send **three** new ones.')
  await chat.panel.locator('strong', { hasText: 'three' }).waitFor()
  await two.log.locator('strong', { hasText: 'three' }).waitFor()
  await shoot(chat.page, 'widget-two-desks')
  await closeDesks(desks)
  expect(problems).toEqual([])
  await shop.close()
})
