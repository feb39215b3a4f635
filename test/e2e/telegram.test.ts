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
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot } from './support/inbox-page.ts'
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

test('a customer writes, shows, replies and edits; both agents see it; the answer is in Telegram’s form', async () => {
  const person = telegram.person({ first_name: 'Maria', last_name: 'Rossi' })
  const chat = telegram.privateChat(person)
  const [one, other] = await Promise.all([ada, ben].map((email) => openInbox(browser, app, { email })))
  if (!one || !other) throw new Error('nobody is there')
  const first = telegram.say(chat, person, { text: 'Where is my parcle?' })
  for (const desk of [one, other]) {
    await desk.row('Where is my parcle?').click()
    await desk.log.getByText('Where is my parcle?').waitFor()
  }
  telegram.album(chat, person, [
    { photo: telegram.photo(picture(320, 200)), caption: 'It looks like this' },
    { photo: telegram.photo(picture(200, 200)) },
  ])
  telegram.edit(first, { text: 'Where is my parcel?' })
  telegram.react(first, person, ['🙏'])
  for (const { log } of [one, other]) {
    await log.getByText('It looks like this').waitFor()
    await log.getByText('Where is my parcel?').waitFor()
    await log.getByText('🙏').first().waitFor()
  }
  const chooser = one.page.waitForEvent('filechooser')
  await one.page.getByRole('button', { name: /Attach/ }).click()
  await (await chooser).setFiles({
    name: 'label.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4 label'),
  })
  await one.page.getByText('label.pdf').first().waitFor()
  await one.reply('It is **on its way**.', 'It is')
  await other.log.locator('strong', { hasText: 'on its way' }).waitFor()
  await eventually(() => expect(saidByBot(telegram.state).length).toBe(1))
  const [answer] = saidByBot(telegram.state)
  expect(answer).toMatchObject({
    caption: 'It is on its way.',
    caption_entities: [{ type: 'bold', offset: 6, length: 10 }],
    document: { file_name: 'label.pdf' },
  })
  telegram.say(chat, person, { text: 'Thank you!', reply_to_message: answer })
  for (const { log } of [one, other]) await log.getByText('Thank you!').waitFor()
  await one.log.getByRole('link', { name: /It is on its way\./ }).waitFor()
  await shoot(one.page, 'telegram-conversation-1440-light-en')
  path = new URL(one.page.url()).pathname
  expect(one.problems).toEqual([])
  await one.close()
  await other.close()
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
