import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { sendSignal } from '../../src/store/ephemeral.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser, type Watched, watch } from './support/browser.ts'
import { type WidgetPage, widgetPage } from './support/widget-page.ts'

const widgetRoot = fileURLToPath(new URL('../../dist/widget/', import.meta.url))
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const dataDir = mkdtempSync(join(tmpdir(), 'tributary-widget-'))

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string
let context: BrowserContext
let watched: Watched
/** The newest message before this attempt: one that is repeated says the same words again. */
let before = '0'

beforeAll(async () => {
  if (!existsSync(`${widgetRoot}widget.js`)) throw new Error('The widget is not built: npm run build.')
  database = await testDatabase()
  app = await visitorApp(database, { widgetRoot, dataDir })
  inboxId = await app.inbox({ name: 'Northstar', greeting: 'Hello, how can we help?' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
  rmSync(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  const { rows } = await database.db.pool.query('select coalesce(max(id), 0)::text as id from message')
  before = rows[0].id
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  watched = watch(context)
})
afterEach(async () => {
  await context.close()
  expect(watched.problems).toEqual([])
})

const demo = () => `${app.url}/demo?inbox=${inboxId}`

/** What the installation holds of these words, whoever sent them. */
async function stored(text: string): Promise<{ id: string; conversation_id: string; attachments: number }[]> {
  const { rows } = await database.db.pool.query(
    `select m.id, m.conversation_id, (select count(*)::int from attachment a where a.message_id = m.id) as attachments
     from message m where m.text = $1 and m.id > $2 order by m.id`,
    [text, before],
  )
  return rows
}
const storedOnce = (text: string) =>
  eventually(
    async () => {
      const [message, ...more] = await stored(text)
      return message && more.length === 0 ? message : null
    },
    { timeoutMs: 15_000 },
  )
const shows = (chat: WidgetPage, text: string, ms = 10_000) =>
  eventually(async () => (await chat.words()).includes(text), { timeoutMs: ms })

async function cutOff(on: boolean): Promise<void> {
  const api = /\/widget\/v1\/\d+(\/(session|messages|files|read|live).*)?$/
  if (on) await context.route(api, (route) => route.abort())
  else await context.unroute(api)
}

// These run in the page; this side has no document, so they say what they need of it.
type Picture = { readonly complete: boolean; readonly naturalWidth: number }
const loaded = (image: unknown) => (image as Picture).complete && (image as Picture).naturalWidth === 1280
type Focusable = { getRootNode(): { readonly activeElement: unknown } }
const focused = (element: unknown) => (element as Focusable).getRootNode().activeElement === element

test('a message goes in, the reply comes out within a second, and is read', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  await chat.say('Where is my **deposit**?')
  const message = await storedOnce('Where is my **deposit**?')
  await chat.panel.getByText('Sent').waitFor()
  const replyId = await app.answer(message.id, 'It is *on its way*. See https://northstar.example/help')
  await shows(chat, 'It is on its way. See https://northstar.example/help', 1_500)
  expect(await chat.panel.locator('em').innerText()).toBe('on its way')
  expect(await chat.panel.locator('.theirs a').getAttribute('rel')).toContain('noopener')
  await chat.panel.getByText('Ana', { exact: true }).waitFor()
  await eventually(
    async () => {
      const { rows } = await database.db.pool.query('select state from delivery where message_id = $1', [replyId])
      return rows[0].state === 'read'
    },
    { timeoutMs: 10_000 },
  )
})

test('nothing is stored in the browser before the visitor writes', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  await chat.box.fill('not sent')
  const kept = () =>
    chat.page.evaluate<Record<string, unknown>>(`indexedDB.databases().then((databases) => ({
      local: localStorage.length, session: sessionStorage.length, databases: databases.length, cookies: document.cookie }))`)
  expect(await kept()).toEqual({ local: 0, session: 0, databases: 0, cookies: '' })
  const { rows } = await database.db.pool.query('select count(*)::int as n from visitor')
  await chat.box.press('Enter')
  await storedOnce('not sent')
  expect((await kept())['local']).toBe(1)
  const after = await database.db.pool.query('select count(*)::int as n from visitor')
  expect(after.rows[0].n).toBe(rows[0].n + 1)
})

test('what was typed offline survives a reload and goes out once, in order', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  await chat.say('before')
  await storedOnce('before')
  await cutOff(true)
  await chat.say('offline one')
  await chat.say('offline two')
  await chat.say('offline three')
  await chat.page.reload()
  await chat.launcher.waitFor()
  await chat.open()
  await shows(chat, 'offline three')
  expect(await stored('offline one')).toEqual([])
  await cutOff(false)
  await storedOnce('offline three')
  const ids = await Promise.all(
    ['before', 'offline one', 'offline two', 'offline three'].map(async (text) =>
      (await stored(text)).map((row) => Number(row.id)),
    ),
  )
  expect(ids.map((one) => one.length)).toEqual([1, 1, 1, 1])
  expect(ids.flat()).toEqual([...ids.flat()].sort((a, b) => a - b))
  await eventually(async () => (await chat.words()).length === 4)
  await chat.page.reload()
  await chat.open()
  await eventually(async () => (await chat.words()).join() === 'before,offline one,offline two,offline three')
})

