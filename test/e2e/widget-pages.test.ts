import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { SignJWT } from 'jose'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { identitySecret, type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { launchBrowser, shoot, watch } from './support/browser.ts'
import { widgetPage } from './support/widget-page.ts'

const widgetRoot = fileURLToPath(new URL('../../dist/widget/', import.meta.url))

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let website: Server
let inboxId: string

beforeAll(async () => {
  database = await testDatabase()
  app = await visitorApp(database, { widgetRoot })
  inboxId = await app.inbox({ name: 'Northstar Support', availability: 'Every day, 8 to 22 o’clock', identitySecret })
  browser = await launchBrowser()
  website = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': strict() })
    response.end(foreignPage(request.url !== '/plain'))
  })
  await new Promise<void>((resolve) => website.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await browser?.close()
  website?.close()
  await app?.close()
  await database?.close()
})

const socket = () => app.url.replace('http', 'ws')
/** As strict as a careful website may be: no inline anything, no eval, trusted types. */
const strict = () =>
  [
    "default-src 'none'",
    `script-src ${app.url}`,
    `connect-src ${app.url} ${socket()}`,
    `img-src ${app.url} blob: data:`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

const foreignPage = (
  withChat: boolean,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<link rel="icon" href="data:,"></head><body><h1>A shop</h1>
${withChat ? `<script src="${app.url}/widget.js" data-inbox="${inboxId}" data-accent="gold" async></script>` : ''}</body></html>`

const shopUrl = () => `http://127.0.0.1:${(website.address() as AddressInfo).port}/`

test('on another website with the strictest policy it works, asks nobody else and leaves one global', async () => {
  const context = await browser.newContext({ locale: 'en-GB' })
  const { problems } = watch(context)
  const asked = new Set<string>()
  context.on('request', (request) => asked.add(new URL(request.url()).origin))
  const before = await context.newPage()
  await before.goto(`${shopUrl()}plain`)
  const globals = await before.evaluate<string[]>('Object.getOwnPropertyNames(window)')
  const chat = await widgetPage(context, shopUrl())
  await chat.open()
  const [chooser] = await Promise.all([
    chat.page.waitForEvent('filechooser'),
    chat.panel.getByRole('button', { name: 'Attach a file' }).click(),
  ])
  await chooser.setFiles([{ name: 'a.png', mimeType: 'image/png', buffer: await chat.page.screenshot() }])
  await chat.say('from another website')
  await chat.panel.getByText('Sent').waitFor()
  await eventually(() =>
    chat.panel
      .locator('.mine a.frame img')
      .evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth > 0),
  )
  expect([...asked].filter((origin) => origin !== 'null').sort()).toEqual([app.url, new URL(shopUrl()).origin].sort())
  const after = await chat.page.evaluate<string[]>('Object.getOwnPropertyNames(window)')
  expect(after.filter((name) => !globals.includes(name))).toEqual(['Tributary'])
  const colours = await chat.launcher.evaluate((button: unknown) => {
    const page = globalThis as unknown as { getComputedStyle(of: unknown): Record<string, string> }
    const { backgroundColor, color } = page.getComputedStyle(button)
    return { backgroundColor, color }
  })
  expect(colours).toEqual({ backgroundColor: 'rgb(255, 215, 0)', color: 'rgb(17, 20, 24)' })
  expect(problems).toEqual([])
  await context.close()
})

test('who signs in has the same conversation on another device, and signing out forgets it', async () => {
  const now = Math.floor(Date.now() / 1000)
  const token = await new SignJWT({ sub: randomUUID(), aud: inboxId, iat: now, exp: now + 600, name: 'Li Wei' })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(identitySecret))
  const words: string[][] = []
  for (const text of ['from the phone', 'from the laptop']) {
    const context = await browser.newContext({ locale: 'en-GB' })
    const chat = await widgetPage(context, `${app.url}/demo?inbox=${inboxId}`)
    await chat.page.evaluate(`Tributary.identify(${JSON.stringify(token)})`)
    await chat.open()
    if (words.length > 0) await eventually(async () => (await chat.words()).length === 1)
    await chat.say(text)
    await chat.panel.getByText('Sent').waitFor()
    words.push(await chat.words())
    await chat.page.evaluate('void Tributary.signOut()')
    await eventually(async () => (await chat.words()).length === 0)
    expect(await chat.page.evaluate('localStorage.length')).toBe(0)
    await context.close()
  }
  expect(words).toEqual([['from the phone'], ['from the phone', 'from the laptop']])
})

