import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reply } from '../../src/delivery/reply.ts'
import { indexArticle } from '../../src/help/index-article.ts'
import { learnFromAnswers } from '../../src/store/bot-suggestion.ts'
import { transaction } from '../../src/store/database.ts'
import { stockedDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let desk: Awaited<ReturnType<typeof stockedDesk>>
let ada: string
let agentId: string
beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  desk = await stockedDesk(database.db)
  for (let n = 0; n < 3; n++) await desk.bot.knowledge.refresh()
  ada = await hire(database, { name: 'Ada Winter', role: 'admin', inboxId: desk.inboxId })
  agentId = (await desk.one('select id from agent where email = $1', ada)).id
  await desk.all(`update inbox set learn = true, name = 'Northstar chat' where id = $1`, desk.inboxId)
  await fill()
  app = await visitorApp(database, { webRoot, widgetRoot })
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

/** Another customer asks these, one after the other; the conversation. */
async function asks(...texts: string[]): Promise<string> {
  const chat = randomUUID()
  for (const text of texts) {
    await desk.receive(desk.say(text, { chat }))
    await desk.work()
  }
  return (await desk.conversation()).id
}

async function answers(conversationId: string, text: string, resolved = true): Promise<void> {
  const author = { type: 'agent', id: agentId, priority: 'person' } as const
  const sending = { kind: 'reply', attachmentFileIds: [], clientId: randomUUID() } as const
  await reply(desk.context, { conversationId, author, text, ...sending })
  if (resolved)
    await desk.all(`update conversation set status = 'resolved', resolved_at = now() where id = $1`, conversationId)
}

const elephants = 'purple elephants in my basement'
let held: string
async function fill(): Promise<void> {
  await asks('I forgot my password')
  await asks('怎么提币')
  await asks('how much is the withdrawal fee', 'I want to talk to a human')
  const one = await asks('I cannot see my thing', elephants)
  await answers(one, 'See https://help.example/help/en/password for all of it, please.')
  const other = await asks('I cannot see my thing', 'yellow submarines under my roof')
  await answers(other, 'Close the basement door and count the elephants twice. Then tell us how many there are.')
  await learnFromAnswers(database.db.pool)
  held = await asks('how do I reset my password', 'I want to talk to a human')
  await transaction(database.db, async (tx) => {
    for (const id of Object.values(desk.articles)) await indexArticle(tx, id)
  })
  const topic = await desk.one(`insert into topic (name) values ('Passwords') returning id`)
  await desk.all('update conversation set topic_id = $1 where id = any($2::bigint[])', topic.id, [one, held])
}

const phrasings = async () =>
  (await desk.all('select text from article_phrasing where article_id = $1', desk.articles.password)).map(
    (one) => one.text,
  )

test('each suggestion is read, accepted or dismissed by one key, and taken back', async () => {
  const boss = await openInbox(browser, app, { email: ada, path: '/settings/bot/review' })
  const { page } = boss
  await page.getByText(elephants).waitFor()
  await page.getByRole('link', { name: /Bot.*2 suggestions to review/ }).waitFor()
  await fits(page)
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, 'bot-review-1440')
  await page.keyboard.press('j')
  await page.keyboard.press('a')
  await page.getByText('Question added.').waitFor()
  expect(await phrasings()).toContain(elephants)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText(elephants).waitFor()
  expect(await phrasings()).not.toContain(elephants)
  await page.getByRole('button', { name: 'Reword' }).click()
  await page.getByLabel('Question as it is added').fill('Where do the elephants come from?')
  await page.keyboard.press('Enter')
  await eventually(async () => (await phrasings()).includes('Where do the elephants come from?'))
  await page.getByText(elephants).waitFor({ state: 'detached' })
  await page.keyboard.press('d')
  await page.getByText('Nothing to review.').waitFor()
  await shoot(page, 'bot-review-empty-1440')
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByRole('button', { name: 'Write the article' }).click()
  await page.waitForURL(/\/articles\/\d+\?locale=en/)
  await page.getByText('Draft').first().waitFor()
  const published = await desk.one(`select published_version from article_text where title like 'Close the basement%'`)
  expect(published.published_version).toBeNull()
  expect(boss.problems).toEqual([])
  await boss.close()
})

