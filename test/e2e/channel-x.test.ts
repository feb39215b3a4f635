import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { grace } from '../support/stand-ins/x/state.ts'
import { type XDesk, xDesk } from '../support/x-desk.ts'
import { allSee, allSeePicture, attach, closeDesks, withinASecond } from './support/both-desks.ts'
import { fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot } from './support/inbox-page.ts'
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

test('a customer of X writes and shows in direct messages; both agents see it within a second; bold text and a picture arrive in its form', async () => {
  const { x } = desk
  const desks = await Promise.all(agents.map((email) => openInbox(browser, desk, { email })))
  const [one, two] = desks as [InboxPage, InboxPage]
  await x.dm('Where is my **order**?')
  for (const page of desks) await page.row('Where is my').click()
  await allSee(desks, 'Where is my')
  await withinASecond(desks, (words) => x.dm(words))
  await x.dm('this one', { media: [x.picture(picture(320, 120), 'image/png')] })
  await allSee(desks, 'this one')
  await allSeePicture(desks)
  await attach(one, 'label.png', 'image/png', picture(60, 40))
  await one.reply('It is **on its way** to you', 'on its way')
  await two.log.getByText('on its way').first().waitFor()
  // No marks: X shows text as it is.
  await expect
    .poll(() => x.state.dms.at(-1), { timeout: 15_000 })
    .toMatchObject({
      sender: x.state.me.id,
      text: 'It is on its way to you',
      media: [{ type: 'photo' }],
    })
  await one.page.waitForLoadState('networkidle')
  await shoot(one.page, 'x-direct-messages')
  await closeDesks(desks)
})

test('a public mention and its edit are seen by both agents; the answer is a numbered thread under the post that is answered', async () => {
  const { x } = desk
  const desks = await Promise.all(agents.map((email) => openInbox(browser, desk, { email })))
  const [one] = desks as [InboxPage, InboxPage]
  const post = await x.post(`@${x.state.me.username} parcel 17 is wet, see https://example.com/parcel`, { from: grace })
  for (const page of desks) await page.row('parcel 17').click()
  await allSee(desks, 'parcel 17')
  const edited = await x.editPost(post.id, `@${x.state.me.username} parcel 18 is wet, see https://example.com/parcel`)
  await allSee(desks, 'parcel 18')
  const again = await x.post(`@${x.state.me.username} and parcel 19`, { from: grace, replyTo: edited.id })
  await allSee(desks, 'and parcel 19')
  await one.box.fill('We are sorry. '.repeat(30))
  await one.page.getByText('2', { exact: false }).first().waitFor()
  await one.page.waitForLoadState('networkidle')
  await shoot(one.page, 'x-public')
  await one.reply('We are **sorry**. '.repeat(30).trim(), 'sorry')
  const ours = () => x.state.posts.filter(({ author }) => author === x.state.me.id)
  await expect.poll(() => ours().length, { timeout: 20_000 }).toBe(2)
  expect(ours()[0]).toMatchObject({ replyTo: again.id, text: expect.stringMatching(/^We are sorry\..* \(?1\/2\)?$/s) })
  await closeDesks(desks)
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