test('without a network the page says so, marks what waits, and sends it when the network is back', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  await context.setOffline(true)
  await chat.panel.getByText('You are offline').waitFor()
  await chat.say('from the tunnel')
  await chat.panel.getByText('Waiting for connection').waitFor()
  await context.setOffline(false)
  await storedOnce('from the tunnel')
  await chat.panel.getByText('Sent').waitFor()
  expect(await chat.panel.getByText('You are offline').isVisible()).toBe(false)
})

test('an answer that was lost on the way does not make a second message', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  let lost = 0
  await context.route(/\/messages$/, async (route) => {
    if (route.request().method() !== 'POST' || lost >= 2) return route.continue()
    lost += 1
    await route.fetch()
    await route.abort()
  })
  await chat.say('said once')
  await chat.panel.getByText('Sent').waitFor({ timeout: 20_000 })
  expect(lost).toBe(2)
  expect((await stored('said once')).length).toBe(1)
  expect(await chat.words()).toEqual(['said once'])
})

test('two tabs send each message once and show the same conversation', async () => {
  const one = await widgetPage(context, demo())
  await one.open()
  await one.say('from the first tab')
  await storedOnce('from the first tab')
  const two = await widgetPage(context, demo())
  await two.open()
  await shows(two, 'from the first tab')
  await cutOff(true)
  for (const n of [1, 2, 3]) {
    await one.say(`first ${n}`)
    await two.say(`second ${n}`)
  }
  await cutOff(false)
  for (const n of [1, 2, 3]) {
    await storedOnce(`first ${n}`)
    await storedOnce(`second ${n}`)
  }
  for (const tab of [one, two]) {
    await eventually(async () => (await tab.words()).length === 7, { timeoutMs: 15_000 })
    await eventually(async () => expect(await tab.panel.getByText('Sending').count()).toBe(0))
  }
  expect(await one.words()).toEqual(await two.words())
  const { rows } = await database.db.pool.query(
    'select count(distinct conversation_id)::int as n from message where text ~ $1 and id > $2',
    ['^(first|second) \\d$', before],
  )
  expect(rows[0].n).toBe(1)
})

test('the server may be away in the middle: nothing is lost, nothing doubled', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  await chat.say('before the restart')
  const first = await storedOnce('before the restart')
  const port = Number(new URL(app.url).port)
  await app.close()
  await chat.say('during the restart')
  app = await visitorApp(database, { widgetRoot, dataDir, port })
  await storedOnce('during the restart')
  await app.answer(first.id, 'after the restart')
  await shows(chat, 'after the restart')
  expect(await chat.words()).toEqual(['before the restart', 'during the restart', 'after the restart'])
  expect((await stored('before the restart')).length).toBe(1)
})

test('a reply while away raises the badge and is there on return', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  await chat.say('I will be back')
  const message = await storedOnce('I will be back')
  await chat.page.goto('about:blank')
  await app.answer(message.id, 'Welcome back')
  await chat.page.goto(demo())
  await chat.page.locator('.tributary .badge').getByText('1').waitFor()
  expect(await chat.launcher.getAttribute('aria-label')).toBe('Open chat (1)')
  await chat.open()
  await shows(chat, 'Welcome back')
  await chat.page.locator('.tributary .badge').waitFor({ state: 'hidden' })
})

