import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let chat: string
let ada: string
let li: string
beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  chat = await app.inbox({ name: 'Northstar' })
  ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  li = await hire(database, { name: 'Li Na' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

const q = () => database.db.pool
const idOf = async (email: string): Promise<string> =>
  (await q().query('select id from agent where email = $1', [email])).rows[0].id

async function asks(words: string): Promise<string> {
  const visitor = await newVisitor(app, chat)
  await visitor.send(words)
  const { rows } = await q().query('select conversation_id as id from message where text = $1', [words])
  return (rows[0] as { id: string }).id
}
const holderOf = async (id: string) =>
  (await q().query('select assignee_id as "agentId" from conversation where id = $1', [id])).rows[0].agentId

/** The team is made, somebody learns Chinese, all in the pages. */
async function setUp(desk: InboxPage): Promise<void> {
  const { page } = desk
  await page.getByLabel('Topic').fill('Withdrawals')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByText('Withdrawals').waitFor()
  await desk.go('/settings/people')
  await page.getByRole('button', { name: 'Add a team' }).click()
  const team = page.getByRole('dialog', { name: 'Add a team' })
  await team.getByLabel('Name of the team').fill('Chinese desk')
  await team.getByRole('checkbox', { name: 'Li Na' }).check()
  await shoot(page, 'routing-team-1440')
  await team.getByRole('button', { name: 'Save' }).click()
  await team.waitFor({ state: 'detached' })
  await page.getByText('to whoever has most room').waitFor()
  await page.getByRole('button', { name: 'Change Li Na' }).click()
  await page.getByRole('menuitem', { name: 'Skills and hours…' }).click()
  const skills = page.getByRole('dialog', { name: 'Skills and hours of Li Na' })
  await skills.getByLabel('Add: Languages').selectOption('zh')
  await skills.getByLabel('How well: Chinese').selectOption('3')
  await skills.getByLabel('Add: Topics').selectOption({ label: 'Withdrawals' })
  for (const day of ['1', '7']) {
    await skills.getByRole('button', { name: 'Add hours' }).click()
    await skills.getByLabel('Day').last().selectOption(day)
  }
  await shoot(page, 'routing-skills-1440')
  await skills.getByRole('button', { name: 'Remove these hours' }).first().click()
  await skills.getByRole('button', { name: 'Remove these hours' }).first().click()
  await skills.getByRole('button', { name: 'Save' }).click()
  await skills.waitFor({ state: 'detached' })
}

test('a team is set up in the pages; who speaks the language gets the question at once and reads why', async () => {
  const desk = await openInbox(browser, app, { email: ada, path: '/settings/topics' })
  await setUp(desk)
  const liId = await idOf(li)
  await q().query(`update inbox set team_id = (select id from team where name = 'Chinese desk') where id = $1`, [chat])
  await q().query(`update agent set availability = 'online' where id = $1`, [liId])
  const id = await asks(`我的提现已经三天没有到账了，请帮忙查一下 ${randomUUID()}`)
  await eventually(async () => expect(await holderOf(id)).toBe(liId))
  const hers = await openInbox(browser, app, { email: li, path: `/c/${id}` })
  await hers.log.getByText('Given to Li Na: speaks Chinese, has most room (2 of 6)').waitFor()
  await hers.page.getByLabel('Topic').selectOption({ label: 'Withdrawals' })
  await hers.log.getByText('Li Na set the topic to Withdrawals').waitFor()
  await hers.page.getByRole('button', { name: 'More for this person' }).click()
  await hers.page.getByRole('menuitemradio', { name: 'Goes first (VIP)' }).click()
  await hers.page.getByText('VIP', { exact: true }).waitFor()
  await hers.page.getByRole('button', { name: 'More for this person' }).click()
  await hers.page.getByRole('menuitem', { name: 'Whose customer…' }).click()
  await hers.page.getByLabel('Owner').selectOption({ label: 'Li Na' })
  await hers.page.getByLabel('Stands in').first().selectOption({ label: 'Ada Winter' })
  await hers.page.getByRole('button', { name: 'Save' }).click()
  await hers.page.getByText('Customer of Li Na, Ada Winter').waitFor()
  await shoot(hers.page, 'routing-conversation-1440')
  expect(await axeProblems(hers.page)).toEqual([])
  await hers.page.getByRole('button', { name: 'More', exact: true }).click()
  await hers.page.getByRole('menuitem', { name: 'To a higher level…' }).click()
  const dialog = hers.page.getByRole('dialog', { name: 'To a higher level' })
  await q().query('update agent set tiers = $2 where id = $1', [liId, [1]])
  await dialog.getByLabel('What whoever takes it must know').fill('The transfer is on the chain since Monday.')
  await shoot(hers.page, 'routing-escalate-1440')
  await dialog.getByRole('button', { name: 'Hand over' }).click()
  await hers.page.getByText('Li Na handed this to the Second level').waitFor()
  await eventually(async () => expect(await holderOf(id)).toBeNull())
  expect(hers.problems).toEqual([])
  await hers.close()
  await desk.close()
})

test('Shift+N takes the next one and opens it, and says so when nothing waits', async () => {
  const words = `Next please ${randomUUID()}`
  await q().query(`update agent set availability = 'away', languages = '{}', tiers = '{1}'`)
  await q().query(`update conversation set status = 'resolved'`)
  const id = await asks(words)
  const desk = await openInbox(browser, app, { email: li, path: '/inbox/mine' })
  await eventually(async () => {
    const { rows } = await q().query('select routed_at from conversation where id = $1', [id])
    expect(rows[0].routed_at).not.toBeNull()
  })
  await desk.page.getByRole('heading', { name: 'Mine' }).waitFor()
  await shoot(desk.page, 'routing-next-1440')
  await desk.page.keyboard.press('Shift+N')
  await desk.log.getByText('Li Na took the next one').waitFor()
  expect(await holderOf(id)).toBe(await idOf(li))
  await desk.page.keyboard.press('Shift+N')
  await desk.page.getByText('Nothing is waiting that you could take.').waitFor()
  await desk.close()
})

const views: readonly (BrowserContextOptions & { name: string; zh?: boolean })[] = [
  { name: 'dark-zh-1440', colorScheme: 'dark', locale: 'zh-CN', zh: true },
  { name: '390', viewport: { width: 390, height: 844 } },
  { name: 'dark-zh-390', viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN', zh: true },
]

test.each(views)('the pages are whole on $name', async ({ name, zh = false, ...look }) => {
  const desk = await openInbox(browser, app, { email: ada, path: '/settings/topics', look })
  const { page } = desk
  await page.getByText('Withdrawals').waitFor()
  await fits(page)
  await shoot(page, `routing-topics-${name}`)
  await desk.go('/settings/people')
  await page
    .getByRole('button', { name: zh ? '编辑' : 'Edit' })
    .first()
    .click()
  await page.getByRole('dialog').getByRole('combobox').first().scrollIntoViewIfNeeded()
  await fits(page)
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, `routing-team-${name}`)
  await page.keyboard.press('Escape')
  await page
    .getByRole('button', { name: /Change Li Na|更改Li Na|Li Na/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: zh ? '技能与工作时间…' : 'Skills and hours…' }).click()
  await page
    .getByRole('dialog')
    .getByLabel(zh ? '同时可承担的点数' : 'Points of work at once')
    .waitFor()
  await fits(page)
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, `routing-skills-${name}`)
  expect(desk.problems).toEqual([])
  await desk.close()
})
