import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { letterOf } from '../support/letters.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt } from './support/inbox-page.ts'
import { type MailDesk, mailDesk } from './support/mail-desk.ts'
import { chineseMail, doubtfulMail, longMail, maria, picture } from './support/mails.ts'

let database: TestDatabase
let desk: MailDesk
let browser: Browser
let ada: string
const made = { long: '', chinese: '', doubtful: '', bounced: '', claim: '' }

beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  desk = await mailDesk(database)
  ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  browser = await launchBrowser()
  made.long = await prepareLong()
  made.chinese = (await desk.receive(chineseMail())).conversationId
  made.doubtful = (await desk.receive(doubtfulMail())).conversationId
  made.bounced = await prepareBounced()
  made.claim = await prepareClaim(made.long)
})
afterAll(async () => {
  await browser?.close()
  await desk?.close()
  await database?.close()
})

async function prepareLong(): Promise<string> {
  return (await desk.receive(longMail(await desk.keep('screenshot.png', picture(320, 120))))).conversationId
}

/** A stranger's mail that says it belongs there. */
async function prepareClaim(conversationId: string): Promise<string> {
  const claimed = letterOf('Hello, I am her colleague. What is the state of this?', {
    from: { name: 'Jo Stranger', address: 'jo@elsewhere.example' },
    subject: 'Re: Fees of October: please check',
    joins: [{ by: 'reference', externalId: await externalIdIn(conversationId) }],
  })
  return (await desk.receive(claimed)).conversationId
}

/** A mail, our two answers, one sent back and one delayed, and another mail under another subject. */
async function prepareBounced(): Promise<string> {
  const { conversationId } = await desk.receive(letterOf('Where is my refund?', { from: maria, subject: 'Refund' }))
  const page = await openInbox(browser, desk, { email: ada, path: `/c/${conversationId}` })
  for (const words of ['It is on its way.', 'Did it arrive?']) await page.reply(words)
  const sent = await eventually(async () => {
    const { rows } = await database.db.pool.query(
      `select d.id, d.external_id as "externalId", t.key, t.kind, t.place from delivery d join thread t on t.id = d.thread_id
        where d.conversation_id = $1 and d.state = 'sent' order by d.id`,
      [conversationId],
    )
    return rows.length === 2 ? rows : null
  })
  for (const [at, receipt] of (['bounced', 'delayed'] as const).entries()) {
    const { id, externalId, key, kind, place } = sent[at]
    await desk.receive({
      kind: 'receipt',
      eventId: `receipt-${id}`,
      thread: { key, kind, place, audience: 'private' },
      occurredAt: new Date(),
      raw: {},
      receipt,
      externalId,
      deliveryId: id,
      reason: receipt === 'bounced' ? '550 5.1.1 <maria.rossi@customer.example>: User unknown' : '4.4.1 timed out',
    })
  }
  await desk.receive(
    letterOf('By the way, how do I close an old account?', {
      from: maria,
      subject: 'Closing an old account',
      joins: [{ by: 'delivery', deliveryId: sent[0].id }],
    }),
  )
  await page.close()
  return conversationId
}

async function externalIdIn(conversationId: string): Promise<string> {
  const { rows } = await database.db.pool.query(
    'select external_id as id from message where conversation_id = $1 order by seq limit 1',
    [conversationId],
  )
  return rows[0].id
}

async function numberOf(conversationId: string): Promise<string> {
  const { rows } = await database.db.pool.query('select number::text as number from conversation where id = $1', [
    conversationId,
  ])
  return rows[0].number
}

const looks = [
  { name: 'light-en', colorScheme: 'light', locale: 'en-GB' },
  { name: 'dark-zh', colorScheme: 'dark', locale: 'zh-CN' },
] as const
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

/** The sheet of a mail, once it stands at its height. */
async function sheetOf(page: Page) {
  const frame = page.frameLocator('iframe').first()
  await frame.locator('body').waitFor()
  await eventually(async () => ((await page.locator('iframe').first().boundingBox())?.height ?? 0) > 100)
  return frame
}

