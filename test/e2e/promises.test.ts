import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createTeam } from '../support/factories.ts'
import { newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let ada: string
let inboxId: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  inboxId = await app.inbox({ name: 'Northstar' })
  ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  await createTeam(database.db.pool, 'Payments')
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

const asked = async (text: string, hoursAgo = 0) => {
  const visitor = await newVisitor(app, inboxId)
  const { body } = await visitor.send(text)
  await database.db.pool.query(
    `update conversation set waiting_since = now() - make_interval(secs => $2::float8 * 3600)
      where id = (select conversation_id from message where id = $1)`,
    [body.message.id, hoursAgo],
  )
}

test('hours and response times are set by hand, and the next answer is counted down', async () => {
  const { page, list, row, log, reply, close, problems } = await openInbox(browser, app, {
    email: ada,
    path: '/settings/hours',
  })
  await page.getByRole('button', { name: 'Add business hours' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').first().fill('Always there')
  await dialog.getByLabel('Time zone').selectOption('Asia/Shanghai')
  // By keyboard alone: from the first time to the last of the day.
  await dialog.getByLabel('Monday, from').fill('00:00')
  await dialog.getByLabel('Monday, to').fill('00:00')
  await dialog.getByRole('button', { name: 'Monday to Friday like Monday' }).click()
  for (const day of ['Saturday', 'Sunday']) {
    await dialog.getByRole('button', { name: `Add time on ${day}` }).press('Enter')
    await dialog.getByLabel(`${day}, from`).fill('00:00')
    await dialog.getByLabel(`${day}, to`).fill('00:00')
  }
  await dialog.getByRole('button', { name: 'Add holiday' }).click()
  await dialog.getByLabel('First day').fill('2031-01-01')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Open now').waitFor()

  await page.getByRole('link', { name: 'Response times' }).click()
  await page.getByRole('button', { name: 'Add response times' }).first().click()
  await dialog.getByLabel('Name').fill('Standard')
  await dialog.getByLabel('Time counts').selectOption('Always there')
  const first = dialog.getByRole('group', { name: 'First answer' })
  await first.getByLabel('Unit').selectOption('minutes')
  for (const [priority, minutes] of [
    ['Normal', '90'],
    ['Urgent', '10'],
  ] as const) {
    await first.getByLabel(priority).fill(minutes)
  }
  await dialog.getByRole('group', { name: 'Resolved' }).getByLabel('Normal').fill('8')
  await dialog.getByLabel('For every conversation').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Usual').waitFor()

  const visitor = await newVisitor(app, inboxId)
  await visitor.send('Where is my deposit?')
  await page.goto(`${app.url}/inbox/all?sort=due`)
  await row('Where is my deposit?')
    .getByText(/Answer due in (90|89) min/)
    .filter({ visible: true })
    .waitFor()
  await row('Where is my deposit?').click()
  await log.waitFor()
  const header = page.getByRole('main').locator('header').filter({ hasText: 'Resolve' })
  await page.keyboard.press('p')
  await page.keyboard.press('Escape')
  await header.getByText(/Answer due in/).waitFor()
  await reply('Let me look.')
  await list
    .getByText(/Answer due in/)
    .first()
    .waitFor({ state: 'detached' })
  await close()
  expect(problems).toEqual([])
})

const looks = [
  { name: 'light-en', colorScheme: 'light', locale: 'en-GB' },
  { name: 'dark-zh', colorScheme: 'dark', locale: 'zh-CN' },
] as const
const views = looks.flatMap((look) =>
  [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ].map((viewport) => ({ ...look, viewport, hasTouch: viewport.width < 900 })),
)
type View = (typeof views)[number]

async function looksRight(page: Page, name: string, view: View): Promise<void> {
  await page.waitForLoadState('networkidle')
  await fits(page)
  await shoot(page, `promises-${name}-${view.name}-${view.viewport.width}`)
  expect(await axeProblems(page), name).toEqual([])
}

test.each(views)('what is due, and where it is set: $name at $viewport.width', async (view) => {
  await database.db.pool.query('delete from conversation_tag')
  if (view === views[0]) {
    await asked('Nothing works since this morning, please help me.', 3)
    await asked('我的提现一直在处理中。', 1.4)
    await asked('How are fees calculated?')
    await database.db.pool.query(
      `insert into job (kind, lane, payload) values ('recalculate-promises', 'promises', '{}')`,
    )
  }
  const { page, close, problems, row } = await openInbox(browser, app, {
    email: ada,
    path: '/inbox/all?sort=due',
    look: view,
  })
  await page
    .getByText(/overdue by|已超时/)
    .filter({ visible: true })
    .first()
    .waitFor()
  await looksRight(page, 'list', view)
  await row('Nothing works').click()
  await page.getByRole('log').waitFor()
  await looksRight(page, 'open', view)
  for (const [path, name] of [
    ['/settings/response-times', 'times'],
    ['/settings/hours', 'hours'],
  ] as const) {
    await page.goto(app.url + path)
    await page.getByRole('listitem').first().waitFor()
    await looksRight(page, name, view)
    await page
      .getByRole('main')
      .getByRole('button', { name: /^(Edit|编辑|修改)$/ })
      .first()
      .click()
    await page.getByRole('dialog').waitFor()
    await looksRight(page, `${name}-form`, view)
    await page.getByRole('dialog').locator('button[type=submit]').scrollIntoViewIfNeeded()
    await looksRight(page, `${name}-form-end`, view)
  }
  await close()
  expect(problems).toEqual([])
})
