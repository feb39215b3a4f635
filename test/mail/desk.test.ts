import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fits, launchBrowser, shoot } from '../e2e/support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt } from '../e2e/support/inbox-page.ts'
import { picture } from '../e2e/support/mails.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type MailApp, mailApp } from '../support/mail-app.ts'
import { sendMail } from '../support/mail-ground.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'
import { mailsIn, type ReadMail, watchMailbox } from '../support/mailbox.ts'

// One day at a desk, in the order in which it happens: each test goes on where the one before it stopped.

let servers: MailServers
let database: TestDatabase
let app: MailApp
let browser: Browser
let desk: InboxPage
let pictures: { readonly url: string; readonly asked: string[]; readonly server: Server }
const own = 'support@desk.test'
const patience = { timeoutMs: 20_000 }
const report = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(120_000, 'invoice ')])
const known = { alice: '', ada: '', question: '', answer: {} as ReadMail }

beforeAll(async () => {
  requireBuilt()
  servers = await startMailServers()
  database = await testDatabase()
  pictures = await pictureServer()
  app = await mailApp(database)
  await app.start()
  browser = await launchBrowser()
  known.ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  await database.db.pool.query(`update agent set public_name = 'Ada of Northstar'`)
  desk = await openInbox(browser, app, { email: known.ada, path: '/settings/inboxes' })
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
  await servers?.stop()
  pictures?.server.close()
})