test.each(looks.flatMap((look) => sizes.map((viewport) => ({ ...look, viewport }))))(
  'mails fit and are pictured: $name at $viewport.width',
  async ({ name, colorScheme, locale, viewport }) => {
    const look = { viewport, colorScheme, locale, hasTouch: viewport.width < 900 }
    const page = await openInbox(browser, desk, { email: ada, look })
    for (const [what, id] of Object.entries(made)) {
      await page.go(`/c/${id}`)
      await page.log.locator('article').first().waitFor()
      if (what === 'long' || what === 'doubtful') await sheetOf(page.page)
      await page.page.waitForLoadState('networkidle')
      await fits(page.page)
      await shoot(page.page, `mail-${what}-${name}-${viewport.width}`)
    }
    await page.go(`/c/${made.long}`)
    await page.page.locator('section button[aria-controls]').click()
    await page.page.locator('article button[aria-controls]').click()
    await sheetOf(page.page)
    await shoot(page.page, `mail-recipients-${name}-${viewport.width}`)
    await page.go('/settings/inboxes/new?channel=email')
    await page.page.locator('fieldset').first().waitFor()
    await page.page.waitForLoadState('networkidle')
    await fits(page.page)
    await shoot(page.page, `mail-settings-${name}-${viewport.width}`)
    await page.page.locator('form button[type=submit]').scrollIntoViewIfNeeded()
    await shoot(page.page, `mail-settings-end-${name}-${viewport.width}`)
    await page.close()
    expect(page.problems).toEqual([])
  },
)

test('a mail runs nothing, fetches nothing from elsewhere and keeps the shortcuts working', async () => {
  const page = await openInbox(browser, desk, { email: ada })
  const asked: string[] = []
  page.page.on('request', (request) => asked.push(request.url()))
  await page.go(`/c/${made.doubtful}`)
  const sheet = await sheetOf(page.page)
  await page.log.getByText('This may not be from who it says').waitFor()
  await page.log.getByText('1 picture blocked').waitFor()
  expect(await page.log.getByRole('button', { name: 'Always for this sender' }).count()).toBe(0)
  expect(asked.filter((url) => !url.startsWith(desk.url) && !url.startsWith('blob:'))).toEqual([])
  const frame = page.page.locator('iframe')
  expect(await frame.getAttribute('sandbox')).toBe('allow-same-origin allow-popups allow-popups-to-escape-sandbox')
  const link = sheet.getByRole('link')
  expect(await link.getAttribute('title')).toBe('https://northstar-login.example/')
  await link.focus()
  await page.page.keyboard.press('n')
  await page.page.getByRole('textbox', { name: 'Note for colleagues' }).waitFor()
  await page.page.getByRole('radio', { name: 'Reply' }).check({ force: true })
  const answered = page.page.waitForRequest((request) => request.url().includes('pictures=1'))
  await page.log.getByRole('button', { name: 'Show once' }).click()
  await answered
  await page.log.getByRole('button', { name: 'Show once' }).waitFor({ state: 'detached' })
  await page.close()
})

test('pictures of a checked sender are always shown once somebody said so, until it is taken back', async () => {
  await database.db.pool.query('update identity set pictures_since = null')
  const page = await openInbox(browser, desk, { email: ada })
  await page.page.route('**/pictures?*', (route) => route.fulfill({ contentType: 'image/png', body: picture(140, 32) }))
  await page.go(`/c/${made.long}`)
  const logo = (await sheetOf(page.page)).getByAltText('Customer Ltd')
  const shown = () => logo.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth === 140)
  expect(await logo.getAttribute('src')).toBeNull()
  await page.log.getByRole('button', { name: 'Always for this sender' }).click()
  await page.log.getByText('Pictures of this sender are always shown.').waitFor()
  await eventually(shown)
  await page.page.reload()
  await eventually(shown, { timeoutMs: 15_000 })
  await page.log.getByRole('button', { name: 'Stop showing' }).click()
  await page.log.getByText('2 pictures blocked').waitFor()
  expect(await logo.getAttribute('src')).toBeNull()
  await page.close()
  expect(page.problems).toEqual([])
})

