import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'
import { type WidgetPage, widgetPage } from './support/widget-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string
let ada: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  inboxId = await app.inbox({ name: 'Northstar' })
  ada = await hire(database, { name: 'Ada Winter', inboxId })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

async function open(words: string, look = {}): Promise<{ desk: InboxPage; chat: WidgetPage }> {
  const shop = await browser.newContext({ locale: 'en-GB' })
  const chat = await widgetPage(shop, `${app.url}/demo?inbox=${inboxId}`)
  await chat.open()
  await chat.say(words)
  await chat.panel.getByText('Sent').waitFor()
  const desk = await openInbox(browser, app, { email: ada, look })
  await desk.row(words).click()
  await desk.box.waitFor()
  return { desk, chat }
}

async function choose(desk: InboxPage, words: string, item: RegExp): Promise<void> {
  const bubble = desk.log.getByRole('article').filter({ hasText: words }).last()
  await bubble.hover()
  await bubble.getByRole('button', { name: /^(More for this message|更多操作)$/ }).click()
  await desk.page.getByRole('menuitem', { name: item }).click()
}

test('an agent mends a reply and takes another back: the visitor sees it, and earlier versions stay', async () => {
  const { desk, chat } = await open(`where is it ${Date.now()}`)
  await desk.reply('It arrives **tomorow**.', 'tomorow')
  await chat.panel.getByText('tomorow').waitFor()
  await choose(desk, 'tomorow', /^Edit$/)
  const dialog = desk.page.getByRole('dialog', { name: 'Edit' })
  await dialog.getByRole('textbox').fill('It arrives **tomorrow**.')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await desk.log.locator('strong', { hasText: 'tomorrow' }).waitFor()
  await chat.panel.locator('strong', { hasText: 'tomorrow' }).waitFor()
  await choose(desk, 'tomorrow', /^Earlier versions$/)
  await desk.page.getByRole('dialog').getByText('tomorow').waitFor()
  await desk.page.keyboard.press('Escape')
  await desk.reply('for somebody else')
  await chat.panel.getByText('for somebody else').waitFor()
  await choose(desk, 'for somebody else', /^Delete$/)
  await desk.page.getByRole('button', { name: 'Delete it' }).click()
  await eventually(async () => expect(await chat.panel.getByText('for somebody else').count()).toBe(0))
  expect(await desk.log.getByText('for somebody else').count()).toBe(0)
  await desk.row('It arrives').waitFor()
  await desk.close()
  await chat.page.context().close()
  expect(desk.problems).toEqual([])
})

test('a note is mended and taken back among colleagues only', async () => {
  const { desk, chat } = await open(`about the note ${Date.now()}`)
  await desk.page.getByRole('radio', { name: 'Note' }).check({ force: true })
  await desk.box.fill('wrong number')
  await desk.box.press('Control+Enter')
  await desk.log.getByText('wrong number').waitFor()
  await choose(desk, 'wrong number', /^Delete$/)
  await desk.page.getByRole('button', { name: 'Delete it' }).click()
  await eventually(async () => expect(await desk.log.getByText('wrong number').count()).toBe(0))
  await desk.close()
  await chat.page.context().close()
})

const looks = ['en', 'zh'].flatMap((locale) =>
  (['light', 'dark'] as const).flatMap((theme) => [1440, 390].map((width) => ({ locale, theme, width }))),
)

test.each(looks)('looks right: $locale, $theme, $width', async ({ locale, theme, width }) => {
  const words = `look ${locale} ${theme} ${width} ${Date.now()}`
  const { desk, chat } = await open(words, {
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: theme,
    locale: locale === 'zh' ? 'zh-CN' : 'en-GB',
    hasTouch: width < 500,
  })
  await desk.reply('It arrives tomorow.')
  await chat.panel.getByText('tomorow').waitFor()
  const name = `changes-${locale}-${theme}-${width}`
  const bubble = desk.log.getByRole('article').filter({ hasText: 'tomorow' }).last()
  await bubble.hover()
  await bubble.getByRole('button', { name: /^(More for this message|更多操作)$/ }).click()
  await shoot(desk.page, `${name}-menu`)
  await desk.page.getByRole('menuitem', { name: /^(Edit|编辑)$/ }).click()
  await desk.page.getByRole('dialog').waitFor()
  await shoot(desk.page, `${name}-edit`)
  await desk.close()
  await chat.page.context().close()
  expect(desk.problems).toEqual([])
})
