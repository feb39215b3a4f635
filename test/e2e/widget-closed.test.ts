import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessHours } from '../../src/store/business-hours.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot, watch } from './support/browser.ts'
import { requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'
import { widgetPage } from './support/widget-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { widgetRoot, webRoot })
  const week = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '24:00' }))
  const [from = '', to = ''] = [0, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10))
  const holidays = [{ from, to, name: 'Festival' }]
  await createBusinessHours(database.db.pool, { name: 'Office', timeZone: 'UTC', week, holidays })
  inboxId = await app.inbox({ name: 'Northstar', liveChat: { hours: 'Office' } })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

test.each([
  ['en', 'light', 1440, /Nobody is here to chat at the moment\. We are back \w+/, 'Help centre'],
  ['zh', 'dark', 390, /现在没有客服在线。 我们将于星期.+恢复在线/, '帮助中心'],
  ['ja', 'light', 390, /担当者は不在です。 .+曜日.+に再開します/, 'ヘルプセンター'],
  ['ko', 'dark', 1440, /지금은 상담원이 없습니다\. .+요일.+에 다시 시작합니다/, '고객센터'],
  ['ru', 'light', 1440, /Сейчас в чате никого нет\. Мы вернёмся: .+/, 'Справочный центр'],
] as const)(
  'outside hours the chat says when people are back, and takes the message: %s',
  async (locale, theme, width, said, help) => {
    const viewport = { width, height: width === 390 ? 844 : 900 }
    const context = await browser.newContext({ viewport, colorScheme: theme })
    const { problems } = watch(context)
    const { page, panel, open, say, words } = await widgetPage(
      context,
      `${app.url}/demo?inbox=${inboxId}&locale=${locale}&theme=${theme}`,
    )
    await open()
    await panel.getByRole('status').filter({ hasText: said }).waitFor()
    expect(await panel.getByRole('link', { name: help }).getAttribute('href')).toBe(`${app.url}/help`)
    await say('0x8f3a')
    await panel.getByText(/Sent|已发送|送信済み|보냄|Отправлено/).waitFor()
    expect(await words()).toEqual(['0x8f3a'])
    await fits(page)
    await shoot(page, `closed-${locale}-${width}-${theme}`)
    expect((await axeProblems(page)).filter((one) => !one.startsWith('empty-table-header'))).toEqual([])
    expect(problems).toEqual([])
    await context.close()
  },
)
