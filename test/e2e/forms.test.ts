import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addArticle, publish, saveText } from '../../src/help/edit-article.ts'
import { readDesk } from '../../src/sample/desk-files.ts'
import { createCategory, writeCategoryTexts } from '../../src/store/article-category.ts'
import { transaction } from '../../src/store/database.ts'
import { saveForm } from '../../src/store/form.ts'
import { nameContactInbox } from '../../src/store/help-setting.ts'
import { createTopic } from '../../src/store/topic.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot, watch } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

const txid = '4f2c8a1b9d3e7f6051c2d4e84f2c8a1b9d3e7f6051c2d4e84f2c8a1b9d3e7f60'
const content = fileURLToPath(new URL('../../content/northstar', import.meta.url))
let base: TestDatabase
let app: VisitorApp
let browser: Browser
let email: string
let money: string

beforeAll(async () => {
  requireBuilt()
  base = await testDatabase()
  app = await visitorApp(base, { webRoot, widgetRoot })
  const { pool } = base.db
  const inboxId = await app.inbox({ name: 'Northstar Support' })
  await nameContactInbox(pool, inboxId)
  const desk = await readDesk(content)
  for (const { topic, ...form } of desk.forms) {
    const { id } = await createTopic(pool, form.names['en'] ?? topic)
    await saveForm(pool, { ...form, topicId: id, shown: true })
    if (topic === 'money') money = id
  }
  await transaction(base.db, async (tx) => {
    const categoryId = await createCategory(tx, 'money', 0)
    await writeCategoryTexts(tx, categoryId, [{ locale: 'en', name: 'Deposits', description: '' }])
    const articleId = await addArticle(tx, { slug: 'late', categoryId, position: 0 })
    for (const locale of ['en', 'zh']) {
      const text = { title: 'Late deposits', summary: '', body: 'Wait.', keywords: [], phrasings: [], by: 'test' }
      await saveText(tx, { articleId, locale, ...text }, { owner: null })
      await publish(tx, { articleId, locale }, { minor: false, by: 'test' })
    }
  })
  email = await hire(base, { name: 'Ada Winter', role: 'admin', inboxId })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await base?.close()
})

async function visit(path: string, look: BrowserContextOptions = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...look })
  const { problems } = watch(context, /status of 422/)
  const page = await context.newPage()
  await page.goto(app.url + path)
  return { context, page, problems }
}

const looks = [
  { name: 'light-en', locale: 'en', language: 'en-GB', colorScheme: 'light' },
  { name: 'dark-zh', locale: 'zh', language: 'zh-CN', colorScheme: 'dark' },
] as const
const everyLook = looks.flatMap((look) => [1440, 390].map((width) => [look.name, width, look] as const))

test.each(everyLook)('the contact page fits and can be used by everybody: %s at %i', async (name, width, look) => {
  const viewport = { width, height: width === 390 ? 844 : 900 }
  const { context, page, problems } = await visit(`/help/${look.locale}/contact`, { viewport, ...look })
  await fits(page)
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, `contact-topics-${name}-${width}`)
  await page.locator('.topics a').first().click()
  await fits(page)
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, `contact-form-${name}-${width}`)
  await page.evaluate(`document.querySelector('form.contact').noValidate = true`)
  await page.locator('#answer-transaction-id').fill('oops')
  await page.locator('form.contact button').click()
  await page.locator('.wrong').waitFor()
  await fits(page)
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, `contact-wrong-${name}-${width}`)
  expect(problems).toEqual([])
  await context.close()
})

