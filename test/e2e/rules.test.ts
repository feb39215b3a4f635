import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createConversation, createIdentity, createMessage, createTeam } from '../support/factories.ts'
import { addRule } from '../support/rule-desk.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt } from './support/inbox-page.ts'
import { type MailDesk, mailDesk } from './support/mail-desk.ts'

let database: TestDatabase
let desk: MailDesk
let browser: Browser
let number: string
let conversationId: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  desk = await mailDesk(database)
  await furnish()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await desk?.close()
  await database?.close()
})

async function furnish(): Promise<void> {
  const { db } = database
  const payments = await createTeam(db.pool, 'Payments')
  const security = await createTeam(db.pool, 'Account security')
  const gone = await createTeam(db.pool, 'Gone')
  const group = (...conditions: object[]) => ({ match: 'all', groups: [{ match: 'all', conditions }] }) as never
  await addRule(db, {
    name: 'Stolen account: at once to security',
    conditions: {
      match: 'any',
      groups: [
        { match: 'any', conditions: [{ field: 'text', words: ['hacked', 'stolen', '被盗', '盗号'] }] },
        {
          match: 'all',
          conditions: [
            { field: 'language', in: ['zh'] },
            { field: 'tag', in: ['security'] },
          ],
        },
      ],
    },
    actions: [
      { type: 'team', teamId: security },
      { type: 'priority', priority: 'urgent' },
      { type: 'bot', on: false },
    ],
    stops: true,
  })
  await addRule(db, {
    name: 'Deposits go to Payments',
    conditions: group({ field: 'text', words: ['deposit', '充值', '入金'] }, { field: 'vip', in: ['yes'], not: true }),
    actions: [
      { type: 'team', teamId: payments },
      { type: 'addTags', tags: ['deposit'] },
    ],
  })
  await addRule(db, {
    name: 'A team that is gone',
    enabled: false,
    event: { kind: 'waiting', minutes: 30 },
    actions: [{ type: 'team', teamId: gone }],
  })
  await db.pool.query('delete from team where id = $1', [gone])
  await db.pool.query(`insert into macro (name, text, actions, used) values
    ('Deposit: ask for the transaction', 'Hello {{contact.name|there}},' || chr(10) || chr(10) || 'please send us the transaction id. Your case is {{conversation.number}}.', '[{"type": "addTags", "tags": ["deposit"]}, {"type": "priority", "priority": "high"}]', 12),
    ('Close politely', 'Thank you for writing. Is there anything else?', '[]', 3)`)
  const identityId = await createIdentity(db.pool, { name: 'Li Wei' })
  const conversation = await createConversation(db.pool, { inboxId: desk.inboxId, identityId })
  await createMessage(db.pool, conversation, { text: 'Where is my deposit? I sent it yesterday.' })
  conversationId = conversation.id
  const why = {
    match: 'all',
    ok: true,
    groups: [
      {
        match: 'all',
        ok: true,
        conditions: [
          { condition: { field: 'text', words: ['deposit'] }, ok: true, known: true, found: ['deposit'] },
          { condition: { field: 'queue', atLeast: 5, not: false }, ok: true, known: true, found: ['9'] },
        ],
      },
    ],
  }
  const done = [
    { type: 'priority', state: 'done' },
    { type: 'team', state: 'gone' },
  ]
  await db.pool.query(
    `insert into rule_run (rule_id, rule_name, conversation_id, trigger, why, actions)
     values (99, 'Deposits in a rush', $1, 'message:1', $2, $3)`,
    [conversation.id, JSON.stringify(why), JSON.stringify(done)],
  )
  number = (await db.pool.query('select number from conversation where id = $1', [conversation.id])).rows[0].number
}

const looks = [
  { name: 'light-en', colorScheme: 'light', locale: 'en-GB' },
  { name: 'dark-zh', colorScheme: 'dark', locale: 'zh-CN' },
] as const
const views = looks.flatMap((look) =>
  [
    { width: 1440, height: 1100 },
    { width: 390, height: 844 },
  ].map((viewport) => ({ ...look, viewport, hasTouch: viewport.width < 900 })),
)
type View = (typeof views)[number]
let hired = 0

async function open(path: string, view?: View): Promise<InboxPage> {
  hired += 1
  const email = await hire(database, { name: `Ada ${hired}`, role: 'admin', inboxId: desk.inboxId })
  return openInbox(browser, desk, { email, path, ...(view && { look: view }) })
}

async function looksRight(page: Page, name: string, view: View): Promise<void> {
  await page.waitForLoadState('networkidle')
  await fits(page)
  await shoot(page, `rules-${name}-${view.name}-${view.viewport.width}`)
  expect(await axeProblems(page), name).toEqual([])
}

