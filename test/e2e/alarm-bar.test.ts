import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createInbox, unique } from '../support/factories.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

test('an inbox that is down is said to administrators, leads to its settings, and is over without a reload', async () => {
  const { pool } = database.db
  // Of a channel that no process here serves.
  const name = unique('Shop mail')
  const id = await createInbox(pool, { name, enabled: false })
  const boss = await openInbox(browser, app, { email: await hire(database, { name: unique('Ada'), role: 'admin' }) })
  const agent = await openInbox(browser, app, { email: await hire(database, { name: unique('Bea') }) })
  await boss.list.waitFor()
  expect(await boss.page.getByRole('link', { name: 'Have a look' }).count()).toBe(0)

  const past = `now() - interval '12 minutes'`
  await pool.query(`update inbox set enabled = true, health_since = ${past} where id = $1`, [id])
  await pool.query(
    `insert into inbox_alarm (inbox_id, state, since, noted_at) values ($1, 'stopped', ${past}, ${past})`,
    [id],
  )
  await boss.page.getByText(new RegExp(`^${name} has not been connected for 1. minutes`)).waitFor({ timeout: 20_000 })
  expect(await agent.page.getByText('has not been connected').count()).toBe(0)
  await boss.page.getByRole('link', { name: 'Have a look' }).click()
  await boss.page.getByRole('heading', { name }).waitFor()

  await pool.query('update inbox set enabled = false where id = $1', [id])
  await boss.page.getByText('has not been connected').waitFor({ state: 'detached', timeout: 20_000 })
  await agent.close()
  await boss.close()
})
