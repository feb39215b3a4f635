import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addArticle, publish, saveText } from '../../src/help/edit-article.ts'
import { createCategory, writeCategoryTexts } from '../../src/store/article-category.ts'
import { transaction } from '../../src/store/database.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot, watch } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'
import { widgetPage } from './support/widget-page.ts'

let base: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string

const body = {
  en: '## Check the network\n\nSee **Wallet**, then [fees](/help/en/fees).\n\n## Look at the hash\n\n> It is in your history.\n\n```\n0x4f2c8a1b9d3e7f6051c2d4e8\n```\n\n## Write to us\n\n1. Open the chat.\n2. Say when you sent it.',
  zh: '## 检查网络\n\n打开**钱包**，查看[手续费](/help/zh/fees)。\n\n## 查看哈希\n\n> 在历史记录中可以找到。\n\n```\n0x4f2c8a1b9d3e7f6051c2d4e8\n```\n\n## 联系我们\n\n1. 打开聊天窗口。\n2. 说明转账时间。',
}
const articles = [
  ['late-deposit', 'en', 'My deposit has not arrived', 'What to check before you write to us.', body.en],
  ['late-deposit', 'zh', '充值没有到账', '联系我们之前可以先检查这些。', body.zh],
  ['fees', 'en', 'What trading costs', 'Makers, takers and tiers.', 'Makers pay 0.08 %.'],
  ['fees', 'zh', '交易手续费', '挂单、吃单与等级。', '挂单费率为0.08%。'],
] as const

beforeAll(async () => {
  requireBuilt()
  base = await testDatabase()
  app = await visitorApp(base, { webRoot, widgetRoot })
  inboxId = await app.inbox({ name: 'Northstar Support' })
  await transaction(base.db, async (tx) => {
    const categoryId = await createCategory(tx, 'money', 0)
    await writeCategoryTexts(tx, categoryId, [
      { locale: 'en', name: 'Deposits and fees', description: 'Coins that come and what they cost.' },
      { locale: 'zh', name: '充值与手续费', description: '' },
    ])
    const ids = new Map<string, string>()
    for (const [slug, locale, title, summary, text] of articles) {
      const articleId = ids.get(slug) ?? (await addArticle(tx, { slug, categoryId, position: ids.size }))
      ids.set(slug, articleId)
      const place = { articleId, locale }
      const written = { title, summary, body: text, keywords: [], phrasings: [], by: 'test' }
      await saveText(tx, { ...place, ...written }, { owner: null })
      await publish(tx, place, { minor: false, by: 'test' })
    }
  })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await base?.close()
})

async function visit(path: string, look: BrowserContextOptions = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...look })
  const { problems } = watch(context)
  const page = await context.newPage()
  await page.goto(app.url + path)
  return { context, page, problems }
}

const looks = [
  { name: 'light-en', locale: 'en', colorScheme: 'light' },
  { name: 'dark-zh', locale: 'zh', colorScheme: 'dark' },
] as const
const widths = [1440, 390] as const

test.each(looks.flatMap((look) => widths.map((width) => [look.name, width, look] as const)))(
  'its pages fit and can be used by everybody: %s at %i',
  async (name, width, { locale, colorScheme }) => {
    for (const [what, path] of [
      ['home', ''],
      ['category', '/money'],
      ['article', '/late-deposit'],
      ['search', '/search?q=0.08'],
      ['missing', '/nowhere'],
    ]) {
      const viewport = { width, height: width === 390 ? 844 : 900 }
      const { context, page } = await visit(`/help/${locale}${path}`, { viewport, colorScheme })
      await fits(page)
      expect([what, await axeProblems(page)]).toEqual([what, []])
      await shoot(page, `help-${what}-${name}-${width}`)
      await context.close()
    }
  },
)

test('without scripts one finds, reads, changes the language and says whether it helped', async () => {
  const { context, page } = await visit('/help', { javaScriptEnabled: false, locale: 'zh-CN' })
  expect(page.url()).toBe(`${app.url}/help/zh`)
  await page.getByRole('searchbox').fill('到账')
  await page.getByRole('button', { name: '搜索' }).click()
  await page.getByRole('link', { name: '充值没有到账' }).click()
  await page.getByRole('heading', { name: '充值没有到账', level: 1 }).waitFor()
  await page.getByRole('link', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'My deposit has not arrived', level: 1 }).waitFor()
  expect(await context.cookies()).toEqual([])
  await page.getByRole('button', { name: 'No', exact: true }).click()
  await page.getByText('Thank you. We will work on it.').waitFor()
  const { rows } = await base.db.pool.query('select locale, helpful from article_feedback')
  expect(rows).toEqual([{ locale: 'en', helpful: false }])
  await context.close()
})

