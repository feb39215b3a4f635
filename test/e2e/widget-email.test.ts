import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ContinuedChat, continuedChat } from '../support/continued-chat.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { axeProblems, fits, launchBrowser, shoot, watch } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'
import { type WidgetPage, widgetPage } from './support/widget-page.ts'

let database: TestDatabase
let chat: ContinuedChat
let browser: Browser
const wide = { width: 1440, height: 900 }
const narrow = { width: 390, height: 844 }

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  chat = await continuedChat(database, { widgetRoot, webRoot })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await chat?.close()
  await database?.close()
})

async function openChat(look: { locale: string; theme: 'light' | 'dark'; viewport: typeof wide }) {
  const context = await browser.newContext({ viewport: look.viewport, colorScheme: look.theme })
  const { problems } = watch(context, /status of (400|429)/)
  const page = await widgetPage(
    context,
    `${chat.app.url}/demo?inbox=${chat.chatId}&locale=${look.locale}&theme=${look.theme}`,
  )
  await page.open()
  return { ...page, context, problems }
}
/** The demo page's own table apart. */
const objections = async (page: Page) =>
  (await axeProblems(page)).filter((one) => !one.startsWith('empty-table-header'))
const line = ({ panel }: Pick<WidgetPage, 'panel'>) => panel.locator('.email')

test('a visitor leaves an address with the keyboard alone, is told of a slip, confirms in the mailbox, and sees it confirmed', async () => {
  const visitor = await openChat({ locale: 'en', theme: 'light', viewport: wide })
  const { page, panel } = visitor
  expect(await line(visitor).isVisible()).toBe(false)
  await visitor.say('When does my deposit arrive?')
  const leave = panel.getByRole('button', { name: 'leave your email and we answer there' })
  await leave.waitFor()
  await shoot(page, 'email-offer-en')
  await leave.press('Enter')
  const field = panel.getByRole('textbox', { name: 'Where should we answer if you leave?' })
  await eventually(() => field.evaluate('element => element === element.getRootNode().activeElement'))
  await page.keyboard.press('Escape')
  await leave.waitFor()
  expect(await panel.isVisible()).toBe(true)
  await leave.press('Enter')
  await page.keyboard.type('not an address')
  await page.keyboard.press('Enter')
  await panel.getByRole('alert').filter({ hasText: 'not a mail address' }).waitFor()
  await shoot(page, 'email-slip-en')
  expect(await objections(page)).toEqual([])
  await field.fill('lin@customer.test')
  await page.keyboard.press('Enter')
  await panel.getByRole('status').filter({ hasText: 'we sent a link to lin@customer.test' }).waitFor()
  await shoot(page, 'email-pending-en')
  const mailbox = await visitor.context.newPage()
  await mailbox.goto(await chat.link('lin@customer.test'))
  await shoot(mailbox, 'email-page-en')
  await fits(mailbox)
  expect(await axeProblems(mailbox)).toEqual([])
  await mailbox.getByRole('button', { name: 'Yes, send answers here' }).press('Enter')
  await mailbox.getByRole('heading', { name: 'Confirmed' }).waitFor()
  await shoot(mailbox, 'email-done-en')
  await page.bringToFront()
  await panel
    .getByRole('status')
    .filter({ hasText: 'If you leave, we answer at lin@customer.test.' })
    .waitFor({ timeout: 15_000 })
  await shoot(page, 'email-confirmed-en')
  await page.reload()
  await visitor.open()
  await panel.getByRole('button', { name: 'Change' }).waitFor()
  expect(visitor.problems).toEqual([])
  await visitor.context.close()
})

