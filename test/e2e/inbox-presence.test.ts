import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Route } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let ada: string
let li: string
let inboxId: string
let conversation: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  inboxId = await app.inbox({ name: 'Northstar' })
  ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  li = await hire(database, { name: 'Li Na', inboxId })
  await hire(database, { name: 'Zoe Quiet', inboxId })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

beforeEach(async () => {
  await (await newVisitor(app, inboxId)).send('Is anybody there?')
  const { rows } = await database.db.pool.query('select id from conversation order by id desc limit 1')
  conversation = (rows[0] as { id: string }).id
})

const openBy = (email: string) => openInbox(browser, app, { email, path: `/c/${conversation}` })
const header = (desk: InboxPage) => desk.page.getByRole('main').locator('header')
const dark = { colorScheme: 'dark', viewport: { width: 1440, height: 900 }, locale: 'zh-CN' } as const

async function faultless(desk: InboxPage): Promise<void> {
  await desk.page.evaluate(axe)
  const found = (await desk.page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
  )) as string[]
  expect(found).toEqual([])
}

test('colleagues see who has the conversation open and who writes, once a person, and no longer when they are gone', async () => {
  const desk = await openBy(ada)
  const other = await openBy(li)
  const tab = await other.context.newPage()
  await tab.goto(`${app.url}/c/${conversation}`)
  await header(desk).getByText('Li Na is here', { exact: true }).waitFor()
  await header(other).getByText('Ada Winter is here', { exact: true }).waitFor()

  await other.box.pressSequentially('One moment')
  await desk.page.getByText('Li Na is writing a reply').waitFor()
  await header(desk).getByText('Li Na is writing…').waitFor()
  await faultless(desk)
  await other.box.fill('')
  await desk.page.getByText('Li Na is writing a reply').waitFor({ state: 'detached', timeout: 3_000 })

  await other.page.getByText('Note', { exact: true }).click()
  await other.box.pressSequentially('Refund?')
  await desk.page.getByText('Li Na is writing a note…').waitFor()
  await desk.page.getByText('Li Na is writing a note…').waitFor({ state: 'detached', timeout: 8_000 })
  await header(desk).getByText('Li Na is here', { exact: true }).waitFor()

  await other.page.close()
  await header(desk).getByText('Li Na is here', { exact: true }).waitFor()
  await tab.close()
  await header(desk).getByText(/Li Na/).waitFor({ state: 'detached', timeout: 5_000 })
  for (const one of [desk, other]) {
    expect(one.problems).toEqual([])
    await one.close()
  }
})

test('who is there is said in the menu of colleagues; who does nothing is away by itself and comes back', async () => {
  const other = await openBy(li)
  const saved = other.page.waitForResponse(
    (answer) => answer.url().endsWith('/draft') && answer.request().method() === 'PUT',
  )
  await other.box.fill('Refund?')
  await saved
  await other.page.reload()
  const desk = await openBy(ada)
  await other.page.getByRole('button', { name: /^Li Na, / }).click()
  await other.page.getByRole('menuitemradio', { name: 'Online' }).click()
  await other.page.getByRole('button', { name: 'Li Na, Online' }).waitFor()
  await header(desk).getByRole('button', { name: 'Assign' }).click()
  const people = () => desk.page.getByRole('menuitemradio').allInnerTexts()
  await eventually(async () => expect((await people())[0]?.split(/\s*\n\s*/)).toEqual(['Li Na', 'Online']))
  await desk.page.getByText('Offline').first().waitFor()
  // Her draft is on her screen again, and she types nothing.
  await eventually(async () => (await other.box.inputValue()) === 'Refund?')
  expect(await desk.page.getByText(/Li Na is writing/).count()).toBe(0)
  await shoot(desk.page, 'presence-assign-light')
  const item = (word: string) => desk.page.getByRole('menuitemradio', { name: `Li Na ${word}` })
  // Her page may just have said that it was used.
  await eventually(
    async () => {
      await database.db.pool.query(`update agent_presence set active_at = now() - interval '6 minutes'`)
      return (await item('Away').count()) === 1
    },
    { timeoutMs: 20_000, intervalMs: 500 },
  )
  await other.page.getByRole('button', { name: 'Li Na, Away' }).waitFor()
  // Her page asks who is there before it says that she is back, and is answered afterwards.
  const before = await (await other.context.request.get(`${app.url}/api/v1/agents?limit=100`)).json()
  const answer = async (route: Route) => {
    await item('Online').waitFor()
    await route.fulfill({ json: before })
  }
  await other.page.route(/\/api\/v1\/agents\?/, answer, { times: 1 })
  await other.page.reload()
  await other.page.getByRole('button', { name: 'Li Na, Online' }).waitFor()
  for (const one of [desk, other]) await one.close()
})

test.each([
  { name: 'light-1440', look: { viewport: { width: 1440, height: 900 } } },
  { name: 'dark-1440', look: dark },
  { name: 'light-390', look: { viewport: { width: 390, height: 844 }, hasTouch: true } },
  { name: 'dark-390', look: { ...dark, viewport: { width: 390, height: 844 }, hasTouch: true } },
])('what is shown of colleagues fits and has no fault: $name', async ({ name, look }) => {
  const other = await openBy(li)
  const desk = await openInbox(browser, app, { email: ada, path: `/c/${conversation}`, look })
  await header(desk).getByText(/Li Na/).waitFor()
  await other.page.getByText('Reply', { exact: true }).click()
  await other.box.fill('')
  await other.box.pressSequentially('I am on it')
  await desk.page.getByText(/Li Na (is writing a reply)|Li Na正在写回复/).waitFor()
  await shoot(desk.page, `presence-${name}`)
  await faultless(desk)
  const root = 'document.documentElement'
  expect(await desk.page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`)).toBe(0)
  for (const one of [other, desk]) await one.close()
})
