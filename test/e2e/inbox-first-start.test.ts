import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createOneTimeLink } from '../../src/store/one-time-link.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser

beforeAll(async () => {
  requireBuilt()
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
// Each begins with an installation that nobody has used.
beforeEach(async () => {
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
})
afterEach(async () => {
  await app?.close()
  await database?.close()
})

test('from the first link to the first message: account, inbox by form, snippet, conversation', async () => {
  const { token } = await createOneTimeLink(database.db.pool, { purpose: 'firstAdmin' })
  const desk = await openInbox(browser, app, { path: `/one-time/${token}` })
  const { page } = desk
  await page.getByLabel('Your name').fill('Ada Winter')
  await page.getByLabel('Email').fill('ada@northstar.example')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Start' }).click()

  await page.getByRole('link', { name: 'Add an inbox' }).click()
  await page.getByRole('link', { name: 'Website chat' }).click()
  await page.getByLabel('Name of the inbox').fill('Northstar website')
  await page.getByLabel(/Websites/).fill('not an address')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page
    .getByRole('textbox', { name: /Websites/ })
    .and(page.locator('[aria-invalid]'))
    .waitFor()
  await page.getByLabel(/Websites/).fill('https://www.northstar.example')
  await page.getByLabel(/Identity secret/).fill('a secret only the website knows, and we')
  await page.getByRole('button', { name: 'Test' }).click()
  await page.getByText('It works.').waitFor()
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('data-inbox=').waitFor()
  await page.getByText('Connected', { exact: true }).first().waitFor()
  expect(await page.getByLabel(/Identity secret/).inputValue()).toBe('•••')
  const inboxId = /inboxes\/(\d+)/.exec(page.url())?.[1] ?? ''
  expect(await page.locator('pre').innerText()).toContain(`/widget.js" data-inbox="${inboxId}"`)

  await newVisitor(app, inboxId).then((visitor) => visitor.send('First of all'))
  await page.getByRole('link', { name: /^Unassigned/ }).click()
  await desk.row('First of all').waitFor()

  const again = await openInbox(browser, app, { path: `/one-time/${token}` })
  await again.page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
  await again.close()
  await desk.close()
  expect(desk.problems.filter((problem) => !problem.includes('400'))).toEqual([])
})

test('a wrong password is said plainly, the right one leads to the page asked for, signing out leaves nothing', async () => {
  const email = await hire(database, { name: 'Ada Winter', role: 'admin' })
  const desk = await openInbox(browser, app, { path: '/settings/people' })
  const { page } = desk
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill('wrong horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Email or password is wrong.').waitFor()
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'People', level: 2 }).waitFor()
  await page.getByRole('button', { name: /^Ada Winter/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await desk.go('/inbox/all')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await desk.close()
})

test('an invitation is used once, and a session ended elsewhere leads to sign-in within seconds', async () => {
  const email = await hire(database, { name: 'Ada Winter', role: 'admin' })
  const desk = await openInbox(browser, app, { email, path: '/settings/people' })
  const { page } = desk
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.getByRole('dialog').getByLabel('Email').fill('li@northstar.example')
  await page.getByRole('button', { name: 'Make the link' }).click()
  const url = new URL(await page.getByRole('dialog').getByLabel('Link').inputValue())

  const guest = await openInbox(browser, app, { path: url.pathname })
  await guest.page.getByRole('heading', { name: 'You are invited' }).waitFor()
  await guest.page.getByLabel('Your name').fill('Li Na')
  await guest.page.getByLabel('Password').fill('another horse battery')
  await guest.page.getByRole('button', { name: 'Join' }).click()
  await guest.list.waitFor()
  await eventually(async () => {
    const { rows } = await database.db.pool.query(`select role from agent where email = 'li@northstar.example'`)
    return rows[0]?.role === 'agent'
  })
  await page.reload()
  await page.getByRole('button', { name: 'Change Li Na' }).click()
  await page.getByRole('menuitem', { name: 'Deactivate' }).click()
  await guest.page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 5_000 })
  await guest.close()
  await desk.close()
})
