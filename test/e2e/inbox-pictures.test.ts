import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newVisitor, type VisitorApp, type VisitorClient, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let ada: string
let inboxId: string
let long: string

const questions = [
  'Is the exchange down? Nothing loads.',
  '手续费等级是怎么计算的？我上个月的交易量应该够VIP2了。',
  'How do I export my trades of last year?',
  '二段階認証のアプリを失くしてしまいました。ログインできません。',
  'My limit order was filled at a worse price than shown. Order 77120934.',
  'Здравствуйте! Почему с меня списали комиссию за фандинг дважды?',
]

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  inboxId = await app.inbox({ name: 'Northstar' })
  ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  for (const question of questions) await (await newVisitor(app, inboxId)).send(question)
  long = await conversation(await newVisitor(app, inboxId))
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

/** One of everything: a run, an album, a note, formatted words, a failed and an unconfirmed reply. */
async function conversation(visitor: VisitorClient): Promise<string> {
  const first = await visitor.send('My withdrawal has been "processing" since this morning.')
  const messageId = first.body.message.id
  await visitor.send('0.42 BTC to the address ending in 9xk2. Can somebody look?')
  await app.answer(
    messageId,
    'I am looking into it:\n\n1. the **address** is right\n2. the fee was low\n\nPlease give me `two minutes`.',
  )
  await app.answer(messageId, 'Stuck in the hot wallet. Asked payments to push it by hand.', { note: true })
  const refused = await app.answer(messageId, 'It is on its way now.')
  const lost = await app.answer(messageId, 'Did it arrive?')
  const { db } = database
  await eventually(async () => {
    const { rows } = await db.pool.query(
      `select bool_and(state <> 'pending' and state <> 'sending') as done from delivery`,
    )
    return rows[0].done
  })
  await db.pool.query(`update delivery set state = 'failed', failure = 'blocked' where message_id = $1`, [refused])
  await db.pool.query(`update delivery set state = 'uncertain', failure = 'uncertain' where message_id = $1`, [lost])
  const { rows } = await db.pool.query('select conversation_id as id from message where id = $1', [messageId])
  return (rows[0] as { id: string }).id
}

const looks = [
  { name: 'light-en', colorScheme: 'light', locale: 'en-GB' },
  { name: 'dark-zh', colorScheme: 'dark', locale: 'zh-CN' },
] as const
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

async function fits(page: Page): Promise<void> {
  const root = 'document.documentElement'
  const sideways = await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`)
  expect(sideways, `${page.url()} scrolls sideways`).toBe(0)
}

test.each(looks.flatMap((look) => sizes.map((viewport) => ({ ...look, viewport }))))(
  'the pages fit and are pictured: $name at $viewport.width',
  async ({ name, colorScheme, locale, viewport }) => {
    const look = { viewport, colorScheme, locale, hasTouch: viewport.width < 900 }
    const desk = await openInbox(browser, app, { email: ada, look })
    const pages = {
      list: '/inbox/all',
      conversation: `/c/${long}`,
      empty: '/inbox/mine',
      inboxes: '/settings/inboxes',
      'new-inbox': '/settings/inboxes/new?channel=widget',
      profile: '/settings/profile',
    }
    for (const [page, path] of Object.entries(pages)) {
      await desk.go(path)
      await desk.page.waitForLoadState('networkidle')
      await fits(desk.page)
      await shoot(desk.page, `inbox-${page}-${name}-${viewport.width}`)
    }
    await desk.close()
    const stranger = await openInbox(browser, app, { path: '/sign-in', look })
    await stranger.page.getByRole('textbox').first().waitFor()
    await shoot(stranger.page, `inbox-sign-in-${name}-${viewport.width}`)
    await stranger.close()
    expect(desk.problems).toEqual([])
  },
)

test('an undelivered and an unconfirmed reply say so in words and offer what helps', async () => {
  const path = `/c/${await conversation(await newVisitor(app, inboxId))}`
  const desk = await openInbox(browser, app, { email: ada, path })
  await desk.log.getByText('Not delivered: the customer blocked us.').waitFor()
  await desk.log.getByText('Website chat did not confirm this.').waitFor()
  const unconfirmed = desk.log.getByRole('status').filter({ hasText: 'did not confirm' })
  await unconfirmed.getByRole('button', { name: 'Leave it' }).click()
  await desk.log.getByText('Website chat did not confirm this.').waitFor({ state: 'detached' })
  await desk.log.getByRole('button', { name: 'Try again' }).click()
  await desk.log.getByText(/Not delivered/).waitFor({ state: 'detached' })
  await desk.close()
})

test('scripts up to the painted list weigh at most 200 kB', async () => {
  const desk = await openInbox(browser, app, { email: ada, path: '/sign-in' })
  const scripts = new Set<string>()
  desk.page.on('request', (request) => request.resourceType() === 'script' && scripts.add(request.url()))
  await desk.go('/inbox/all')
  await desk.row('exchange down').waitFor()
  const sizes = await Promise.all(
    [...scripts].map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
  )
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(200_000)
  await desk.close()
})
