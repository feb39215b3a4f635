import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { linkingGround } from '../support/linking.ts'
import { type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let inboxId: string

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  inboxId = await app.inbox()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

const looks = [
  { name: 'light-en', colorScheme: 'light', locale: 'en-GB', width: 1440 },
  { name: 'light-en', colorScheme: 'light', locale: 'en-GB', width: 390 },
  { name: 'dark-zh', colorScheme: 'dark', locale: 'zh-CN', width: 1440 },
  { name: 'dark-zh', colorScheme: 'dark', locale: 'zh-CN', width: 390 },
] as const

test.each(looks)(
  'an account is linked by its code, and unlinked: $name at $width',
  async ({ name, width, ...look }) => {
    const words =
      look.locale === 'zh-CN'
        ? { title: '你自己的账号', link: '关联账号', code: '验证码', unlink: '取消关联', none: '还没有关联账号。' }
        : {
            title: 'Your own accounts',
            link: 'Link an account',
            code: 'Code',
            unlink: 'Unlink',
            none: 'No account is linked.',
          }
    const ground = linkingGround(database.db)
    const email = await hire(database, { name: `Ada ${name} ${width}`, inboxId })
    const viewport = { width, height: width < 900 ? 844 : 900 }
    const { page, problems, close } = await openInbox(browser, app, {
      email,
      path: '/settings/profile',
      look: { ...look, viewport, hasTouch: width < 900 },
    })
    await page.getByRole('button', { name: words.link }).click()
    const shown = page.getByRole('textbox', { name: words.code, exact: true })
    await shown.scrollIntoViewIfNeeded()
    await fits(page)
    await shoot(page, `accounts-code-${name}-${width}`)
    expect(await axeProblems(page)).toEqual([])
    const chat = `ada-${name}-${width}`
    await ground.write(inboxId, await shown.inputValue(), { chat })
    const list = page.getByRole('list', { name: words.title })
    await list.getByText(chat).waitFor()
    await expect.poll(() => shown.count()).toBe(0)
    await list.scrollIntoViewIfNeeded()
    await fits(page)
    await shoot(page, `accounts-linked-${name}-${width}`)
    expect(await axeProblems(page)).toEqual([])
    await page.getByRole('button', { name: words.unlink }).click()
    await page.getByRole('dialog').getByRole('button', { name: words.unlink }).click()
    await page.getByText(words.none).waitFor()
    expect(await page.getByRole('textbox', { name: words.code, exact: true }).count()).toBe(0)
    await close()
    expect(problems).toEqual([])
  },
)

test('what a colleague wrote elsewhere, and two customers who are one, read as sentences', async () => {
  const ground = linkingGround(database.db)
  const email = await hire(database, { name: 'Ana Sommer', inboxId })
  const thread = { key: 'room', kind: 'group', audience: 'private' } as const
  const write = (text: string, chat: string) => ground.write(inboxId, text, { chat, thread })
  const { conversationId } = await write('Where is my parcel?', 'Li Wei')
  const [{ id: agentId }] = await ground.rows('select id from agent where email = $1', [email])
  await ground.write(inboxId, 'Hello', { chat: 'ana' })
  await ground.rows('update identity set agent_id = $1 where key = $2', [agentId, 'person-of-ana'])
  await write('It left today.', 'ana')
  const { page, log, problems, close, context } = await openInbox(browser, app, {
    email,
    path: `/c/${conversationId}`,
  })
  await log.getByText('It left today.').waitFor()
  const { csrfToken } = await (await context.request.get(`${app.url}/api/v1/me`)).json()
  await ground.write(inboxId, 'Me again', { chat: 'wei_99' })
  const merged = await context.request.post(`${app.url}/api/v1/contacts/${await ground.personOf('Li Wei')}/merge`, {
    headers: { 'x-csrf-token': csrfToken },
    data: { contactId: await ground.personOf('wei_99') },
  })
  expect(merged.status(), await merged.text()).toBe(200)
  await log.getByText('Ana Sommer put this customer together with wei_99').waitFor()
  await shoot(page, 'accounts-conversation')
  await close()
  expect(problems).toEqual([])
})
