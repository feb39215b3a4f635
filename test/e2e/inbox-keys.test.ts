import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string
let ada: string
let desk: InboxPage
const dataDir = mkdtempSync(join(tmpdir(), 'tributary-inbox-'))

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot, dataDir })
  inboxId = await app.inbox({ name: 'Northstar' })
  ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
  rmSync(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  await database.db.pool.query(
    `update conversation set status = 'resolved', resolved_at = now() where status <> 'resolved'`,
  )
  for (const text of ['First question', 'Second question', 'Third question']) await customer(text)
  desk = await openInbox(browser, app, { email: ada })
  await desk.list.getByRole('link').first().waitFor()
})
afterEach(async () => {
  await desk.close()
  expect(desk.problems).toEqual([])
})

async function customer(text: string): Promise<void> {
  await (await newVisitor(app, inboxId)).send(text)
}
async function of(text: string): Promise<Record<string, unknown>> {
  const { rows } = await database.db.pool.query(
    `select c.id, c.status, c.tags, c.assignee_id is not null as assigned, c.priority from conversation c
     join message m on m.conversation_id = c.id where m.text = $1 order by m.id desc limit 1`,
    [text],
  )
  return rows[0] as Record<string, unknown>
}
const becomes = (text: string, wanted: Record<string, unknown>) =>
  eventually(async () => expect(await of(text)).toMatchObject(wanted))

test('reading, replying and going on need no mouse', async () => {
  const { keyboard } = desk.page
  for (const key of ['j', 'j', 'j', 'Enter']) await keyboard.press(key)
  await desk.log.getByText('First question').waitFor()
  await keyboard.press('k')
  await desk.log.getByText('Second question').waitFor()
  await keyboard.press('r')
  await keyboard.type('typed j k e without effect')
  await keyboard.press('Control+Enter')
  await desk.log.getByText('typed j k e without effect').waitFor()
  await keyboard.press('Escape')
  await keyboard.press('n')
  await desk.page.getByText('Only your colleagues see this').waitFor()
  await keyboard.press('Escape')
  await keyboard.press('i')
  await becomes('Second question', { assigned: true, status: 'waiting' })
  await keyboard.press('u')
  await desk.page.getByText('Choose a conversation').waitFor()
  await keyboard.press('g')
  await keyboard.press('m')
  await desk.page.waitForURL('**/inbox/mine')
  await desk.row('Second question').or(desk.row('typed')).first().waitFor()
  await keyboard.press('?')
  await desk.page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
})

test('resolving opens the next one and can be undone', async () => {
  await desk.row('Third question').click()
  await desk.log.getByText('Third question').waitFor()
  await desk.page.keyboard.press('e')
  await becomes('Third question', { status: 'resolved' })
  await desk.log.getByText('Third question').waitFor({ state: 'detached' })
  await desk.page.getByRole('button', { name: 'Undo' }).click()
  await becomes('Third question', { status: 'open' })
})

test('tags, priority and snooze by key', async () => {
  await desk.row('First question').click()
  await desk.log.getByText('First question').waitFor()
  await desk.page.keyboard.press('t')
  await desk.page.getByLabel('Find or make a tag').fill('refund')
  await desk.page.keyboard.press('Enter')
  await becomes('First question', { tags: ['refund'] })
  await desk.page.keyboard.press('Escape')
  await desk.page.keyboard.press('p')
  await desk.page.getByRole('menuitemradio', { name: 'Urgent' }).click()
  await becomes('First question', { priority: 4 })
  await desk.page.keyboard.press('s')
  await desk.page.getByRole('menuitem', { name: /Tomorrow/ }).click()
  await becomes('First question', { status: 'snoozed' })
})

test('Enter that ends a word in an input method never sends', async () => {
  await customer('输入法')
  await desk.row('输入法').click()
  await desk.box.waitFor()
  await desk.page.evaluate(`localStorage.setItem('tributary.preferences', '{"sendKey":"enter"}')`)
  await desk.page.reload()
  await desk.box.fill('ni hao')
  const enter = (isComposing: boolean) =>
    desk.page.evaluate(`document.querySelector('textarea').dispatchEvent(new KeyboardEvent('keydown',
      { key: 'Enter', isComposing: ${isComposing}, bubbles: true, cancelable: true }))`)
  await enter(true)
  expect(await desk.box.inputValue()).toBe('ni hao')
  await enter(false)
  await eventually(async () => (await desk.box.inputValue()) === '')
  await desk.log.getByText('ni hao').waitFor()
})

test('while the pointer is at work in the list nothing moves; what is new waits in a bar', async () => {
  const first = await desk.list.getByRole('link').first().innerText()
  const box = await desk.list.getByRole('link').first().boundingBox()
  let step = 0
  const work = () => desk.page.mouse.move((box?.x ?? 0) + 60 + (step++ % 9), (box?.y ?? 0) + 30)
  await work()
  await customer('Arrived under the pointer')
  await eventually(async () => {
    await work()
    return desk.page.getByRole('button', { name: '1 new' }).isVisible()
  })
  expect(await desk.list.getByRole('link').first().innerText()).toBe(first)
  await desk.row('Arrived under the pointer').waitFor({ timeout: 5_000 })
  expect(await desk.list.getByRole('link').first().innerText()).toContain('Arrived under the pointer')
})

test('after the server was restarted the page holds what happened meanwhile, without a reload', async () => {
  const port = Number(new URL(app.url).port)
  await app.close()
  await desk.page.getByText('Connection lost').waitFor()
  app = await visitorApp(database, { webRoot, widgetRoot, dataDir, port })
  await customer('While you were away')
  await desk.row('While you were away').waitFor({ timeout: 20_000 })
  await desk.page.getByText('Connection lost').waitFor({ state: 'detached' })
})