test('a long mail begins at its beginning, as high as what is in it, and its own pictures are not listed again', async () => {
  const page = await openInbox(browser, desk, { email: ada, path: `/c/${made.long}` })
  const sheet = await sheetOf(page.page)
  expect(await page.page.locator('article header').isVisible()).toBe(true)
  await eventually(async () => (await page.page.locator('article header').boundingBox())!.y > 40)
  const left = () =>
    sheet.locator('html').evaluate((html) => html.clientHeight - Math.ceil(html.getBoundingClientRect().height))
  await eventually(async () => Math.abs(await left()) < 6)
  await sheet.getByAltText('Screenshot').waitFor()
  await page.log.getByText('fees-october.csv').waitFor()
  expect(await page.log.getByText('screenshot.png').count()).toBe(0)
  expect(await page.log.getByRole('button', { name: /Open picture/ }).count()).toBe(0)
  await page.close()
})

test('what is quoted, why a mail is here and what its checks said are a click away', async () => {
  const page = await openInbox(browser, desk, { email: ada, path: `/c/${made.chinese}` })
  expect(await page.log.getByText('原始邮件').count()).toBe(0)
  await page.log.getByRole('button', { name: 'Show quoted text' }).click()
  await page.log.getByText('原始邮件').waitFor()
  await page.go(`/c/${made.bounced}`)
  await page.log.getByText('Not delivered: there is no such address.').waitFor()
  await page.log.getByText('Their mail server is slow to take it.').waitFor()
  await page.log.getByText('Subject changed to “Closing an old account”').waitFor()
  await page.log.getByRole('button', { name: 'to Support' }).last().click()
  await page.log.getByText('It answers a mail of ours').waitFor()
  await page.close()
})