test('who signs out before the answer to the last words came leaves none of them on the device', async () => {
  const context = await browser.newContext({ locale: 'en-GB' })
  const chat = await widgetPage(context, `${app.url}/demo?inbox=${inboxId}`)
  await chat.open()
  await chat.say('this is the first')
  await chat.panel.getByText('Sent').waitFor()
  const held: (() => Promise<void>)[] = []
  await chat.page.route('**/messages', async (route) => {
    const response = await route.fetch()
    held.push(() => route.fulfill({ response }))
  })
  await chat.say('the shared computer')
  // The server has it and says so on the socket; the answer itself is still on its way.
  await eventually(async () => held.length === 1 && (await chat.panel.getByText('Sending').count()) === 0)
  expect(await chat.words()).toHaveLength(2)
  await chat.page.evaluate('void Tributary.signOut()')
  await eventually(async () => (await chat.words()).length === 0)
  const answered = chat.page.waitForEvent('requestfinished', (request) => request.method() === 'POST')
  await held[0]?.()
  await answered
  await chat.page.evaluate('new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)))')
  expect(await chat.words()).toEqual([])
  expect(await chat.page.evaluate('localStorage.length')).toBe(0)
  await context.close()
})

test('words meant as markup stay words, wherever they stand', async () => {
  const evil = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>'
  const inbox = await app.inbox({ name: evil.slice(0, 80), greeting: evil, availability: evil })
  const context = await browser.newContext({ locale: 'en-GB' })
  const { problems } = watch(context)
  const chat = await widgetPage(context, `${app.url}/demo?inbox=${inbox}`)
  await chat.open()
  await chat.say(evil)
  await chat.panel.getByText('Sent').waitFor()
  const reply = `${evil}\n\n[a](javascript:globalThis.hit=1) ![b](x"onerror="globalThis.hit=1) <b onclick=alert(1)>`
  await app.answer(await messageId(evil), reply, { fileIds: [await app.upload('<b>name</b>.txt', Buffer.from('x'))] })
  await chat.panel.locator('.theirs .card').waitFor()
  expect(await chat.panel.locator('script, [onerror], [onclick], a[href^="javascript"]').count()).toBe(0)
  expect(await chat.panel.locator('.mine .words').innerText()).toBe(evil)
  expect(await chat.panel.locator('.greeting').innerText()).toBe(evil)
  expect(await chat.page.evaluate('globalThis.hit')).toBeUndefined()
  expect(problems).toEqual([])
  await context.close()
})

const looks = ['en', 'zh'].flatMap((locale) =>
  (['light', 'dark'] as const).flatMap((theme) => [1440, 390].map((width) => ({ locale, theme, width }))),
)

test.each(looks)('looks right: $locale, $theme, $width', async ({ locale, theme, width }) => {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: theme,
    locale: locale === 'zh' ? 'zh-CN' : 'en-GB',
    hasTouch: width < 500,
  })
  const name = `widget-${locale}-${theme}-${width}`
  const chat = await widgetPage(context, `${app.url}/demo?inbox=${inboxId}`)
  await shoot(chat.page, `${name}-closed`)
  await chat.open()
  await shoot(chat.page, `${name}-empty`)
  await conversation(chat, locale)
  await shoot(chat.page, `${name}-open`)
  await context.setOffline(true)
  await chat.say(locale === 'zh' ? '还在吗？' : 'Are you still there?')
  await chat.panel.locator('.banner').waitFor()
  await shoot(chat.page, `${name}-offline`)
  const overflow = await chat.page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
  expect(overflow).toBe(false)
  await context.close()
})

async function conversation(chat: Awaited<ReturnType<typeof widgetPage>>, locale: string): Promise<void> {
  const zh = locale === 'zh'
  const picture = await chat.page.screenshot({ clip: { x: 0, y: 0, width: 390, height: 300 } })
  const asked = zh ? '我的充值还没有到账，已经两个小时了。' : 'My deposit has not arrived. It has been two hours.'
  await chat.say(asked)
  await chat.panel.getByText(zh ? '已发送' : 'Sent').waitFor()
  const id = await messageId(asked)
  const steps = zh
    ? '您好，我来查一下。请先确认：\n\n1. 网络是否为 **TRC20**\n2. 交易是否已有 *20 次确认*\n\n> 区块确认通常需要几分钟\n\n交易编号类似 `0x5f3…a91`，可在[帮助中心](https://northstar.example/help)查看。'
    : 'Let me look into it. Please check first:\n\n1. Was the network **TRC20**?\n2. Does it have *20 confirmations*?\n\n> Confirmations usually take a few minutes.\n\nThe id looks like `0x5f3…a91`; see the [help centre](https://northstar.example/help).'
  await app.answer(id, steps, { fileIds: [await app.upload('where-to-look.png', picture)] })
  await chat.panel.locator('.theirs img.picture').waitFor()
  await chat.say(zh ? '是 TRC20，谢谢！' : 'It was TRC20, thank you!')
  await chat.panel.getByText(zh ? '已发送' : 'Sent').waitFor()
  await app.answer(id, zh ? '已找到，正在入账。' : 'Found it. It is being credited now.')
  await chat.panel.getByText(zh ? '已找到' : 'Found it').waitFor()
}

async function messageId(text: string): Promise<string> {
  const { rows } = await database.db.pool.query('select id from message where text = $1 order by id desc limit 1', [
    text,
  ])
  return rows[0].id
}
