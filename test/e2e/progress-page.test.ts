import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createTeam } from '../support/factories.ts'
import { newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot, watch } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'
import { picture } from './support/mails.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let li: string
let path: string
let number: string
const asked = '我昨天充值的 USDT 到现在还没有到账，交易哈希在截图里。'

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  const { pool } = database.db
  const inboxId = await app.inbox({ name: 'Northstar' })
  li = await hire(database, { name: 'Li Na', inboxId })
  const teamId = await createTeam(pool, 'Payments')
  await pool.query(`update team set customer_sees = '充提专员' where id = $1`, [teamId])
  const visitor = await newVisitor(app, inboxId)
  const { body: file } = await visitor.upload('screenshot.png', new Uint8Array(picture(320, 180)))
  const { body: pdf } = await visitor.upload('statement.pdf', new TextEncoder().encode('%PDF-1.4 statement'))
  const { body } = await visitor.send(asked, { attachments: [file.file.id, pdf.file.id] })
  await app.answer(body.message.id, '正在查，请看：\n\n- **网络**：TRC-20\n- 确认数：`18/20`')
  await app.answer(body.message.id, 'Looks like fraud to me', { note: true })
  const { rows } = await pool.query(
    `update conversation c set team_id = $2, assignee_id = (select id from agent where email = $3),
        due_at = now() + interval '2 hours', due_kind = 'nextResponse'
      from message m where m.id = $1 and c.id = m.conversation_id returning c.id, c.number::text`,
    [body.message.id, teamId, li],
  )
  await pool.query(`update agent set public_name = '李娜' where email = $1`, [li])
  path = `/c/${rows[0].id}`
  number = rows[0].number
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

const looks = [
  { name: '1440-light-en', colorScheme: 'light', locale: 'en-GB', viewport: { width: 1440, height: 900 } },
  { name: '1440-dark-zh', colorScheme: 'dark', locale: 'zh-CN', viewport: { width: 1440, height: 900 } },
  { name: '390-light-zh', colorScheme: 'light', locale: 'zh-CN', viewport: { width: 390, height: 844 } },
  { name: '390-dark-en', colorScheme: 'dark', locale: 'en-GB', viewport: { width: 390, height: 844 } },
] as const
type Look = (typeof looks)[number]

async function dialogIn({ name: _, ...look }: Look) {
  const desk = await openInbox(browser, app, {
    email: li,
    path,
    look: { ...look, hasTouch: look.viewport.width < 900 },
  })
  await desk.log.getByText(asked).first().waitFor()
  await desk.page.getByRole('button', { name: /^(More|更多)$/ }).click()
  await desk.page.getByRole('menuitem', { name: /^(Progress page…|进度页面…)$/ }).click()
  const dialog = desk.page.getByRole('dialog', { name: /^(Progress page|进度页面)$/ })
  await dialog.getByRole('button', { name: /^(Make an address|生成网址)$/ }).waitFor()
  return { desk, dialog }
}

/** Somebody without an account, who was given the address. */
async function reader(url: string, { name: _, ...look }: Look) {
  const context = await browser.newContext(look)
  const { problems } = watch(context, /status of 404/)
  const page = await context.newPage()
  const answer = await page.goto(url)
  return { page, problems, answer, close: () => context.close() }
}

async function seen(page: Page, name: string): Promise<void> {
  await fits(page)
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, name)
}

test('an agent makes an address, the customer reads it without signing in, and it is gone once it is revoked', async () => {
  const urls: string[] = []
  for (const look of looks) {
    const { desk, dialog } = await dialogIn(look)
    if (urls.length === 0) {
      await dialog.getByText('No address was given out yet.').waitFor()
      await shoot(desk.page, `progress-dialog-none-${look.name}`)
    }
    await dialog.getByRole('button', { name: /^(Make an address|生成网址)$/ }).click()
    const url = await dialog.getByRole('textbox').inputValue()
    expect(url).toMatch(/^http:\/\/localhost:\d+\/t\/[\w-]{22}$/)
    urls.push(url)
    await eventually(async () => expect(await dialog.getByRole('listitem').count()).toBe(urls.length))
    await seen(desk.page, `progress-dialog-${look.name}`)
    expect(desk.problems).toEqual([])
    await desk.close()

    const guest = await reader(url, look)
    await guest.page.getByRole('heading', { level: 1 }).getByText(`#${number}`).waitFor()
    await guest.page.getByText(asked).waitFor()
    await guest.page.getByText(/李娜.*充提专员/).waitFor()
    expect(await guest.page.getByText('fraud').count()).toBe(0)
    await guest.page.waitForFunction(`[...document.images].every((one) => one.complete && one.naturalWidth > 1)`)
    expect(await guest.page.locator('img').count()).toBe(1)
    await seen(guest.page, `progress-page-${look.name}`)
    expect(guest.answer?.headers()).toMatchObject({
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    expect(await guest.page.locator('meta[name=robots]').getAttribute('content')).toContain('noindex')
    expect(guest.problems).toEqual([])
    await guest.close()
  }

  const guest = await reader(urls.at(-1) ?? '', looks[0])
  const files = await guest.page.evaluate<string[]>(`[...document.querySelectorAll('.files a')].map((one) => one.href)`)
  expect(files).toHaveLength(2)
  const statusOf = async (url: string) => (await fetch(url)).status
  for (const file of files) expect(await statusOf(file)).toBe(200)

  const { desk, dialog } = await dialogIn(looks[0])
  // The newest stands first.
  await dialog.getByRole('listitem').first().getByRole('button', { name: 'Revoke' }).click()
  await dialog.getByRole('listitem').first().getByText('Revoked').waitFor()
  await shoot(desk.page, 'progress-dialog-revoked-1440-light-en')
  await desk.close()
  expect((await guest.page.reload())?.status()).toBe(404)
  for (const file of files) expect(await statusOf(file)).toBe(404)
  await guest.close()
  for (const look of looks) {
    const gone = await reader(urls.at(-1) ?? '', look)
    await gone.page.getByText(asked).waitFor({ state: 'detached' })
    await seen(gone.page, `progress-gone-${look.name}`)
    await gone.close()
  }
  // The others go on, until so many days after the end.
  expect(await statusOf(urls[0] ?? '')).toBe(200)
  const ended = (days: number) =>
    database.db.pool.query(
      `update conversation set status = 'resolved', resolved_at = now() - make_interval(days => $2) where number = $1`,
      [number, days],
    )
  await ended(29)
  const over = await reader(urls[0] ?? '', looks[2])
  await seen(over.page, 'progress-over-390-light-zh')
  await over.close()
  await ended(31)
  expect(await statusOf(urls[0] ?? '')).toBe(404)
}, 240_000)
