import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newVisitor, type VisitorApp, type VisitorClient, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'
import { widgetPage } from './support/widget-page.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string
let ada: string
let li: string
/** The newest message before this attempt: one that is repeated says the same words again. */
let before = '0'

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  inboxId = await app.inbox({ name: 'Northstar' })
  ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  li = await hire(database, { name: 'Li Na', inboxId })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

beforeEach(async () => {
  const { pool } = database.db
  await pool.query(`update conversation set status = 'resolved', resolved_at = now() where status <> 'resolved'`)
  const { rows } = await pool.query('select coalesce(max(id), 0)::text as id from message')
  before = rows[0].id
})

/** A new customer with one message; answers the conversation's id. */
async function customer(text: string): Promise<{ visitor: VisitorClient; conversation: string }> {
  const visitor = await newVisitor(app, inboxId)
  await visitor.send(text)
  const { rows } = await database.db.pool.query(
    'select conversation_id as id from message where text = $1 and id > $2',
    [text, before],
  )
  return { visitor, conversation: (rows[0] as { id: string }).id }
}
async function stored(text: string): Promise<number> {
  const { rows } = await database.db.pool.query('select count(*)::int as n from message where text = $1 and id > $2', [
    text,
    before,
  ])
  return (rows[0] as { n: number }).n
}
async function done(...desks: InboxPage[]): Promise<void> {
  for (const desk of desks) {
    await desk.close()
    expect(desk.problems).toEqual([])
  }
}

test('two agents and one customer: the message is on both screens within a second, the reply in the widget', async () => {
  const first = await openInbox(browser, app, { email: ada })
  const second = await openInbox(browser, app, { email: li, path: '/inbox/unassigned' })
  await Promise.all([first.list.waitFor(), second.list.waitFor()])
  const shop = await browser.newContext({ locale: 'en-GB' })
  const chat = await widgetPage(shop, `${app.url}/demo?inbox=${inboxId}`)
  await chat.open()
  await chat.say('Warm up')
  await Promise.all([first.row('Warm up').waitFor(), second.row('Warm up').waitFor()])

  // A machine that is busy with something else says nothing about ours: the best of three counts.
  const took: number[] = []
  for (const words of ['Hello?', 'Anybody?', 'My withdrawal is stuck']) {
    const started = performance.now()
    await chat.say(words)
    await Promise.all([first.row(words).waitFor(), second.row(words).waitFor()])
    took.push(performance.now() - started)
  }
  expect(Math.min(...took)).toBeLessThan(1_000)

  await first.row('My withdrawal is stuck').click()
  await first.reply('I am **looking** into it', 'looking')
  await eventually(async () => (await chat.words()).includes('I am looking into it'))
  await second.row('I am **looking** into it').or(second.row('I am looking into it')).first().waitFor()
  await first.log.getByText('Read', { exact: true }).waitFor()
  await second.row('looking').click()
  await second.log.getByText('looking', { exact: true }).waitFor()
  await shop.close()
  await done(first, second)
})

