import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { ada, grace } from '../support/stand-ins/x/state.ts'
import { type XDesk, xDesk } from '../support/x-desk.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot } from './support/inbox-page.ts'
import { picture } from './support/mails.ts'

const patience = { timeout: 15_000 }
let database: TestDatabase
let desk: XDesk
let browser: Browser
let email: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  desk = await xDesk(database, { webRoot })
  email = await hire(database, { name: 'Ada Winter', role: 'admin' })
  browser = await launchBrowser()
  const { x } = desk
  await x.dm('Where is my order?')
  await x.post(`@${x.state.me.username} my card is charged twice`, { from: grace })
  const there = (n: number) => async () => expect((await desk.call('GET /conversations')).body.items.length).toBe(n)
  await eventually(there(2), { timeoutMs: 15_000 })
  const ours = await x.postFromApp('We are open on Sunday')
  // Its writer took our name out, as X lets them.
  x.state.users.delete(x.state.me.id)
  await x.post('see you on Sunday', { from: ada, replyTo: ours.id })
  await eventually(there(3), { timeoutMs: 15_000 })
  x.state.users.set(x.state.me.id, x.state.me)
})
afterAll(async () => {
  await browser?.close()
  await desk?.close()
  await database?.close()
})

async function at(words: string, look: Parameters<typeof openInbox>[2]['look'] = {}): Promise<InboxPage> {
  const inbox = await openInbox(browser, desk, { email, look })
  await inbox.row(words).click()
  await inbox.log.locator('article').first().waitFor()
  return inbox
}
async function done(inbox: InboxPage): Promise<void> {
  expect(inbox.problems).toEqual([])
  await inbox.close()
}

test('the counter counts as the place does, while somebody types: Chinese, emoji and addresses', async () => {
  const inbox = await at('card is charged')
  const { box, page } = inbox
  const said = page.getByRole('status').filter({ hasText: /characters? left|messages/ })
  // 100 signs are 200 of 280: nothing to say yet.
  await box.fill('订'.repeat(100))
  await page.waitForLoadState('networkidle')
  expect(await said.count()).toBe(0)
  await box.fill('订'.repeat(130))
  await said.getByText('20 characters left').waitFor()
  // An address counts 23 however long it is, an emoji 2 however many pieces it has.
  await box.fill(`${'订'.repeat(120)}👩‍👩‍👧‍👦 https://shop.example.com/${'a'.repeat(180)}`)
  await said.getByText('14 characters left').waitFor()
  // Nobody stops for it: the words go on while the count is asked for.
  await box.fill('word '.repeat(50))
  await box.press('End')
  await box.pressSequentially('word '.repeat(10), { delay: 20 })
  await said.getByText('Goes out as 2 messages').waitFor()
  expect(await box.inputValue()).toBe('word '.repeat(60))
  await inbox.row('Where is my').click()
  await box.fill('订'.repeat(300))
  await page.waitForLoadState('networkidle')
  expect(await said.count()).toBe(0)
  await done(inbox)
})

test('only the formats of the place are offered, by button and key, and a note has all of them', async () => {
  const inbox = await at('Where is my')
  const { box, page } = inbox
  const bar = page.getByRole('toolbar', { name: 'Formats' })
  expect(await bar.getByRole('button').evaluateAll((all) => all.map((one) => one.getAttribute('title')))).toEqual([
    'Link (the address stands behind the words · Ctrl+K)',
    'List (written out with bullets and numbers · Ctrl+Shift+8)',
    'Quote (marked with > · Ctrl+Shift+9)',
  ])
  await box.fill('one')
  await box.press('Control+b')
  expect(await box.inputValue()).toBe('one')
  await box.press('Control+Shift+Digit8')
  expect(await box.inputValue()).toBe('- one')
  await bar.getByRole('button', { name: 'List' }).click()
  expect(await box.inputValue()).toBe('one')
  await page.getByText('Note', { exact: true }).click()
  expect(await bar.getByRole('button').count()).toBe(8)
  await box.press('Control+a')
  await box.press('Control+b')
  expect(await box.inputValue()).toBe('**one**')
  // As if it were typed: it can be taken back.
  await box.press('Control+z')
  expect(await box.inputValue()).toBe('one')
  await box.fill('')
  await done(inbox)
})