async function pictureServer() {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.setHeader('content-type', 'image/png').end(picture(560, 160))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const write = (mail: Partial<Parameters<typeof sendMail>[1]>) =>
  sendMail(servers.smtpPort, { from: 'Alice Jones <alice@example.test>', to: own, ...mail })
const idOf = (url: string) => /\/c\/(\d+)/.exec(url)?.[1] ?? ''
const aliceHas = (count: number) =>
  eventually(async () => {
    const mails = await mailsIn(servers, 'alice')
    return mails.length >= count && mails
  }, patience)

async function open(words: string): Promise<string> {
  await desk.row(words).first().click()
  await desk.page.waitForURL('**/c/**')
  await desk.log.getByText(words).first().waitFor()
  return idOf(desk.page.url())
}

test('an administrator adds the mailbox by the form, is told of a wrong password, and that it works', async () => {
  const { page } = desk
  await page.getByRole('link', { name: 'Add an inbox' }).first().click()
  await page.getByRole('link', { name: 'Email' }).click()
  await page.getByLabel('Name of the inbox').fill('Northstar support')
  await page.getByLabel('Address', { exact: true }).fill(own)
  await page.getByLabel(/^Sender name/).fill('Northstar')
  const imap = page.getByRole('group', { name: 'Reading (IMAP)' })
  await imap.getByLabel('IMAP server').fill('127.0.0.1')
  await imap.getByLabel('Port').fill(String(servers.imapPort))
  await imap.getByLabel('Encryption').selectOption({ label: 'None' })
  await imap.getByLabel('User name').fill('support')
  await imap.getByLabel(/^Password/).fill('wrong')
  await imap.getByLabel(/^Folder of sent mail/).fill('Sent')
  const smtp = page.getByRole('group', { name: 'Sending (SMTP)' })
  await smtp.getByLabel('SMTP server').fill('127.0.0.1')
  await smtp.getByLabel('Port').fill(String(servers.smtpPort))
  await smtp.getByLabel('Encryption').selectOption({ label: 'None' })
  await page.getByLabel(/^Signature/).fill('Kind regards,\n{name}')
  await page.getByRole('button', { name: 'Test' }).click()
  await page.getByRole('status').filter({ hasText: /./ }).last().waitFor()
  await shoot(page, 'desk-wrong-password')
  await imap.getByLabel(/^Password/).fill('secret')
  await page.getByRole('button', { name: 'Test' }).click()
  await page.getByText('It works.').waitFor()
  await shoot(page, 'desk-form')
  await page.getByRole('button', { name: 'Connect' }).click()
  // In its head and in its report.
  await eventually(async () => (await page.getByText('Connected', { exact: true }).count()) === 2)
  await fits(page)
  await shoot(page, 'desk-connected')
})

test('the agent sees a mail in the list within two seconds of the mailbox having it', async () => {
  await desk.go('/inbox/all')
  await desk.list.waitFor()
  const mailbox = await watchMailbox(servers, 'support')
  for (const [n, subject] of ['My order 4711', 'Another matter', 'And one more'].entries()) {
    const said = write({ subject, text: `Hello,\n\nwhere is it? This is ${subject}.\n\nAlice` })
    await desk.row(subject).waitFor()
    const seen = performance.now()
    const had = await eventually(() => mailbox.had(mailbox.before + n + 1) ?? false, patience)
    const { messageId } = await said
    if (n === 0) known.question = messageId
    console.log(JSON.stringify({ subject, seenAfterMs: Math.round(seen - had) }))
    expect(seen - had).toBeLessThan(2_000)
  }
  await mailbox.close()
})

test('an answer with a file stands in the customer’s mailbox as a proper reply', async () => {
  known.alice = await open('My order 4711')
  await desk.page
    .locator('input[type=file]')
    .setInputFiles({ name: '发票 4711.pdf', mimeType: 'application/pdf', buffer: report })
  await desk.page.getByRole('list', { name: 'Files' }).getByText('发票 4711.pdf').waitFor()
  await desk.reply('It is **on its way**. The invoice is attached.', 'on its way')
  const [mail] = await aliceHas(1)
  if (!mail) throw new Error('nothing came')
  known.answer = mail
  expect(mail).toMatchObject({
    subject: 'Re: My order 4711',
    inReplyTo: known.question,
    references: known.question,
    from: { name: 'Ada of Northstar (Northstar)', address: own },
    to: [{ name: 'Alice Jones', address: 'alice@example.test' }],
    replyTo: [{ address: expect.stringMatching(/^support\+t-[0-9a-z]+@desk\.test$/) }],
    attachments: [{ filename: '发票 4711.pdf', mimeType: 'application/pdf' }],
  })
  expect(Buffer.from(mail.attachments[0]?.content as ArrayBuffer).equals(report)).toBe(true)
  expect(mail.text).toMatch(/^It is on its way\. The invoice is attached\.\n\n-- \nKind regards,\nAda of Northstar\n/)
  expect(mail.text).toMatch(/Alice Jones.* wrote:\n> Hello,\n>\s?\n> where is it\?/)
  expect(mail.html).toContain('<strong>on its way</strong>')
  expect(mail.html).toMatch(/<blockquote[\s\S]*where is it\?/)
  await desk.log.getByText('Sent', { exact: true }).waitFor()
  const filed = await eventually(async () => {
    const mails = await mailsIn(servers, 'support', 'Sent')
    return mails.length > 0 && mails
  }, patience)
  expect(filed.map((one) => one.messageId)).toEqual([mail.messageId])
})

/** What a mail program makes of the answer when its owner writes back. */
const quoting = ({ text = '' }: ReadMail) =>
  `\n\nOn Mon, 23 Nov 2026 at 09:12, Northstar <${own}> wrote:\n\n${text.replace(/^/gm, '> ')}`
const followUp = () => ({
  subject: 'Re: My order 4711',
  inReplyTo: known.answer.messageId ?? '',
  references: [known.question, known.answer.messageId ?? ''],
})
const tokenAddress = () => known.answer.replyTo?.[0]?.address ?? ''

test('what the customer answers lands in the same conversation, by its headers or by its address', async () => {
  await write({ ...followUp(), to: tokenAddress(), text: `Thank you so much!${quoting(known.answer)}` })
  await desk.log.getByText('Thank you so much!').waitFor()
  await write({ ...followUp(), text: `One more question.${quoting(known.answer)}` })
  await desk.log.getByText('One more question.').waitFor()
  await write({ subject: 'from my phone', to: tokenAddress(), text: 'No headers at all here.' })
  await desk.log.getByText('No headers at all here.').waitFor()
  expect(await desk.log.getByText('Northstar <support@desk.test> wrote').count()).toBe(0)
  // The address of the conversation is nothing for people.
  expect(await desk.log.getByText('support+').count()).toBe(0)
  expect(idOf(desk.page.url())).toBe(known.alice)
  await desk.page.waitForLoadState('networkidle')
  await shoot(desk.page, 'desk-conversation')
})

test('a stranger who quotes everything does not get in; the agent decides', async () => {
  const everything = { ...followUp(), to: tokenAddress(), from: 'Bob Miller <bob@example.test>' }
  await write({ ...everything, text: `I am her husband, send it to me.${quoting(known.answer)}` })
  await desk.row('I am her husband').waitFor()
  await desk.page.waitForLoadState('networkidle')
  expect(await desk.log.getByText('I am her husband').count()).toBe(0)
  expect(await open('I am her husband')).not.toBe(known.alice)
  const claim = desk.page.getByText(/^Says it belongs to #\d+/)
  await claim.waitFor()
  expect(await desk.log.locator('article').count()).toBe(1)
  await shoot(desk.page, 'desk-claim')
  await desk.page.getByRole('button', { name: 'Join' }).click()
  await desk.page.getByRole('dialog').getByRole('button', { name: 'Join' }).click()
  await desk.page.waitForURL(`**/c/${known.alice}*`)
  await desk.log.getByText('I am her husband').waitFor()
  await desk.page.getByText('Reply to Bob Miller by Email').waitFor()
  await desk.log.getByText('Thank you so much!').first().waitFor()
})

test('an answer nobody takes comes back to the agent in plain words', async () => {
  await write({ from: 'Gus Host <ghost@example.test>', subject: 'Please call', text: 'Please call me back.' })
  await open('Please call')
  await desk.reply('We call you at noon.')
  await desk.log.getByText('Not delivered: there is no such address.').waitFor({ timeout: 30_000 })
  expect(await desk.log.locator('article').count()).toBe(2)
  await shoot(desk.page, 'desk-bounce')
})

test('a restart in the middle loses nothing and doubles nothing', async () => {
  await open('And one more')
  const before = (await mailsIn(servers, 'alice')).length
  await desk.reply('Answered just before the stop.')
  await app.stop()
  await write({ subject: 'Re: Another matter', text: 'Written while you were away.' })
  await desk.reply('Typed while the server was away.')
  await app.start()
  await desk.row('Written while you were away.').waitFor()
  const mails = await aliceHas(before + 2)
  await desk.log.getByText('Sent', { exact: true }).nth(1).waitFor()
  const starts = mails.map((mail) => mail.text?.split('\n')[0])
  expect(starts.slice(before)).toEqual(['Answered just before the stop.', 'Typed while the server was away.'])
  const { rows } = await database.db.pool.query(
    `select count(*)::int as all, count(distinct (text, direction))::int as different,
        count(*) filter (where direction = 'in')::int as received, count(distinct conversation_id)::int as conversations
       from message`,
  )
  // All but the bounce, which is no message. Bob's mail stands in Alice's conversation.
  const received = (await mailsIn(servers, 'support')).length - 1
  expect(rows).toEqual([{ all: received + 4, different: received + 4, received, conversations: 4 }])
})

const looks = [
  { name: 'light-en', colorScheme: 'light', locale: 'en-GB' },
  { name: 'dark-en', colorScheme: 'dark', locale: 'en-GB' },
  { name: 'light-zh', colorScheme: 'light', locale: 'zh-CN' },
  { name: 'dark-zh', colorScheme: 'dark', locale: 'zh-CN' },
] as const
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

const longHtml = () => `<html><body style="font-family:serif"><h1>十月账单</h1>
  <p>您好，附上<b>十月份</b>的费用明细，请核对。</p><p><img src="${pictures.url}/banner.png" alt="横幅" width="560"></p>
  <table border="1" cellpadding="6"><tr><th>日期</th><th>项目</th><th>金额</th></tr>${Array.from(
    { length: 40 },
    (_, n) => `<tr><td>10-${String(n + 1).padStart(2, '0')}</td><td>手续费第${n + 1}笔</td><td>${n * 3}.00</td></tr>`,
  ).join('')}</table><p>此致<br>王小明</p><img src="${pictures.url}/pixel.gif" width="1" height="1"></body></html>`

test('a long Chinese mail shows no picture from elsewhere until the agent asks', async () => {
  await write({
    from: '王小明 <bob@example.test>',
    subject: '十月账单请核对',
    html: longHtml(),
    text: '您好，附上十月份的费用明细。',
  })
  await desk.row('十月账单请核对').first().click()
  await desk.page.locator('iframe').first().waitFor()
  await desk.log.getByText(/pictures? blocked/).waitFor()
  expect(pictures.asked).toEqual([])
  await desk.page.waitForLoadState('networkidle')
  await shoot(desk.page, 'desk-blocked')
  const before = await desk.log.getByText('十月账单请核对').boundingBox()
  await desk.log.getByRole('button', { name: 'Show once' }).click()
  await desk.log.getByRole('button', { name: 'Show once' }).waitFor({ state: 'detached' })
  const banner = desk.page.frameLocator('iframe').first().getByAltText('横幅')
  const width = () => banner.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)
  await eventually(async () => (await width()) === 560, patience)
  // The reader is where they were: at the beginning.
  expect((await desk.log.getByText('十月账单请核对').boundingBox())?.y).toBe(before?.y)
  expect(pictures.asked).toContain('/banner.png')
  await shoot(desk.page, 'desk-shown-once')
  await desk.page.reload()
  await desk.log.getByText(/pictures? blocked/).waitFor()
  expect(desk.problems).toEqual([])
})

test.each(looks.flatMap((look) => sizes.map((viewport) => ({ ...look, viewport }))))(
  'the day is pictured: $name at $viewport.width',
  async ({ name, colorScheme, locale, viewport }) => {
    const chinese = idOf(desk.page.url())
    const look = { viewport, colorScheme, locale, hasTouch: viewport.width < 900 }
    const page = await openInbox(browser, app, { email: known.ada, look })
    await page.page.waitForLoadState('networkidle')
    await shoot(page.page, `desk-list-${name}-${viewport.width}`)
    for (const [what, id] of Object.entries({ joined: known.alice, chinese })) {
      await page.go(`/c/${id}`)
      await page.log.locator('article').first().waitFor()
      await page.page.waitForLoadState('networkidle')
      await fits(page.page)
      await shoot(page.page, `desk-${what}-${name}-${viewport.width}`)
    }
    await page.close()
    expect(page.problems).toEqual([])
  },
)
