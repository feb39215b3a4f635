import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createTeam } from '../support/factories.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot, watch } from './support/browser.ts'
import { requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'
import { widgetPage } from './support/widget-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string
let agentId: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { widgetRoot, webRoot })
  inboxId = await app.inbox({ name: 'Northstar' })
  const { pool } = database.db
  const teamId = await createTeam(pool)
  await pool.query(`update team set customer_sees = 'a specialist', strategy = 'balanced' where id = $1`, [teamId])
  await pool.query('update inbox set team_id = $2 where id = $1', [inboxId, teamId])
  const { rows } = await pool.query(
    `insert into agent (email, name, public_name, role, availability, capacity)
      values ('kim@northstar.example', 'Kim Min-jun', 'Kim', 'agent', 'offline', 2) returning id`,
  )
  agentId = rows[0].id
  await pool.query('insert into team_member (team_id, agent_id) values ($1, $2)', [teamId, agentId])
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

async function visitor(locale: 'en' | 'zh', theme: 'light' | 'dark', width: number) {
  const viewport = { width, height: width === 390 ? 844 : 900 }
  const context = await browser.newContext({ viewport, colorScheme: theme })
  const { problems } = watch(context)
  const page = await widgetPage(context, `${app.url}/demo?inbox=${inboxId}&locale=${locale}&theme=${theme}`)
  await page.open()
  return { ...page, context, problems }
}
const objections = async (page: Page) =>
  (await axeProblems(page)).filter((one) => !one.startsWith('empty-table-header'))
const online = (state: string) =>
  database.db.pool.query('update agent set availability = $2 where id = $1', [agentId, state])

test('visitors see their place, also after a reload and a lost connection, move up, and hear whose turn it is', async () => {
  const first = await visitor('en', 'light', 1440)
  await first.say('I cannot sign in')
  const lineOf = ({ panel }: Pick<typeof first, 'panel'>) => panel.locator('.place')
  await lineOf(first).filter({ hasText: 'You are next.' }).waitFor()
  const second = await visitor('zh', 'dark', 390)
  await second.say('充值没有到账')
  await lineOf(second).filter({ hasText: '您目前排在第 2 位。' }).waitFor()
  await shoot(second.page, 'place-zh-390-dark')
  await fits(second.page)
  expect(await objections(second.page)).toEqual([])
  await shoot(first.page, 'place-en-1440-light')

  await second.page.reload()
  await second.launcher.click()
  await lineOf(second).filter({ hasText: '您目前排在第 2 位。' }).waitFor()
  await second.context.setOffline(true)
  await second.context.setOffline(false)

  await online('online')
  await first.panel.getByText('It is your turn: Kim (a specialist) is with you now.').waitFor()
  await eventually(async () => !(await lineOf(first).isVisible()))
  await shoot(first.page, 'turn-en-1440-light')
  // Room for one live conversation only: the other one moves up.
  await lineOf(second).filter({ hasText: '下一位就是您。' }).waitFor()
  await database.db.pool.query(`update conversation set status = 'waiting' where assignee_id = $1`, [agentId])
  await second.panel.getByText('轮到您了：Kim（a specialist）现在为您服务。').waitFor()
  await eventually(async () => !(await lineOf(second).isVisible()))
  await shoot(second.page, 'turn-zh-390-dark')
  const turns = (await second.words()).filter((text) => text.startsWith('轮到您了'))
  expect(turns).toHaveLength(1)
  expect([...first.problems, ...second.problems]).toEqual([])
}, 90_000)