test('it reads in Chinese and fits a phone, in the dark as well', async () => {
  const visitor = await openChat({ locale: 'zh', theme: 'dark', viewport: narrow })
  const { page, panel } = visitor
  await visitor.say('我的充值什么时候到账？')
  await panel.getByRole('button', { name: '留下邮箱，我们用邮件回复您' }).click()
  const field = panel.getByRole('textbox', { name: '您离开后，我们回复到哪个邮箱？' })
  await field.fill('mei@customer.test')
  await shoot(page, 'email-form-zh-390')
  await fits(page)
  expect(await objections(page)).toEqual([])
  await panel.getByRole('button', { name: '保存' }).click()
  await panel.getByRole('status').filter({ hasText: '确认链接已发送到 mei@customer.test' }).waitFor()
  await shoot(page, 'email-pending-zh-390')
  const mailbox = await visitor.context.newPage()
  await mailbox.goto(await chat.link('mei@customer.test'))
  await mailbox.getByRole('button', { name: '确认，把回复发到这里' }).waitFor()
  await shoot(mailbox, 'email-page-zh-390')
  await fits(mailbox)
  expect(await axeProblems(mailbox)).toEqual([])
  await visitor.context.close()
})

test('too often, and a mailbox that does not exist, are said where the address was given', async () => {
  chat.relay.arm('rcpt', { say: '550 5.1.1 no such user' }, 'typo@customer.test')
  const visitor = await openChat({ locale: 'en', theme: 'dark', viewport: wide })
  const { page, panel } = visitor
  await visitor.say('Hello')
  const field = panel.getByRole('textbox', { name: 'Where should we answer if you leave?' })
  await panel.getByRole('button', { name: 'leave your email and we answer there' }).click()
  await field.fill('typo@customer.test')
  await field.press('Enter')
  await panel.getByRole('status').filter({ hasText: 'came back' }).waitFor({ timeout: 20_000 })
  await shoot(page, 'email-refused-en-dark')
  for (let n = 0; n < 5; n++) {
    await panel.getByRole('button', { name: 'Change' }).click()
    await field.fill(`other${n}@customer.test`)
    await field.press('Enter')
    if (n < 4)
      await panel
        .getByRole('status')
        .filter({ hasText: `other${n}@` })
        .waitFor()
  }
  await panel.getByRole('alert').filter({ hasText: 'too often for today' }).waitFor()
  await visitor.context.close()
})

test('the agent sees where the customer is reached, which way an answer leaves, and that it was mailed', async () => {
  const email = await hire(database, { name: 'Ada Winter', role: 'admin' })
  const { client, messageId } = await chat.visitor('Is anybody there?', 'ines@customer.test')
  const desk = await openInbox(browser, chat.app, { email, path: '/inbox/all' })
  const { page } = desk
  await desk.row('Is anybody there?').first().click()
  await page.getByText('If the customer has left, this also goes to ines@customer.test by email.').waitFor()
  await page.getByText('The customer confirmed a mail address').waitFor()
  await chat.app.answer(messageId, 'Yes, here we are.')
  await chat.later()
  await page.getByText('Also sent by email').waitFor({ timeout: 20_000 })
  await shoot(page, 'email-desk-chat')
  const mails = await eventually(async () => {
    const found = await chat.mailsTo('ines@customer.test')
    return found.length === 2 && found
  })
  await chat.answerByMail(mails[1]!, 'Ines <ines@customer.test>', 'Thanks, got it by mail.')
  await desk.log.getByText('Thanks, got it by mail.').waitFor({ timeout: 20_000 })
  await page.getByText('The customer wrote last by email: this leaves by email and shows in the chat.').waitFor()
  await shoot(page, 'email-desk-mail')
  await fits(page)
  expect((await client.list()).items.at(-1)).toMatchObject({ from: 'visitor', byLetter: true })
  await desk.go(`/settings/inboxes/${chat.chatId}`)
  const choice = page.getByLabel(/^Answer by mail from/)
  await choice.waitFor()
  expect(await choice.locator('option').allInnerTexts()).toEqual(['None', 'Support'])
  expect(await choice.inputValue()).toBe(chat.mailId)
  await choice.selectOption({ label: 'None' })
  await page.getByRole('button', { name: 'Save' }).click()
  await eventually(async () => expect((await client.call('PUT', '/email', { email: 'a@b.test' })).status).toBe(404))
  await choice.selectOption({ label: 'Support' })
  await page.getByRole('button', { name: 'Save' }).click()
  await eventually(async () => expect((await client.call('GET', '')).body).toMatchObject({ email: true }))
})