test('with scripts answers come while one types, and code is copied', async () => {
  const { context, page, problems } = await visit('/help/en')
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('searchbox').pressSequentially('depos')
  await page.locator('.hits a').first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'My deposit has not arrived', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Copy' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('0x4f2c8a1b9d3e7f6051c2d4e8')
  expect(problems).toEqual([])
  await context.close()
})

test('in the chat it is offered while one writes, and read without leaving', async () => {
  const context = await browser.newContext({ locale: 'en-GB' })
  const asked: string[] = []
  context.on('request', (request) => request.url().includes('/articles?') && asked.push(request.url()))
  const chat = await widgetPage(context, `${app.url}/demo?inbox=${inboxId}`)
  await chat.open()
  await chat.box.fill('where is my deposit 0xdeadbeef me@example.com')
  await chat.panel.getByRole('button', { name: 'My deposit has not arrived' }).click()
  await chat.panel.getByRole('heading', { name: 'My deposit has not arrived' }).waitFor()
  // The page around it is an imaginary company's.
  expect((await axeProblems(chat.page)).filter((one) => !one.includes('<th>'))).toEqual([])
  await shoot(chat.page, 'widget-article')
  await chat.page.keyboard.press('Escape')
  expect(await chat.box.inputValue()).toContain('where is my deposit')
  await shoot(chat.page, 'widget-suggestions')
  expect(asked.join()).not.toMatch(/deadbeef|example/)
  await chat.box.press('Enter')
  await eventually(async () => (await chat.panel.locator('.maybe').isVisible()) === false)
  await eventually(async () => (await base.db.pool.query('select from conversation')).rowCount === 1)
  await context.close()
})

test('a supervisor writes it with a picture and publishes it', async () => {
  const lead = await hire(base, { name: 'Lea', role: 'supervisor' })
  const desk = await openInbox(browser, app, { email: lead, path: '/articles?locale=en' })
  await desk.page.getByRole('button', { name: 'New article' }).click()
  await desk.page.getByLabel('Title').fill('Staking rewards')
  await desk.page.getByRole('dialog').getByRole('button', { name: 'New article' }).click()
  const text = desk.page.getByRole('textbox', { name: 'Text' })
  await text.fill('Paid every day.')
  const png = await desk.page.screenshot({ clip: { x: 0, y: 0, width: 60, height: 40 } })
  await text.evaluate(
    (area, bytes) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(bytes)], 'chart.png', { type: 'image/png' }))
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }))
    },
    [...png],
  )
  await desk.page.getByRole('region', { name: 'Preview' }).getByRole('img', { name: 'chart' }).waitFor()
  expect(await axeProblems(desk.page)).toEqual([])
  await shoot(desk.page, 'article-editor')
  await desk.page.getByRole('button', { name: 'Publish', exact: true }).click()
  await desk.page.getByText('Published').waitFor()
  const { context, page, problems } = await visit('/help/en/staking-rewards')
  await eventually(() =>
    page.getByRole('img', { name: 'chart' }).evaluate((image) => (image as HTMLImageElement).naturalWidth === 60),
  )
  expect(problems).toEqual([])
  await context.close()
  expect(desk.problems).toEqual([])
  await desk.close()
})

test('an agent puts a link to it, or its words, into a reply', async () => {
  const agent = await hire(base, { name: 'Ana', inboxId })
  const desk = await openInbox(browser, app, { email: agent })
  await desk.row('where is my deposit').click()
  await desk.box.waitFor()
  const insert = async (how: string) => {
    await desk.page.getByRole('button', { name: 'Insert an article' }).click()
    await desk.page.getByRole('searchbox', { name: 'Search in articles' }).fill('deposit')
    await desk.page.getByText('What to check before you write to us.').waitFor()
    await shoot(desk.page, 'insert-article')
    await desk.page.getByRole('button', { name: how }).first().click()
  }
  await insert('Insert link')
  const link = `[My deposit has not arrived](${app.url}/help/en/late-deposit)`
  await eventually(async () => (await desk.box.inputValue()) === link)
  await insert('Insert text')
  await eventually(async () => (await desk.box.inputValue()).includes(`[fees](${app.url}/help/en/fees)`))
  await desk.close()
})
