import { generateSync } from 'otplib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPassword } from '../../src/security/password.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createAgent } from '../support/factories.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser } from './support/browser.ts'
import { openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

const password = 'correct horse battery'
const email = 'ada@northstar.example'
let database: TestDatabase
let app: VisitorApp
let browser: Browser

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  browser = await launchBrowser()
  await createAgent(database.db.pool, {
    email,
    name: 'Ada Winter',
    role: 'admin',
    passwordHash: await hashPassword(password),
  })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('a second step is set up by its key, asked for at sign-in, helped by a recovery code, and turned off', async () => {
  const desk = await openInbox(browser, app, { path: '/settings/profile' })
  const { page } = desk
  await signIn(page)
  await page.getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Current password').fill(password)
  await dialog.getByRole('button', { name: 'Next' }).click()
  await dialog.getByRole('img', { name: /QR code/ }).waitFor()
  const secret = (await dialog.locator('code').innerText()).replaceAll(' ', '')
  await dialog.getByRole('textbox', { name: 'Code' }).fill('000000')
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  await dialog.getByText('This is not the code of this moment.').waitFor()
  // Of the step before, so that the code of now is still unused at sign-in.
  await dialog
    .getByRole('textbox', { name: 'Code' })
    .fill(generateSync({ secret, epoch: Math.floor(Date.now() / 1000) - 30 }))
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  const listed = dialog.getByRole('list', { name: 'Recovery codes' }).locator('li')
  await listed.first().waitFor()
  const codes = await listed.allInnerTexts()
  expect(codes).toHaveLength(10)
  await dialog.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 recovery codes left').waitFor()

  const phone = await openInbox(browser, app, { path: '/sign-in' })
  await signIn(phone.page)
  await phone.page.getByLabel('Code').fill('000000')
  await phone.page.getByRole('button', { name: 'Sign in' }).click()
  await phone.page.getByText('This code is not right').waitFor()
  await phone.page.getByLabel('Code').fill(generateSync({ secret }))
  await phone.page.getByRole('button', { name: 'Sign in' }).click()
  await phone.list.waitFor()
  await phone.close()

  const lost = await openInbox(browser, app, { path: '/sign-in' })
  await signIn(lost.page)
  await lost.page.getByLabel('Code').fill(String(codes[0]).toUpperCase())
  await lost.page.getByRole('button', { name: 'Sign in' }).click()
  await lost.list.waitFor()

  await page.reload()
  await page.getByText('9 recovery codes left').waitFor()
  await page.getByRole('button', { name: 'Turn off' }).click()
  await page.getByRole('dialog').getByLabel('Current password').fill(password)
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
  await page.getByRole('button', { name: 'Set up' }).waitFor()
  await lost.page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 5_000 })
  await lost.close()
  await desk.close()
  expect(desk.problems.filter((problem) => !/40[01]/.test(problem))).toEqual([])
})