test.each(everyLook)('a form is written where the topics are: %s at %i', async (name, width, look) => {
  const viewport = { width, height: width === 390 ? 844 : 900 }
  const wish = { viewport, colorScheme: look.colorScheme, locale: look.language }
  const desk = await openInbox(browser, app, { email, path: `/settings/topics/${money}`, look: wish })
  const { page } = desk
  await page.getByRole('group').first().waitFor()
  await fits(page)
  await shoot(page, `forms-editor-${name}-${width}`)
  await page.getByRole('button', { name: /^(Add a field|添加字段)$/ }).scrollIntoViewIfNeeded()
  await shoot(page, `forms-editor-end-${name}-${width}`)
  if (name === 'light-en' && width === 1440) {
    await page.getByRole('button', { name: 'Add a field' }).click()
    const card = page.getByRole('group', { name: 'New field' })
    await card.getByLabel('Question (English)').fill('Your seed phrase')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('must not ask for what only the customer may know').waitFor()
    const wrong = page.getByRole('group', { name: 'Your seed phrase' })
    await wrong.getByLabel('Question (English)').fill('Your wallet')
    await page.getByLabel('Preview').getByLabel('Your wallet').waitFor()
    await page.getByRole('group', { name: 'Your wallet' }).getByLabel('Name for rules').fill('wallet')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForURL('**/settings/topics')
    await shoot(page, 'forms-topics')
    const { rows } = await base.db.pool.query('select fields from topic_form where topic_id = $1', [money])
    expect(rows[0].fields.at(-1)).toMatchObject({ key: 'wallet', labels: { en: 'Your wallet' } })
    expect(rows[0].fields).toHaveLength(8)
    expect(desk.problems.filter((one) => !one.includes('400'))).toEqual([])
  }
  await desk.close()
})

test('a rule asks what was filled in', async () => {
  const desk = await openInbox(browser, app, { email, path: '/settings/rules/new' })
  const { page } = desk
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByLabel('If', { exact: true }).first().selectOption('answer')
  await page.getByLabel('Field of the form').selectOption('impact')
  await shoot(page, 'forms-rule')
  await desk.close()
})

test('a customer fills in what is asked of them, and whoever answers sees it, finds it and asks for it', async () => {
  const { context, page, problems } = await visit('/help/en/late')
  await page.getByRole('button', { name: 'No', exact: true }).click()
  await page.getByRole('link', { name: 'Still stuck? Contact us' }).click()
  await page.getByRole('link', { name: 'Deposits and withdrawals' }).click()
  expect(await page.getByLabel('Receiving address').isVisible()).toBe(false)
  await page.getByLabel('What is it about?').selectOption('withdrawal')
  await page.getByLabel('Receiving address').fill('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4')
  await page.getByLabel('How urgent is it?').selectOption('not-mine')
  await page.getByLabel('Network', { exact: true }).selectOption('other')
  await page.getByLabel('Which network?').fill('Sidechain')
  await page.getByLabel('Transaction ID').fill(txid)
  await page.getByLabel('Your name').fill('Mia Park')
  await page.getByLabel('Your email address').fill('mia@customer.example')
  await page.getByLabel('What happened?').fill('This was not me.')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('Your request has the number').waitFor()
  await shoot(page, 'contact-sent')
  await page.getByRole('link', { name: 'See how it goes on' }).click()
  await page.getByText('This was not me.').waitFor()
  expect(problems).toEqual([])
  await context.close()
  const { rows } = await base.db.pool.query('select id, priority from conversation')
  expect(rows).toMatchObject([{ priority: 4 }])
  for (const { name, language, colorScheme } of looks) {
    for (const width of [1440, 390]) {
      const look = { viewport: { width, height: 900 }, locale: language, colorScheme }
      const desk = await openInbox(browser, app, { email, path: `/c/${rows[0].id}`, look })
      await desk.log.getByText('This was not me.').waitFor()
      const answers = desk.page.getByRole('region', { name: /^(Filled in by the customer|客户填写的内容)$/ })
      if (!(await answers.isVisible())) await desk.page.keyboard.press(']')
      await answers.waitFor()
      await answers.scrollIntoViewIfNeeded()
      await shoot(desk.page, `forms-answers-${name}-${width}`)
      await desk.close()
    }
  }
})

test('the list shows the cases with an answer', async () => {
  const desk = await openInbox(browser, app, { email, path: '/inbox/all' })
  await desk.page
    .getByRole('button', { name: /filter/i })
    .first()
    .click()
  await desk.page.getByRole('menuitem', { name: 'Find by an answer…' }).click()
  await desk.page.getByRole('textbox', { name: 'An answer begins with' }).fill(txid.slice(0, 10).toUpperCase())
  await desk.page.getByRole('button', { name: 'Find', exact: true }).click()
  await desk.page.getByText('Answer begins with').waitFor()
  await desk.row('Mia Park').waitFor()
  await shoot(desk.page, 'forms-list')
  await desk.go('/inbox/all?status=any&answer=nothing')
  await desk.page.getByText('Answer begins with').waitFor()
  expect(await desk.row('Mia Park').count()).toBe(0)
  await desk.close()
})