test('each number says what it counts and opens it', async () => {
  const boss = await openInbox(browser, app, { email: ada, path: '/settings/bot' })
  const { page } = boss
  // What was accepted is learned at leisure.
  await page.getByText(/^Knows \d+ questions in 4 published articles, in English and Chinese/).waitFor()
  await page
    .getByRole('button', { name: /^Answered/ })
    .first()
    .waitFor()
  await fits(page)
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, 'bot-quality-1440')
  await page.getByRole('button', { name: 'The customer asked for a person' }).click()
  const list = page.getByRole('dialog', { name: 'Handed over: The customer asked for a person: 2' })
  await list.getByText('I want to talk to a human').first().waitFor()
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, 'bot-turns-1440')
  await page.keyboard.press('Escape')
  await list.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Withdrawal fees: Answered: 1' }).click()
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /how much is the withdrawal fee/ })
    .click()
  await boss.log.getByText('how much is the withdrawal fee').first().waitFor()
  expect(boss.problems).toEqual([])
  await boss.close()
})

test('whoever takes over reads what the bot did, marks it wrong, and is offered what helps', async () => {
  const boss = await openInbox(browser, app, { email: ada, path: `/c/${held}` })
  const { page, log } = boss
  const card = page.getByRole('region', { name: 'What happened with the bot' })
  await card.getByText('Asked: “how do I reset my password”').waitFor()
  await card.getByText(/Answered with “Reset your password” · .*like “how do I reset my password”/).waitFor()
  const bubble = log.getByRole('article').filter({ hasText: 'Forgot password' })
  await bubble.hover()
  await bubble.getByRole('button', { name: 'More for this message' }).click()
  await page.getByRole('menuitem', { name: 'This answer is wrong' }).click()
  await log.getByText('Marked as wrong').waitFor()
  const send = page.getByRole('button', { name: 'Send', exact: true })
  const before = await send.boundingBox()
  await boss.box.focus()
  await page.keyboard.press('Control+j')
  const help = page.getByRole('dialog', { name: 'Suggestions for your answer' })
  await help.getByRole('region', { name: 'Answers' }).getByText('Reset your password').waitFor()
  expect(await send.boundingBox()).toEqual(before)
  await shoot(page, 'bot-assist-1440')
  expect(await axeProblems(page)).toEqual([])
  await page.keyboard.press('Enter')
  await eventually(async () => (await boss.box.inputValue()).startsWith('Choose “Forgot password”'))
  await page.keyboard.press('Control+j')
  await help.getByRole('region', { name: 'Solved before' }).getByRole('button').click()
  const beside = page.getByRole('complementary', { name: 'Conversation #1004' })
  await beside.getByText(elephants).waitFor()
  await shoot(page, 'bot-beside-1440')
  await page.keyboard.press('Escape')
  await beside.waitFor({ state: 'detached' })
  expect(await boss.box.inputValue()).toContain('Forgot password')
  expect(await page.getByRole('button', { name: 'Summary' }).count()).toBe(0)
  for (let n = 0; n < 4; n++) await answers(held, `Noted ${n}. We will check it within 2 days.`, false)
  await page.reload()
  await page.getByRole('button', { name: 'Summary' }).click()
  await page.getByRole('link', { name: 'We will check it within 2 days.' }).first().waitFor()
  await shoot(page, 'bot-summary-1440')
  // An agent answered: nobody needs to be told any more.
  expect(await card.count()).toBe(0)
  expect(boss.problems).toEqual([])
  await boss.close()
})

const views: readonly (BrowserContextOptions & { name: string })[] = [
  { name: 'dark-zh-1440', colorScheme: 'dark', locale: 'zh-CN' },
  { name: '390', viewport: { width: 390, height: 844 }, hasTouch: true },
  { name: 'dark-zh-390', viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN', hasTouch: true },
]

test.each(views)('the pages are whole on $name', async ({ name, ...look }) => {
  await desk.all(`update bot_suggestion set state = 'open'`)
  const boss = await openInbox(browser, app, { email: ada, path: '/settings/bot', look })
  const { page } = boss
  const whole = async (what: string, ready: (page: Page) => Promise<unknown>) => {
    await ready(page)
    await fits(page)
    expect(await axeProblems(page)).toEqual([])
    await shoot(page, `bot-${what}-${name}`)
  }
  await whole('quality', () => page.getByText(/^(Knows|掌握) /).waitFor())
  await boss.go('/settings/bot/review')
  await whole('review', () => page.getByText(elephants).waitFor())
  await boss.go(`/c/${held}`)
  await whole('answered', () => boss.log.getByText('Noted 3.').waitFor())
  await page.getByRole('button', { name: /^(Suggestions|建议)$/ }).click()
  await whole('assist', () => page.getByRole('dialog').getByText('Reset your password').first().waitFor())
  expect(boss.problems).toEqual([])
  await boss.close()
})