test('a reply goes to whom the agent chose; what is no address stops it; a draft keeps them', async () => {
  const id = await prepareLong()
  const page = await openInbox(browser, desk, { email: ada, path: `/c/${id}` })
  await page.page.getByTitle('Change who gets this').click()
  const cc = page.page.getByRole('textbox', { name: 'Cc: Add an address', exact: true })
  await page.page.getByRole('button', { name: 'Remove accounting@customer.example' }).click()
  await cc.pressSequentially('half@,')
  await page.box.fill('We look into it.')
  await page.page.getByText('One of the addresses is not valid.').waitFor()
  expect(await page.page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
  await page.page.getByRole('button', { name: 'Remove half@' }).click()
  await cc.fill('Eva Blau <eva@customer.example>')
  await cc.press('Enter')
  await page.page.getByRole('textbox', { name: 'Subject' }).fill('Fees: we look into it')
  await eventually(async () => {
    const { rows } = await database.db.pool.query('select recipients as letter from draft where conversation_id = $1', [
      id,
    ])
    return (
      JSON.stringify(rows[0]?.letter ?? '').includes('eva@customer.example') &&
      JSON.stringify(rows[0].letter).includes('Fees: we')
    )
  })
  await page.page.evaluate('localStorage.clear()')
  await page.page.reload()
  await page.page.getByText('Eva Blau').first().waitFor()
  await page.box.press('Control+Enter')
  await page.log.getByText('We look into it.').waitFor()
  await eventually(async () => {
    const { rows } = await database.db.pool.query(
      `select letter->'cc' as cc, subject from message where conversation_id = $1 and direction = 'out'`,
      [id],
    )
    expect(rows).toEqual([
      {
        cc: [
          { name: 'Paolo Bianchi', address: 'paolo@customer.example' },
          { name: 'Eva Blau', address: 'eva@customer.example' },
        ],
        subject: 'Fees: we look into it',
      },
    ])
  })
  await page.close()
})

test('what says it belongs elsewhere is joined only when the agent says so; another matter is parted', async () => {
  const long = await prepareLong()
  const claim = await prepareClaim(long)
  const page = await openInbox(browser, desk, { email: ada, path: `/c/${claim}` })
  const number = await numberOf(long)
  await page.page.getByText(`Says it belongs to #${number}`).waitFor()
  await page.page.getByRole('button', { name: 'Join' }).click()
  await page.page.getByRole('dialog').getByRole('button', { name: 'Join' }).click()
  await page.page.waitForURL(`**/c/${long}*`)
  await page.log.getByText('I am her colleague').waitFor()
  await page.go(`/c/${claim}`)
  await page.page.getByText(`This continues in #${number}.`).waitFor()
  const bounced = await prepareBounced()
  await page.go(`/c/${bounced}`)
  await page.log.getByRole('button', { name: 'Make it a conversation of its own' }).click()
  await page.page.waitForURL((url) => !url.pathname.endsWith(`/${bounced}`))
  await page.log.getByText('By the way, how do I close an old account?').waitFor()
  expect(await page.log.getByText('Where is my refund?').count()).toBe(0)
  await page.close()
})

const readAloud = [
  { name: 'a long mail', path: () => `/c/${made.long}`, width: 1440 },
  { name: 'a long mail on a phone', path: () => `/c/${made.long}`, width: 390 },
  { name: 'a doubtful mail', path: () => `/c/${made.doubtful}`, width: 1440 },
  { name: 'the form of a mailbox', path: () => '/settings/inboxes/new?channel=email', width: 1440 },
]

test.each(readAloud)('$name can be used with a screen reader (axe finds nothing)', async ({ path, width }) => {
  const look = { viewport: { width, height: 900 }, hasTouch: width < 900 }
  const page = await openInbox(browser, desk, { email: ada, look })
  const problems: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.go(path())
    await page.page.getByRole('main').first().waitFor()
    await page.page.waitForLoadState('networkidle')
    const envelope = page.page.getByTitle('Change who gets this')
    if (await envelope.count()) await envelope.click()
    problems.push(...(await axeProblems(page.page)).map((one) => `${colorScheme} ${one}`))
  }
  expect(problems).toEqual([])
  await page.close()
})

test('the form asks for what applies to how mail comes in, and says what is wrong beside the field', async () => {
  const page = await openInbox(browser, desk, { email: ada, path: '/settings/inboxes/new?channel=email' })
  const form = page.page.locator('form')
  await form.getByRole('group', { name: 'Reading (IMAP)' }).waitFor()
  await form.getByLabel('How mail comes in').selectOption({ label: 'Directly from other servers (SMTP)' })
  await form.getByRole('group', { name: 'Receiving directly (SMTP)' }).waitFor()
  expect(await form.getByRole('group', { name: 'Reading (IMAP)' }).count()).toBe(0)
  await form.getByLabel('How mail comes in').selectOption('imap')
  await form.getByLabel('Address', { exact: true }).fill('help@northstar.example')
  const imap = form.getByRole('group', { name: 'Reading (IMAP)' })
  await imap.getByLabel('IMAP server').fill('imap.northstar.example')
  await page.page.getByRole('button', { name: 'Test' }).click()
  await form.locator('[aria-invalid=true]').first().waitFor()
  expect(await imap.locator('[aria-invalid=true]').count()).toBe(1)
  expect(await imap.getByLabel('Password').getAttribute('type')).toBe('password')
  // Of an inbox whose settings never said how mail comes in.
  await page.go(`/settings/inboxes/${desk.inboxId}`)
  expect(await imap.getByLabel('IMAP server').inputValue()).toBe('imap.northstar.example')
  await page.close()
})
