import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { channels } from '../../channels/index.ts'
import { createOneTimeLink } from '../../src/store/one-time-link.ts'
import { stopped, tributary } from '../support/cli-process.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { fits, launchBrowser, shoot } from './support/browser.ts'
import { openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

const sampleRoot = fileURLToPath(new URL('../../content/northstar', import.meta.url))
const email = 'ada@example.com'

let database: TestDatabase
let app: VisitorApp
let browser: Browser

beforeAll(async () => {
  requireBuilt()
  browser = await launchBrowser()
  database = await testDatabase()
  const others = channels.filter((channel) => channel.id !== 'widget')
  app = await visitorApp(database, { webRoot, widgetRoot, sampleRoot, channels: others })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

const looks = [
  { name: 'wide-light-en', colorScheme: 'light', locale: 'en-GB', viewport: { width: 1440, height: 900 } },
  { name: 'wide-dark-zh', colorScheme: 'dark', locale: 'zh-CN', viewport: { width: 1440, height: 900 } },
  { name: 'phone-light-zh', colorScheme: 'light', locale: 'zh-CN', viewport: { width: 390, height: 844 } },
  { name: 'phone-dark-en', colorScheme: 'dark', locale: 'en-GB', viewport: { width: 390, height: 844 } },
] as const

/** What somebody who looks around sees of this page, in every dress. */
async function inEveryDress(path: string, name: string, ready: (page: Page) => Promise<unknown>): Promise<void> {
  for (const { name: dress, ...look } of looks) {
    const desk = await openInbox(browser, app, { email, path, look: { ...look, hasTouch: look.viewport.width < 900 } })
    await ready(desk.page)
    await fits(desk.page)
    await shoot(desk.page, `sample-${name}-${dress}`)
    await desk.close()
  }
}

test('from the first link to a desk at work, and back: the button, conversations in five languages, none of it left', async () => {
  const { token } = await createOneTimeLink(database.db.pool, { purpose: 'firstAdmin' })
  const desk = await openInbox(browser, app, { path: `/one-time/${token}` })
  const { page } = desk
  await page.getByLabel('Your name').fill('Ada Winter')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Start' }).click()
  const offer = page.getByRole('button', { name: 'Look around with sample data' })
  await offer.waitFor()
  await inEveryDress('/inbox/all', 'offer', (other) =>
    other.getByRole('button', { name: /Look around with sample data|用示例数据看一看/ }).waitFor(),
  )

  await offer.click()
  await desk.row('Grace Miller').waitFor({ timeout: 50_000 })
  await page.goto(`${app.url}/inbox/all?status=any`)
  for (const name of ['Grace Miller', '陈建国', '田中 美咲', '서연', 'Алексей']) await desk.row(name).first().waitFor()
  await desk.row('Daniel Osei').click()
  await page.getByRole('img', { name: /chart/ }).waitFor()
  const theirs = new URL(page.url()).pathname
  await inEveryDress('/inbox/all', 'list', (other) =>
    other.getByRole('link').filter({ hasText: 'Grace Miller' }).first().waitFor(),
  )
  await inEveryDress(theirs, 'letter', (other) => other.getByRole('log').getByText('P-88120').first().waitFor())

  await page.goto(`${app.url}/settings/inboxes`)
  await inEveryDress('/settings/inboxes', 'settings', (other) =>
    other.getByRole('button', { name: /Remove sample data|删除示例数据/ }).waitFor(),
  )
  await page.getByRole('button', { name: 'Remove sample data' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove sample data' }).click()
  await offer.waitFor({ timeout: 50_000 })
  await eventually(async () => (await database.db.pool.query('select from conversation')).rowCount === 0)
  expect(desk.problems).toEqual([])
  await desk.close()
}, 400_000)

test('start --demo loads it once, and says so', async () => {
  const env = { DATA_DIR: join(temporaryFolder(), 'data') }
  for (const said of ['Sample data is loaded.', 'Sample data was loaded before; nothing was added.']) {
    const run = tributary(['start', '--demo'], { env })
    await eventually(() => run.child.exitCode !== null || run.out().includes('ready at'), { timeoutMs: 120_000 })
    expect(run.out(), run.err()).toContain(said)
    expect(await stopped(run)).toBe(0)
  }
}, 300_000)
