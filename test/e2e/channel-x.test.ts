import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { grace } from '../support/stand-ins/x/state.ts'
import { type XDesk, xDesk } from '../support/x-desk.ts'
import { fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot } from './support/inbox-page.ts'
import { picture } from './support/mails.ts'

let database: TestDatabase
let desk: XDesk
let browser: Browser
const agents: string[] = []

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  desk = await xDesk(database, { webRoot })
  agents.push(await hire(database, { name: 'Ada Winter', role: 'admin' }))
  agents.push(await hire(database, { name: 'Ben Summer', inboxId: desk.inboxId }))
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await desk?.close()
  await database?.close()
})

test('a customer writes on X, both agents see it, the answer is at X in X’s form, and an edit comes back', async () => {
  const { x } = desk
  const [one, two] = await Promise.all(agents.map((email) => openInbox(browser, desk, { email })))
  await x.dm('Where is my **order**?')
  await Promise.all([one!, two!].map((page) => page.row('Where is my').waitFor()))
  await x.dm('this one', { media: [x.picture(picture(320, 120), 'image/png')] })
  await one!.row('this one').click()
  await one!.log.getByText('this one').waitFor()
  await one!.log.locator('img').first().waitFor()
  await one!.reply('It is **on its way** to you', 'on its way')
  await expect.poll(() => x.state.dms.at(-1)?.text, { timeout: 15_000 }).toBe('It is on its way to you')
  await two!.row('on its way').waitFor()
  await one!.page.waitForLoadState('networkidle')
  await shoot(one!.page, 'x-direct-messages')

  const post = await x.post(`@${x.state.me.username} parcel 17 is wet, see https://example.com/parcel`, { from: grace })
  await one!.row('parcel 17').click()
  await one!.log.getByText('parcel 17').waitFor()
  await one!.box.fill('We are sorry. '.repeat(30))
  await one!.page.getByText('2', { exact: false }).first().waitFor()
  await one!.page.waitForLoadState('networkidle')
  await shoot(one!.page, 'x-public')
  await x.editPost(post.id, `@${x.state.me.username} parcel 18 is wet, see https://example.com/parcel`)
  await one!.log.getByText('parcel 18').first().waitFor()
  for (const page of [one!, two!]) {
    expect(page.problems).toEqual([])
    await page.close()
  }
})

const looks = [
  { name: 'light-en', colorScheme: 'light', locale: 'en-GB' },
  { name: 'dark-zh', colorScheme: 'dark', locale: 'zh-CN' },
] as const

test.each(looks.flatMap((look) => [1440, 390].map((width) => ({ ...look, width }))))(
  'the form of an inbox of X and its conversations fit: $name at $width',
  async ({ name, width, ...look }) => {
    const viewport = { width, height: 900 }
    const page = await openInbox(browser, desk, { email: agents[0]!, look: { ...look, viewport } })
    await page.list.getByRole('link').first().waitFor()
    await fits(page.page)
    await page.list.getByRole('link').first().click()
    await page.log.locator('article').first().waitFor()
    await page.page.waitForLoadState('networkidle')
    await fits(page.page)
    await shoot(page.page, `x-conversation-${name}-${width}`)
    await page.go('/settings/inboxes/new?channel=x')
    await page.page.locator('form').first().waitFor()
    await page.page.waitForLoadState('networkidle')
    await fits(page.page)
    await shoot(page.page, `x-settings-${name}-${width}`)
    await page.page.locator('form button[type=submit]').scrollIntoViewIfNeeded()
    await shoot(page.page, `x-settings-end-${name}-${width}`)
    expect(page.problems).toEqual([])
    await page.close()
  },
)
