import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let base: TestDatabase
let app: VisitorApp
let browser: Browser
let lead: string

beforeAll(async () => {
  requireBuilt()
  base = await testDatabase()
  app = await visitorApp(base, { webRoot, widgetRoot })
  lead = await hire(base, { name: 'Lea', role: 'supervisor' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await base?.close()
})

async function folder(tree: Readonly<Record<string, string>>): Promise<string> {
  const root = join(temporaryFolder(), 'articles')
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

const article = (title: string, body: string) => `---\ntitle: ${title}\n---\n\n${body}\n`

test('a folder is looked at, taken in, changed, and what changed is seen', async () => {
  const desk = await openInbox(browser, app, { email: lead, path: '/articles?locale=en' })
  const { page } = desk
  const choose = async (tree: Readonly<Record<string, string>>) => {
    await page.locator('input[webkitdirectory]').setInputFiles(await folder(tree))
    await page.getByRole('heading', { name: 'What would change' }).waitFor()
  }
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const tree = {
    'en/fees/_category.md': '---\nname: Fees\n---\n',
    'en/fees/maker.md': article('Maker fees', 'Makers pay 0.08 %.\n\nSee the table.'),
    'zh/fees/maker.md': article('挂单手续费', '挂单费率为0.08%。'),
    'en/fees/Bad Name.md': article('Bad', 'x'),
    'README.md': 'Not one of ours.',
  }
  await choose(tree)
  await page.getByText('2 new').waitFor()
  await page.getByText(/Bad Name\.md: its name may have/).waitFor()
  expect((await base.db.pool.query('select count(*)::int as n from article')).rows).toEqual([{ n: 0 }])
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, 'article-import')
  await page.getByRole('button', { name: 'Import 2' }).click()
  await page.getByRole('heading', { name: 'Taken in' }).waitFor()
  await choose({ ...tree, 'en/fees/maker.md': article('Maker fees', 'Makers pay 0.07 %.\n\nSee the table.') })
  await page.getByText('1 changed').waitFor()
  await page.getByRole('button', { name: 'Import 1' }).click()
  await page.getByRole('heading', { name: 'Taken in' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: /Maker fees/ }).click()
  await page.getByRole('tab', { name: /中文/ }).filter({ hasText: 'Outdated' }).waitFor()
  await page.getByRole('button', { name: 'Versions' }).click()
  await page.getByRole('button', { name: 'What changed' }).first().click()
  await page.getByText('Makers pay 0.08 %.').waitFor()
  expect(await axeProblems(page)).toEqual([])
  await shoot(page, 'article-versions')
  await page.getByRole('button', { name: 'Write on from this' }).click()
  await page.getByRole('textbox', { name: 'Text' }).filter({ hasText: '0.08' }).waitFor()
  expect(desk.problems).toEqual([])
  await desk.close()
})

test.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)(
  'its look and its languages are set, and what cannot be read is said first: %i, %s',
  async (width, colorScheme) => {
    const viewport = { width, height: width === 390 ? 844 : 900 }
    const desk = await openInbox(browser, app, {
      email: lead,
      path: '/settings/help',
      look: { viewport, colorScheme, hasTouch: width === 390 },
    })
    const { page } = desk
    await page.getByLabel('Name', { exact: true }).fill('Northstar')
    await page.getByLabel('Name in 中文').fill('北星帮助')
    const standIn = page.getByRole('combobox', { name: 'Add a language that stands in for 한국어' })
    if ((await standIn.locator('option[value=ja]').count()) > 0) await standIn.selectOption('ja')
    await page.getByText('More colours and shape').click()
    const text = page.getByRole('group', { name: 'Light' }).getByLabel('Text', { exact: true })
    await text.fill('#d0d0d0')
    await page.getByText(/^Text on Background is hard to read: 1\.\d, needs 4\.5\.$/).waitFor()
    await page.getByRole('group', { name: 'Light' }).getByRole('button', { name: 'Reset' }).click()
    await page
      .getByText(/is hard to read/)
      .first()
      .waitFor({ state: 'detached' })
    expect(await axeProblems(page)).toEqual([])
    await fits(page)
    await shoot(page, `help-settings-${colorScheme}-${width}`)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    const { rows } = await base.db.pool.query('select value from help_setting')
    expect(rows[0].value).toMatchObject({ name: 'Northstar', names: { zh: '北星帮助' }, fallbacks: { ko: ['ja'] } })
    expect(rows[0].value.variables).toEqual({})
    expect(await (await fetch(`${app.url}/help/zh`)).text()).toContain('<h1>北星帮助</h1>')
    expect(desk.problems).toEqual([])
    await desk.close()
  },
)
