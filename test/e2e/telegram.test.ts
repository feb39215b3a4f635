import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { telegramChannel } from '../../channels/telegram/index.ts'
import { readConfig } from '../../config/index.ts'
import { type App, createApp } from '../../src/app.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startTelegram, type TelegramStandIn } from '../support/stand-ins/telegram/server.ts'
import { saidByBot } from '../support/stand-ins/telegram/state.ts'
import { allSee, allSeePicture, attach, closeDesks, mend, withinASecond } from './support/both-desks.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot } from './support/inbox-page.ts'
import { picture } from './support/mails.ts'

let database: TestDatabase
let folder: string
let app: App
let telegram: TelegramStandIn
let browser: Browser
let ada: string
let ben: string
let path: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tributary-telegram-'))
  telegram = await startTelegram({ clock: () => new Date(Date.now() + 1_000) })
  app = await createApp({
    config: readConfig({}, { PORT: '0', DATA_DIR: folder, ADMIN_EMAIL: '', SECRET_KEY: '' }),
    channels: [telegramChannel as ChannelAdapter],
    target: database.target,
    dataDir: folder,
    secretKey: 'the secret key of the tests, long enough',
    log: pino({ level: 'silent' }),
    webRoot,
  })
  ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  ben = await hire(database, { name: 'Ben Okoro', role: 'admin' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await telegram?.close()
  await database?.close()
  await rm(folder, { recursive: true, force: true })
})

test('a bot is connected by its form, which says what is wrong with a token', async () => {
  const desk = await openInbox(browser, app, { email: ada, path: '/settings/inboxes' })
  const { page } = desk
  await page.getByRole('link', { name: 'Add an inbox' }).first().click()
  await page.getByRole('link', { name: 'Telegram' }).click()
  await page.getByLabel('Name of the inbox').fill('Northstar bot')
  await page.getByLabel(/Bot token/).fill('110201543:somebody-elses-token')
  await page.getByLabel(/Privacy notice/).fill('https://northstar.example/privacy')
  await page.getByText('More settings').click()
  await page.getByLabel(/Address of the Bot API/).fill(telegram.url)
  await page.getByRole('button', { name: 'Test' }).click()
  await page.getByText(/refuses the bot token/).waitFor()
  await shoot(page, 'telegram-form-1440-light-en')
  await page.getByLabel(/Bot token/).fill(telegram.state.token)
  await page.getByRole('button', { name: 'Test' }).click()
  await page.getByText('It works.').waitFor()
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('Connected', { exact: true }).first().waitFor()
  expect(await axeProblems(page)).toEqual([])
  const chinese = await openInbox(browser, app, {
    email: ada,
    path: new URL(page.url()).pathname,
    look: { viewport: { width: 390, height: 844 }, locale: 'zh-CN', colorScheme: 'dark' },
  })
  await chinese.page.getByLabel(/机器人令牌/).waitFor()
  await fits(chinese.page)
  await shoot(chinese.page, 'telegram-form-390-dark-zh')
  await chinese.close()
  await desk.close()
})

test('a customer of Telegram writes, shows, replies and edits; both agents see it within a second; bold text and a file arrive in its form; a reaction and an edit travel back', async () => {
  const person = telegram.person({ first_name: 'Maria', last_name: 'Rossi' })
  const chat = telegram.privateChat(person)
  const desks = await Promise.all([ada, ben].map((email) => openInbox(browser, app, { email })))
  const [one, other] = desks as [InboxPage, InboxPage]
  const first = telegram.say(chat, person, { text: 'Where is my parcle?' })
  for (const desk of desks) await desk.row('Where is my parcle?').click()
  await allSee(desks, 'Where is my parcle?')
  await withinASecond(desks, (text) => telegram.say(chat, person, { text }))
  telegram.album(chat, person, [
    { photo: telegram.photo(picture(320, 200)), caption: 'It looks like this' },
    { photo: telegram.photo(picture(200, 200)) },
  ])
  await allSee(desks, 'It looks like this')
  await allSeePicture(desks)
  telegram.edit(first, { text: 'Where is my parcel?' })
  await allSee(desks, 'Where is my parcel?')

  await attach(one, 'label.pdf', 'application/pdf', Buffer.from('%PDF-1.4 label'))
  await one.reply('It is **on its way**.', 'It is')
  await other.log.locator('strong', { hasText: 'on its way' }).waitFor()
  await eventually(() => expect(saidByBot(telegram.state).length).toBe(1))
  const [answer] = saidByBot(telegram.state)
  if (!answer) throw new Error('nothing was sent')
  expect(answer).toMatchObject({
    caption: 'It is on its way.',
    caption_entities: [{ type: 'bold', offset: 6, length: 10 }],
    document: { file_name: 'label.pdf' },
  })

  telegram.react(answer, person, ['🙏'])
  await Promise.all(desks.map(({ log }) => log.getByText('🙏').first().waitFor()))
  await mend(one, 'on its way', 'It is **at your door**.')
  await other.log.locator('strong', { hasText: 'at your door' }).waitFor()
  await eventually(() => expect(answer).toMatchObject({ caption: 'It is at your door.' }), { timeoutMs: 10_000 })
  telegram.say(chat, person, { text: 'Thank you!', reply_to_message: answer })
  await allSee(desks, 'Thank you!')
  await one.log.getByRole('link', { name: /It is at your door\./ }).waitFor()
  await shoot(one.page, 'telegram-conversation-1440-light-en')
  path = new URL(one.page.url()).pathname
  await closeDesks(desks)
})

const looks = [
  { width: 390, height: 844, locale: 'zh-CN', colorScheme: 'dark', name: '390-dark-zh' },
  { width: 1440, height: 900, locale: 'zh-CN', colorScheme: 'dark', name: '1440-dark-zh' },
  { width: 390, height: 844, locale: 'en-GB', colorScheme: 'light', name: '390-light-en' },
] as const
test.each(looks)('the conversation fits $name', async ({ width, height, name, ...look }) => {
  const seen = await openInbox(browser, app, { email: ben, path, look: { viewport: { width, height }, ...look } })
  await seen.log.getByText('Thank you!').waitFor()
  await fits(seen.page)
  await shoot(seen.page, `telegram-conversation-${name}`)
  await seen.close()
})
