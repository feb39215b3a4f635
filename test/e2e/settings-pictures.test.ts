import { generateSync } from 'otplib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createInbox, createTeam } from '../support/factories.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, password, requireBuilt } from './support/inbox-page.ts'
import { type MailDesk, mailDesk } from './support/mail-desk.ts'

let database: TestDatabase
let desk: MailDesk
let browser: Browser

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  desk = await mailDesk(database)
  const { pool } = database.db
  for (const name of ['Li Na', '王小雨', 'Konstantin Aleksandrowitsch von Hohenstein-Bergmann'])
    await hire(database, { name, inboxId: desk.inboxId })
  await createTeam(pool, 'Payments')
  // Of a channel that no process here serves: it stays as it is.
  const down = await createInbox(pool, { name: 'Shop mail of the northern countries' })
  await pool.query(
    `update inbox set health = 'badCredentials', health_since = now() - interval '12 minutes',
       health_error = 'The mail server imap.northstar.example refuses the password of support@northstar.example.' where id = $1`,
    [down],
  )
  await pool.query(
    `insert into inbox_alarm (inbox_id, state, since, noted_at)
     values ($1, 'badCredentials', now() - interval '12 minutes', now() - interval '12 minutes')`,
    [down],
  )
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await desk?.close()
  await database?.close()
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
let hired = 0

/** Somebody new for each picture, so that nothing is left of the one before. */
async function open(view: View, path: string): Promise<InboxPage & { email: string }> {
  hired += 1
  const email = await hire(database, { name: `Ada ${hired}`, role: 'admin' })
  return { ...(await openInbox(browser, desk, { email, path, look: view })), email }
}

async function looksRight(page: Page, name: string, view: View): Promise<void> {
  await page.waitForLoadState('networkidle')
  await fits(page)
  await shoot(page, `settings-${name}-${view.name}-${view.viewport.width}`)
  expect(await axeProblems(page), name).toEqual([])
}

test.each(views)('an inbox that is down: $name at $viewport.width', async (view) => {
  const page = await open(view, '/inbox/all')
  await page.page.locator('[role=status] a').waitFor()
  await looksRight(page.page, 'alarm', view)
  await page.page.locator('[role=status] a').click()
  await page.page.getByText('The mail server imap.northstar.example').waitFor()
  await looksRight(page.page, 'health', view)
  await page.close()
  expect(page.problems).toEqual([])
})

const paths = {
  inboxes: () => '/settings/inboxes',
  mailbox: () => `/settings/inboxes/${desk.inboxId}`,
  people: () => '/settings/people',
  tags: () => '/settings/tags',
  tokens: () => '/settings/tokens',
  webhooks: () => '/settings/webhooks',
}

test.each(views.flatMap((view) => Object.entries(paths).map(([place, path]) => ({ ...view, place, path }))))(
  '$place: $name at $viewport.width',
  async ({ place, path, ...view }) => {
    const page = await open(view, path())
    await page.page.locator('main h2').first().waitFor()
    await looksRight(page.page, place, view)
    await page.close()
    expect(page.problems).toEqual([])
  },
)

test.each(views)('the form of a mailbox, with what is wrong: $name at $viewport.width', async (view) => {
  const { page, close } = await open(view, '/settings/inboxes/new?channel=email')
  await page.locator('fieldset').first().waitFor()
  await page.locator('form button[type=button]').last().click()
  await page.locator('[aria-invalid=true]').first().waitFor()
  await looksRight(page, 'form-wrong', view)
  await page.locator('[aria-invalid=true]').last().scrollIntoViewIfNeeded()
  await looksRight(page, 'form-wrong-end', view)
  await page.locator('form select').first().selectOption('smtp')
  await page.locator('fieldset').first().scrollIntoViewIfNeeded()
  await looksRight(page, 'form-direct', view)
  await close()
})

test.each(views)('the second step, from its key to the sign-in: $name at $viewport.width', async (view) => {
  const zh = view.locale === 'zh-CN'
  const { page, close, email } = await open(view, '/settings/profile')
  await page.getByRole('button', { name: zh ? '设置' : 'Set up', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('input[type=password]').waitFor()
  await looksRight(page, 'step-password', view)
  await dialog.locator('input[type=password]').fill(password)
  await dialog.locator('button[type=submit]').click()
  await dialog.locator('code').waitFor()
  await looksRight(page, 'step-key', view)
  const secret = (await dialog.locator('code').innerText()).replaceAll(' ', '')
  const before = Math.floor(Date.now() / 1000) - 30
  await dialog.locator('input[name=code]').fill(generateSync({ secret, epoch: before }))
  await dialog.locator('button[type=submit]').click()
  await dialog.locator('li').first().waitFor()
  await looksRight(page, 'step-codes', view)
  await dialog.locator('button').last().click()
  await dialog.waitFor({ state: 'detached' })
  await page
    .locator('section')
    .filter({ hasText: zh ? '恢复码' : 'recovery codes' })
    .first()
    .scrollIntoViewIfNeeded()
  await looksRight(page, 'step-on', view)
  const phone = await openInbox(browser, desk, { path: '/sign-in', look: view })
  await phone.page.locator('input[type=email]').fill(email)
  await phone.page.locator('input[type=password]').fill(password)
  await phone.page.locator('button[type=submit]').click()
  await phone.page.locator('input[name=code]').waitFor()
  await looksRight(phone.page, 'step-sign-in', view)
  await phone.page.locator('input[name=code]').fill('000000')
  await phone.page.locator('button[type=submit]').click()
  await phone.page.getByRole('alert').waitFor()
  await looksRight(phone.page, 'step-wrong', view)
  await phone.close()
  await close()
})