test('a reply pressed without a network goes out once when it is back, also after a reload', async () => {
  const { conversation, visitor } = await customer('Are you there?')
  const desk = await openInbox(browser, app, { email: ada, path: `/c/${conversation}` })
  await desk.log.getByText('Are you there?').waitFor()
  const messages = /\/conversations\/\d+\/messages$/
  await desk.context.route(messages, (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  )
  await desk.reply('Yes, one moment')
  await desk.log.getByText('Goes out by itself').waitFor()
  await desk.page.reload()
  await desk.log.getByText('Yes, one moment').waitFor()
  expect(await stored('Yes, one moment')).toBe(0)
  await desk.context.unroute(messages)
  await desk.page.evaluate(`dispatchEvent(new Event('online'))`)
  await eventually(async () => (await stored('Yes, one moment')) === 1, { timeoutMs: 15_000 })
  await eventually(
    async () => (await visitor.list()).items.filter((item) => item.text.includes('Yes, one')).length === 1,
  )
  await desk.log.getByText('Goes out by itself').waitFor({ state: 'detached' })
  expect(await desk.log.getByText('Yes, one moment').count()).toBe(1)
  await done(desk)
})

test('when a colleague was faster the reply waits, says who, and goes only on demand', async () => {
  const { conversation, visitor } = await customer('Two of you')
  const desk = await openInbox(browser, app, { email: ada, path: `/c/${conversation}` })
  const other = await openInbox(browser, app, { email: li, path: `/c/${conversation}` })
  await desk.log.getByText('Two of you').waitFor()
  await desk.box.fill('From Ada')
  // Ada's page hears nothing of it, as on a slow line.
  await desk.context.route(/\/conversations\/\d+(\?|$)/, (route) =>
    route.request().method() === 'GET' ? route.abort() : route.continue(),
  )
  await other.reply('From Li')
  await eventually(async () => (await stored('From Li')) === 1)
  await desk.box.press('Control+Enter')
  await desk.log.getByText(/replied while you were writing/).waitFor()
  expect(await stored('From Ada')).toBe(0)
  await desk.context.unrouteAll()
  await desk.page.getByRole('button', { name: 'Send anyway' }).click()
  await eventually(async () => (await visitor.list()).items.some((item) => item.text === 'From Ada'))
  expect(await stored('From Ada')).toBe(1)
  await done(desk, other)
})

test('a draft survives a reload and waits on another computer; a note never reaches the customer', async () => {
  const { conversation, visitor } = await customer('Draft me')
  const desk = await openInbox(browser, app, { email: ada, path: `/c/${conversation}` })
  await desk.box.fill('Half a sentence')
  await desk.page.reload()
  await eventually(async () => (await desk.box.inputValue()) === 'Half a sentence')
  await eventually(async () => {
    const { rows } = await database.db.pool.query('select text from draft where conversation_id = $1', [conversation])
    return rows[0]?.text === 'Half a sentence'
  })
  const elsewhere = await openInbox(browser, app, { email: ada, path: `/c/${conversation}` })
  await eventually(async () => (await elsewhere.box.inputValue()) === 'Half a sentence')
  await elsewhere.page.getByText('Note', { exact: true }).click()
  await elsewhere.box.fill('Only for us')
  await elsewhere.page.getByRole('button', { name: 'Add note' }).click()
  await elsewhere.page.getByRole('article', { name: 'Note by Ada Winter' }).waitFor()
  expect((await visitor.list()).items.map((item) => item.text)).toEqual(['Draft me'])
  await eventually(async () => {
    const { rowCount } = await database.db.pool.query('select from draft where conversation_id = $1', [conversation])
    return rowCount === 0
  })
  await done(desk, elsewhere)
})

test('a picture is pasted, uploaded and seen by the customer', async () => {
  const { conversation, visitor } = await customer('Show me')
  const desk = await openInbox(browser, app, { email: ada, path: `/c/${conversation}` })
  await desk.box.focus()
  await desk.page.evaluate(`(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 })
    const blob = await new Promise((resolve) => canvas.toBlob(resolve))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([blob], 'how-to.png', { type: 'image/png' }))
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })()`)
  await desk.page.getByRole('list', { name: 'Files' }).getByText('how-to.png').waitFor()
  await desk.reply('Press here')
  await desk.log.getByRole('img', { name: 'how-to.png' }).waitFor()
  const file = await eventually(async () => (await visitor.list()).items.flatMap((item) => item.attachments)[0] ?? null)
  expect(file).toMatchObject({ name: 'how-to.png', type: 'image/png' })
  await desk.log.getByRole('button', { name: 'Open picture how-to.png' }).click()
  await desk.page.getByRole('dialog').getByRole('img', { name: 'how-to.png' }).waitFor()
  await desk.page.keyboard.press('Escape')
  await done(desk)
})

test('what customers write is never run', async () => {
  const evil = `<img src=x onerror="window.ran=1"><script>window.ran=1</script> javascript:alert(1) [x](javascript:window.ran=1)`
  const { conversation } = await customer(evil)
  const desk = await openInbox(browser, app, { email: ada, path: `/c/${conversation}` })
  await desk.log.getByText('onerror').waitFor()
  await desk.reply(`**bold** ${evil}`, 'bold')
  await desk.log.locator('strong', { hasText: 'bold' }).waitFor()
  expect(await desk.page.evaluate(`'ran' in window`)).toBe(false)
  expect(await desk.page.locator('a[href^="javascript"]').count()).toBe(0)
  await done(desk)
})

test('every page can be used with a screen reader (axe finds nothing)', async () => {
  const { conversation } = await customer('Accessible')
  const pages = [
    '/inbox/all',
    `/c/${conversation}`,
    '/settings/inboxes',
    `/settings/inboxes/${inboxId}`,
    '/settings/people',
    '/settings/profile',
  ]
  const problems = new Set<string>()
  const desk = await openInbox(browser, app, { email: ada })
  for (const [path, scheme] of pages.flatMap((path) => [[path, 'light'] as const, [path, 'dark'] as const])) {
    await desk.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await desk.go(path)
    await desk.page.getByRole('main').first().waitFor()
    await desk.page.waitForLoadState('networkidle')
    // Not as a script of the page: its policy rightly forbids that.
    await desk.page.evaluate(axe)
    const found: string[] = await desk.page.evaluate(`axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes[0].html + ' ' + nodes[0].failureSummary))`)
    for (const problem of found) problems.add(`${path} ${scheme} ${problem}`)
  }
  expect([...problems]).toEqual([])
  await desk.close()
})