test('a file that the place does not take is refused before it is sent anywhere', async () => {
  const inbox = await at('Where is my')
  const { page } = inbox
  const uploads: string[] = []
  page.on('request', (request) => void (request.url().endsWith('/files') && uploads.push(request.url())))
  const files = page.getByRole('list', { name: 'Files' })
  const pick = (name: string, mimeType: string, buffer: Buffer) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer })
  await pick('bill.pdf', 'application/pdf', Buffer.from('%PDF'))
  await files.getByText('bill.pdf: X takes only JPEG, PNG, WebP, GIF, MP4, MOV').waitFor()
  await pick('huge.png', 'image/png', Buffer.alloc(5_000_001))
  await files.getByText('huge.png: larger than 5 MB').waitFor()
  // The same by pasting and by dropping.
  const hand = (type: 'paste' | 'drop') => `{
    const data = new DataTransfer()
    data.items.add(new File(['x'], '${type}ed.zip', { type: 'application/zip' }))
    const init = { bubbles: true, cancelable: true }
    const event = '${type}' === 'paste' ? new ClipboardEvent('paste', { ...init, clipboardData: data })
      : new DragEvent('drop', { ...init, dataTransfer: data })
    document.querySelector('textarea').dispatchEvent(event)
  }`
  for (const type of ['paste', 'drop'] as const) {
    await page.evaluate(hand(type))
    await files.getByText(`${type}ed.zip: X takes only`).waitFor()
  }
  expect(uploads).toEqual([])
  await pick('map.png', 'image/png', picture(320, 120))
  await expect.poll(() => uploads.length, patience).toBe(1)
  await done(inbox)
})

test('in public it says who reads it, and one click asks to go on in private', async () => {
  const inbox = await at('card is charged')
  const { box, page } = inbox
  await page.getByText('Everyone can read this').waitFor()
  await box.fill('Sorry about that.')
  await page.getByRole('button', { name: 'Ask to continue in private' }).click()
  const words =
    /^Sorry about that\.\n\nSo that only you and we .* https:\/\/x\.com\/messages\/compose\?recipient_id=\d+$/
  await expect.poll(() => box.inputValue(), patience).toMatch(words)
  await shoot(page, 'composer-public')
  await box.press('Control+Enter')
  await expect.poll(() => desk.x.state.posts.at(-1)?.text, patience).toContain('messages/compose?recipient_id=')
  await done(inbox)
})

test('where X would refuse an answer it is said before, nothing can be sent, and a note can be written', async () => {
  const inbox = await at('see you on Sunday')
  const { box, page } = inbox
  await page.getByText('X lets an app answer only posts that mention or quote the account').waitFor()
  await box.fill('But we want to')
  await box.press('Control+Enter')
  const send = page.getByRole('button', { name: 'Send', exact: true })
  expect(await send.isDisabled()).toBe(true)
  expect(await box.inputValue()).toBe('But we want to')
  expect(await page.getByRole('button', { name: 'Ask to continue in private' }).count()).toBe(0)
  await page.getByText('Note', { exact: true }).click()
  await page.getByRole('button', { name: 'Add note' }).click()
  await inbox.log.getByText('But we want to').waitFor()
  await done(inbox)
})

test('what may still be sent and what does not work stand where somebody writes, until it works again', async () => {
  const { x } = desk
  x.limits(1)
  x.state.calls.set('dm_send', Array(15).fill(x.state.clock()))
  const inbox = await at('Where is my')
  const { page } = inbox
  await inbox.reply('And one more', 'And one more')
  x.state.forbidden.add(`/2/users/${x.state.me.id}/mentions`)
  const health = async () => (await desk.call(`GET /inboxes/${desk.inboxId}/health`)).body
  await expect.poll(async () => (await health()).warning ?? '', patience).toContain('No mentions come in')
  await expect.poll(async () => (await health()).budgets[0].left, patience).toBe(0)
  await page.reload()
  await page.getByText(/X takes no more until \d\d:\d\d \(direct messages\)/).waitFor()
  await page.getByText('No mentions come in. X does not allow this to your app’s plan').waitFor()
  await page.waitForLoadState('networkidle')
  await shoot(page, 'composer-spent')
  await page.getByRole('link', { name: /Look|look/ }).click()
  await page.getByText(/0 of 15 left in 15 minutes\. More from/).waitFor()
  await shoot(page, 'inbox-health-spent')
  await done(inbox)
})

const looks = [
  { name: 'light-en', colorScheme: 'light', locale: 'en-GB' },
  { name: 'dark-zh', colorScheme: 'dark', locale: 'zh-CN' },
] as const

test.each(looks.flatMap((look) => [1440, 390].map((width) => ({ ...look, width }))))(
  'the composer fits and can be used by all: $name at $width',
  async ({ name, width, ...look }) => {
    const inbox = await at('Sorry about that', { ...look, viewport: { width, height: 900 } })
    await inbox.box.fill('订'.repeat(135))
    await inbox.box.focus()
    await inbox.page.getByRole('status').filter({ hasText: '10' }).waitFor()
    await inbox.page.waitForLoadState('networkidle')
    await fits(inbox.page)
    await shoot(inbox.page, `composer-${name}-${width}`)
    expect(await axeProblems(inbox.page)).toEqual([])
    await inbox.page.getByText(/^(Note|备注)$/).click()
    await inbox.box.focus()
    await fits(inbox.page)
    await shoot(inbox.page, `composer-note-${name}-${width}`)
    await inbox.page
      .getByText(/^(Reply|回复)$/)
      .first()
      .click()
    await inbox.box.fill('')
    await done(inbox)
  },
)
