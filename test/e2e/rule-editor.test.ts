import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setPolicyUsers } from '../../src/store/sla-policy.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { always, makePolicy } from '../support/promise-desk.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let email: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  const { pool } = database.db
  app = await visitorApp(database, { webRoot, widgetRoot })
  const inboxId = await app.inbox({ name: 'Northstar' })
  email = await hire(database, { name: 'Ada Winter', role: 'admin' })
  await pool.query(`insert into topic (name) values ('Deposits'), ('Withdrawals')`)
  const usual = await makePolicy(pool, { name: 'Everybody', targets: { firstResponse: always(60) } })
  await setPolicyUsers(pool, usual, { inboxIds: [inboxId] })
  await makePolicy(pool, {
    name: 'VIP',
    targets: { firstResponse: always(15), nextResponse: always(30), resolution: always(240) },
  })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

test('a rule about a topic and hours gives a topic and response times, in both languages and on a phone', async () => {
  const desk = await openInbox(browser, app, { email, path: '/settings/rules' })
  const { page } = desk
  await page
    .getByRole('link', { name: 'Add a rule' })
    .or(page.getByRole('button', { name: 'Add a rule' }))
    .first()
    .click()
  await page.getByLabel('Name', { exact: true }).first().fill('Withdrawals at night')
  const field = page.getByLabel('If', { exact: true }).first()
  await field.selectOption({ label: 'Topic' })
  await page.getByLabel('Values').first().selectOption({ label: 'Withdrawals' })
  await page.getByRole('button', { name: 'Add a condition' }).first().click()
  await page.getByLabel('If', { exact: true }).last().selectOption({ label: 'Business hours' })
  await page.getByLabel('Values').last().selectOption({ label: 'Closed' })
  const add = page.getByLabel('Add what to do')
  await add.selectOption({ label: 'Set the topic' })
  await page.getByLabel('Set the topic').selectOption({ label: 'Deposits' })
  await add.selectOption({ label: 'Set the response times' })
  await page.getByLabel('Set the response times').selectOption({ label: 'VIP' })
  await shoot(page, 'rule-editor-1440-light')
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).first().click()
  await page.getByText('response times “VIP”').first().waitFor()
  const { rows } = await database.db.pool.query('select actions from rule')
  expect(rows[0].actions.map(({ type }: { type: string }) => type)).toEqual(['topic', 'policy'])
  await desk.close()
})

test('the same on a phone, in Chinese and in the dark', async () => {
  const look = { viewport: { width: 390, height: 844 }, locale: 'zh-CN', colorScheme: 'dark' as const }
  const { page, close, problems } = await openInbox(browser, app, { email, path: '/settings/rules', look })
  await page.getByText('Withdrawals at night').first().click()
  await page.getByText('设置响应时限').first().waitFor()
  await fits(page)
  await shoot(page, 'rule-editor-390-dark-zh')
  expect(problems).toEqual([])
  await close()
})
