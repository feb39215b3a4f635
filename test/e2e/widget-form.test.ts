import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveForm } from '../../src/store/form.ts'
import { createToken } from '../../src/store/token.ts'
import { createTopic } from '../../src/store/topic.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createAgent } from '../support/factories.ts'
import { depositFields, transactionId } from '../support/form-desk.ts'
import { callerOf } from '../support/http-server.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot, watch } from './support/browser.ts'
import { requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'
import { widgetPage } from './support/widget-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string
let topicId: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { widgetRoot, webRoot })
  inboxId = await app.inbox({ name: 'Northstar' })
  const { pool } = database.db
  topicId = (await createTopic(pool, 'Deposits')).id
  const names = { en: 'A deposit is missing', zh: '充值未到账', ru: 'Не пришёл депозит' }
  await saveForm(pool, { topicId, shown: true, position: 0, names, fields: depositFields })
  const account = (await createTopic(pool, 'Account')).id
  const others = { en: 'I cannot sign in', zh: '无法登录', ru: 'Не могу войти' }
  await saveForm(pool, { topicId: account, shown: true, position: 1, names: others, fields: [] })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

interface Look {
  readonly locale: 'en' | 'zh'
  readonly theme: 'light' | 'dark'
  readonly width: number
  readonly speaks?: string
}
async function visitor({ locale, theme, width, speaks = locale }: Look) {
  const viewport = { width, height: width === 390 ? 844 : 900 }
  const context = await browser.newContext({ viewport, colorScheme: theme, locale: speaks })
  const { problems } = watch(context)
  const page = await widgetPage(context, `${app.url}/demo?inbox=${inboxId}&locale=${locale}&theme=${theme}`)
  await page.open()
  return { ...page, context, problems }
}
const objections = async (page: Page) =>
  (await axeProblems(page)).filter((one) => !one.startsWith('empty-table-header'))

test('a visitor chooses what it is about, is told beside a field what is wrong, and sends one message', async () => {
  const { page, panel, words, problems } = await visitor({ locale: 'en', theme: 'light', width: 1440 })
  await panel.getByText('What is it about?').waitFor()
  await shoot(page, 'form-start-en-1440-light')
  await panel.getByRole('button', { name: 'A deposit is missing' }).press('Enter')
  const network = panel.getByLabel('Which network?')
  expect(await network.evaluate((one) => one === (one.getRootNode() as ShadowRoot).activeElement)).toBe(true)
  expect(await panel.getByLabel('Which one?').isVisible()).toBe(false)
  await panel.getByRole('button', { name: 'Send', exact: true }).last().click()
  await panel.getByText('We need this to help you.').first().waitFor()
  await network.selectOption({ label: 'Another one' })
  await panel.getByLabel('Which one?').fill('Polygon')
  await panel.getByLabel('Transaction id').fill('ten coins')
  await panel.getByLabel('How much?').fill('1,5')
  await panel.getByLabel('What happened?').fill('It has been two days.')
  await panel.getByRole('button', { name: 'Send', exact: true }).last().click()
  await panel.getByText('That does not look right.').waitFor()
  await shoot(page, 'form-wrong-en-1440-light')
  expect(await objections(page)).toEqual([])
  // Away and back: nothing that was typed is lost.
  await page.keyboard.press('Escape')
  await panel.getByRole('button', { name: 'A deposit is missing' }).click()
  await panel.getByLabel('Transaction id').fill(transactionId)
  await panel.getByRole('button', { name: 'Send', exact: true }).last().dblclick()
  await panel.locator('.message.mine').first().waitFor()
  expect(await words()).toHaveLength(1)
  expect((await words())[0]).toContain('It has been two days.')
  await shoot(page, 'form-sent-en-1440-light')
  const { rows } = await database.db.pool.query('select key, value from conversation_answer order by position')
  expect(rows).toEqual([
    { key: 'network', value: 'other' },
    { key: 'which', value: 'Polygon' },
    { key: 'transaction', value: transactionId },
    { key: 'amount', value: '1,5' },
  ])
  expect(problems.filter((one) => !one.includes('422'))).toEqual([])
})

test('it fits a phone in the dark, and speaks the reader’s language', async () => {
  const zh = await visitor({ locale: 'zh', theme: 'dark', width: 390 })
  await zh.panel.getByRole('button', { name: '充值未到账' }).click()
  await zh.panel.getByLabel('哪个网络？').selectOption('other')
  await shoot(zh.page, 'form-zh-390-dark')
  await fits(zh.page)
  expect(await objections(zh.page)).toEqual([])
  const ru = await visitor({ locale: 'en', theme: 'light', width: 390, speaks: 'ru-RU' })
  await ru.panel.getByText('О чём ваш вопрос?').waitFor()
  await ru.panel.getByRole('button', { name: 'Не пришёл депозит' }).click()
  await ru.panel.getByText('необязательно').waitFor()
  await shoot(ru.page, 'form-ru-390-light')
})

test('when the bot leaves a case to people it offers the form of its topic, once', async () => {
  const { pool } = database.db
  const agentId = await createAgent(pool, { role: 'admin' })
  const { secret } = await createToken(pool, { name: 'x', scopes: ['read', 'write', 'admin'], agentId })
  const boss = callerOf(app.url, { authorization: `Bearer ${secret}` })
  const rule = {
    name: 'Deposits',
    event: { kind: 'message', which: 'first' },
    conditions: { match: 'all', groups: [{ match: 'all', conditions: [{ field: 'text', pattern: 'deposit' }] }] },
    actions: [{ type: 'topic', topicId }],
  }
  expect((await boss('POST /rules', rule)).status).toBe(201)
  await pool.query('update inbox set bot = true where id = $1', [inboxId])
  const { page, panel, say } = await visitor({ locale: 'en', theme: 'light', width: 1440 })
  await say('my deposit is not there')
  const card = panel.getByRole('button', { name: 'Fill in the form' })
  await card.waitFor({ timeout: 60_000 })
  await shoot(page, 'form-card-en-1440-light')
  expect(await objections(page)).toEqual([])
  await card.click()
  await panel.getByLabel('Which network?').selectOption('ethereum')
  await panel.getByLabel('Transaction id').fill(transactionId)
  await panel.getByRole('button', { name: 'Send', exact: true }).last().click()
  await panel.locator('.message.mine').nth(1).waitFor()
  await card.waitFor({ state: 'detached' })
})