test('pictures and files go both ways', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  const picture = await chat.page.screenshot()
  const [chooser] = await Promise.all([
    chat.page.waitForEvent('filechooser'),
    chat.panel.getByRole('button', { name: 'Attach a file' }).click(),
  ])
  await chooser.setFiles([
    { name: 'screen.png', mimeType: 'image/png', buffer: picture },
    { name: 'report.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 a report') },
  ])
  await chat.say('see here')
  const message = await storedOnce('see here')
  expect(message.attachments).toBe(2)
  const own = chat.panel.locator('.mine a.frame img')
  await own.waitFor({ timeout: 10_000 })
  await eventually(() => own.evaluate(loaded))
  await chat.panel.getByRole('link', { name: /report\.pdf/ }).waitFor()
  await app.answer(message.id, 'and here', { fileIds: [await app.upload('answer.png', picture)] })
  const theirs = chat.panel.locator('.theirs a.frame img')
  await theirs.waitFor()
  await eventually(() => theirs.evaluate(loaded))
})

test('it works by keyboard alone, gives the focus back, and has nothing that axe objects to', async () => {
  const chat = await widgetPage(context, demo())
  await chat.launcher.focus()
  await chat.page.keyboard.press('Enter')
  await chat.box.waitFor()
  await eventually(() => chat.box.evaluate(focused))
  await chat.page.keyboard.type('by keyboard')
  await chat.page.keyboard.press('Enter')
  const message = await storedOnce('by keyboard')
  await app.answer(message.id, '- one\n- two\n\n`code`')
  await chat.panel.locator('li').first().waitFor()
  await chat.page.evaluate(await readFile(axe, 'utf8'))
  const violations = await chat.page.evaluate<string[]>(`axe.run('.tributary').then((result) =>
    result.violations.map((one) => one.id + ': ' + JSON.stringify(one.nodes).slice(0, 300)))`)
  expect(violations).toEqual([])
  await chat.page.keyboard.press('Escape')
  await chat.panel.waitFor({ state: 'hidden' })
  expect(await chat.launcher.evaluate(focused)).toBe(true)
})

test('while an input method composes, Enter sends nothing', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  await chat.box.fill('ni hao')
  await chat.box.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
  await chat.box.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true })
  expect(await chat.words()).toEqual([])
  await chat.box.press('Enter')
  await storedOnce('ni hao')
})

test('a message that is refused is shown as failed, the next one goes out, and it can be tried again', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  watched = watch(context, /422/)
  await context.route(/\/messages$/, async (route) => {
    if (!route.request().postData()?.includes('refuse me')) return route.continue()
    await route.fulfill({ status: 422, json: { error: { code: 'x', message: 'This is not allowed here.' } } })
  })
  await chat.say('refuse me')
  await chat.panel.getByText('Not sent: This is not allowed here.').waitFor()
  await chat.say('take me')
  await storedOnce('take me')
  await context.unroute(/\/messages$/)
  await chat.panel.getByRole('button', { name: 'Try again' }).click()
  await storedOnce('refuse me')
})

test('where a proxy forbids sockets the page asks by itself', async () => {
  await context.routeWebSocket(/\/live/, (socket) => socket.close())
  const chat = await widgetPage(context, demo())
  await chat.open()
  await chat.say('no sockets here')
  const message = await storedOnce('no sockets here')
  await app.answer(message.id, 'then we wait a moment')
  await shows(chat, 'then we wait a moment', 12_000)
})

test('typing shows on both sides and passes', async () => {
  const chat = await widgetPage(context, demo())
  await chat.open()
  await chat.say('anybody?')
  const message = await storedOnce('anybody?')
  const { rows } = await database.db.pool.query('select thread_id, inbox_id from conversation where id = $1', [
    message.conversation_id,
  ])
  const listener = await database.db.pool.connect()
  const heard: string[] = []
  listener.on('notification', (note) => heard.push(note.payload ?? ''))
  await listener.query('listen ephemeral')
  await eventually(async () => {
    await chat.box.pressSequentially('a')
    return heard.some((text) => text.includes('"typing":true') && !text.includes('anybody'))
  })
  await listener.query('unlisten ephemeral')
  listener.release()
  const place = { conversationId: message.conversation_id, threadId: rows[0].thread_id, inboxId: rows[0].inbox_id }
  const owner = { restricted: false, teamId: null, assigneeId: null }
  const by = { type: 'agent', id: '1', name: 'Ana Silva' } as const
  await sendSignal(database.db.pool, { type: 'typing', typing: true, by, ...place, ...owner })
  await chat.panel.getByText('is typing').waitFor()
  await sendSignal(database.db.pool, { type: 'typing', typing: false, by, ...place, ...owner })
  await chat.panel.getByText('is typing').waitFor({ state: 'hidden' })
})