test.each(views)('the list, a rule and what it would do: $name at $viewport.width', async (view) => {
  const { page, problems, close } = await open('/settings/rules', view)
  await page.locator('ol > li').nth(2).waitFor()
  await looksRight(page, 'list', view)
  await page.locator('section input').fill(number)
  await page.locator('article').first().waitFor()
  await page.locator('article').last().scrollIntoViewIfNeeded()
  await looksRight(page, 'tried', view)
  await page.locator('ol > li a').first().click()
  await page.locator('form fieldset').first().waitFor()
  await looksRight(page, 'editor', view)
  await page.locator('section input[inputmode=numeric]').fill(number)
  await page.locator('article').first().waitFor()
  await page.locator('article').first().scrollIntoViewIfNeeded()
  await looksRight(page, 'editor-end', view)
  await close()
  expect(problems).toEqual([])
})

test.each(views)('macros: $name at $viewport.width', async (view) => {
  const { page, problems, close } = await open('/settings/macros', view)
  await page.locator('main li').nth(1).waitFor()
  await looksRight(page, 'macros', view)
  await page.locator('main li button').nth(2).click()
  await page.getByRole('dialog').locator('textarea').first().waitFor()
  await looksRight(page, 'macro', view)
  await page.keyboard.press('Escape')
  await page.goto(`${desk.url}/c/${conversationId}`)
  const box = page.getByRole('textbox', { name: /^(Reply|回复)$/ })
  await box.waitFor()
  await box.pressSequentially('/')
  await page.getByRole('option').nth(1).waitFor()
  await looksRight(page, 'picker', view)
  await close()
  expect(problems).toEqual([])
})

test.each(views)('what fired on a conversation, and why: $name at $viewport.width', async (view) => {
  const { page, problems, close } = await open(`/c/${conversationId}`, view)
  await page
    .getByRole('button', { name: /^(More|更多)/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: /^(Rules|规则)$/ }).click()
  await page.getByRole('dialog').locator('article').nth(2).waitFor()
  await looksRight(page, 'fired', view)
  await close()
  expect(problems).toEqual([])
})

test('an administrator writes a rule, sees what it would do, and puts it first', async () => {
  const { page, problems, close } = await open('/settings/rules/new')
  await page.getByLabel('Name', { exact: true }).fill('Anything about deposits')
  await page.getByLabel('Words').fill('deposit, withdrawal')
  await page.getByLabel('Number of a conversation').fill(`#${number}`)
  await page.getByLabel('Add what to do').selectOption('Add tags')
  await page.getByLabel('Add tags').fill('money')
  await page.getByText('Found: deposit').waitFor()
  await page.getByText('Fires', { exact: true }).waitFor()
  await page.getByLabel('Words').fill('withdrawal')
  await page.getByText('Does not fire').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  const list = page.getByRole('list', { name: 'Rules' })
  await list.getByText('Anything about deposits').waitFor()
  expect(await list.locator('> li').last().innerText()).toContain('If Message contains “withdrawal”')
  for (let place = 4; place > 1; place--) {
    const up = page.getByRole('button', { name: 'Move “Anything about deposits” up' })
    await up.focus()
    await page.keyboard.press('Enter')
    await list
      .locator(`> li:nth-child(${place - 1})`)
      .getByText('Anything about deposits')
      .waitFor()
  }
  await page.reload()
  await list.locator('> li').first().getByText('Anything about deposits').waitFor()
  await list.locator('> li').first().getByRole('button', { name: 'Turn off' }).click()
  await list.locator('> li').first().getByText('Off', { exact: true }).waitFor()
  await close()
  expect(problems).toEqual([])
})

test('a pattern that cannot be read is refused beside its row', async () => {
  const { page, close } = await open('/settings/rules/new')
  await page.getByLabel('Name', { exact: true }).fill('Wrong')
  await page.getByLabel('is', { exact: true }).selectOption('matches the pattern')
  await page.getByLabel('matches the pattern').fill('abc[z')
  await page.getByLabel('Add what to do').selectOption('Set the priority')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('from character 4 on').waitFor()
  await close()
})

test('an agent uses a macro: its words are in the composer, its actions are done, nothing is sent', async () => {
  const { page, box, log, problems, close } = await open(`/c/${conversationId}`)
  await box.pressSequentially('/')
  await page.getByRole('combobox', { name: 'Find a macro' }).fill('depo')
  await page.keyboard.press('Enter')
  await expect
    .poll(() => box.inputValue())
    .toBe(`Hello Li Wei,\n\nplease send us the transaction id. Your case is #${number}.`)
  await log.getByText('(macro “Deposit: ask for the transaction”)').first().waitFor()
  const { rows } = await database.db.pool.query('select tags, priority from conversation where id = $1', [
    conversationId,
  ])
  expect(rows).toEqual([{ tags: ['deposit'], priority: 3 }])
  expect(
    (await database.db.pool.query('select from delivery where conversation_id = $1', [conversationId])).rowCount,
  ).toBe(0)
  await close()
  expect(problems).toEqual([])
})
