import { SignJWT } from 'jose'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { channels } from '../../channels/index.ts'
import { eventually } from '../support/eventually.ts'
import { identitySecret, newVisitor } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot, watch } from './support/browser.ts'
import { requireBuilt } from './support/inbox-page.ts'
import { type JourneyDesk, journeyDesk, patience } from './support/journey-desk.ts'
import {
  askedAndHandedOver,
  asksForStatus,
  type Cast,
  type Customer,
  countOf,
  goesOn,
  nobodyWaits,
  questions,
  takenByWhoHasRoom,
  vipFirst,
} from './support/journey-story.ts'
import { withinBar } from './support/journey-times.ts'
import { type WidgetPage, widgetPage } from './support/widget-page.ts'

let desk: JourneyDesk
let browser: Browser
let inboxId: string

beforeAll(async () => {
  requireBuilt()
  desk = await journeyDesk(channels)
  browser = await launchBrowser()
  inboxId = await desk.switchOn('widget', { identitySecret })
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await desk?.close()
})

type Chat = WidgetPage & Customer & { readonly problems: string[] }

/** What they read of us, with where its links lead. */
async function readBy({ panel }: WidgetPage): Promise<string[]> {
  const bubbles = await panel.locator('.message.theirs .words').all()
  return Promise.all(
    bubbles.map(async (one) => {
      const links = await one.locator('a').all()
      return [await one.innerText(), ...(await Promise.all(links.map((link) => link.getAttribute('href'))))].join(' ')
    }),
  )
}

async function chat(query: string, look: BrowserContextOptions): Promise<Chat> {
  const context = await browser.newContext(look)
  const { problems } = watch(context)
  const page = await widgetPage(context, `${desk.url}/demo?inbox=${inboxId}&${query}`)
  return { ...page, problems, heard: () => readBy(page) }
}

const wide = { viewport: { width: 1440, height: 900 } }
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

/** Somebody with a program of their own instead of our page. */
async function caller(): Promise<Customer> {
  const visitor = await newVisitor(desk, inboxId)
  return {
    say: (text) => visitor.send(text),
    heard: async () => (await visitor.list()).items.filter(({ from }) => from !== 'visitor').map(({ text }) => text),
  }
}

/** One colleague has her hands full, and was quick enough for the desk to know how long one waits. */
async function maraIsBusy(): Promise<void> {
  await desk.employ('mara')
  await desk.online('mara')
  for (let n = 0; n < 6; n += 1) {
    const words = `May I talk to a person please, this is number ${n}`
    await (await caller()).say(words)
    const { id } = await eventually(async () => {
      const found = await desk.conversation(words)
      expect(found).toMatchObject({ assignee: 'Mara Lindqvist' })
      return found
    }, patience)
    if (n < 4) expect((await desk.call(`PATCH /conversations/${id}`, { status: 'waiting' })).status).toBe(200)
  }
}

const signed = () =>
  new SignJWT({ sub: 'grace-1', name: 'Grace Lee', vip: true })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(inboxId)
    .setIssuedAt()
    .setExpirationTime('10 minutes')
    .sign(new TextEncoder().encode(identitySecret))

const objections = async (page: Page) =>
  (await axeProblems(page)).filter((one) => !one.startsWith('empty-table-header'))

test('the bot answers on the page within a second after the question was taken', async () => {
  await withinBar('widget, from acknowledgement to painted text', async (question) => {
    const who = await chat('locale=zh', wide)
    await who.open()
    const acknowledged = who.page.waitForResponse(
      (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/messages'),
    )
    await who.say(question)
    expect((await acknowledged).ok()).toBe(true)
    const startedAt = performance.now()
    await who.panel.getByText('来源').waitFor({ timeout: 60_000 })
    const took = performance.now() - startedAt
    await who.page.context().close()
    return took
  })
}, 200_000)

test('on the website: the bot with its source, people when asked, place and wait, VIPs first, who has it, further and to the end', async () => {
  await nobodyWaits(desk)
  await maraIsBusy()
  const wang = await chat('locale=zh', wide)
  const grace = await chat('locale=en&theme=dark', { ...phone, colorScheme: 'dark' })
  const cast: Cast = { wang, daniel: await caller(), grace }
  const wish = { name: 'widget', tellsPlaces: false, weight: 2 }
  await wang.open()
  const number = await askedAndHandedOver(cast, desk, wish)
  const place = wang.panel.locator('.place').filter({ hasText: /您目前排在第 2 位。预计等待约.+分钟。/ })
  await place.waitFor({ timeout: 60_000 })
  await shoot(wang.page, 'journey-widget-place-1440-light-zh')
  expect(await objections(wang.page)).toEqual([])
  await asksForStatus(wang, number, /等待我们回复 · 负责方：.+ · 您目前排在第 2 位。/)

  // Whoever comes back with another screen finds everything where it was.
  await wang.page.setViewportSize(phone.viewport)
  await wang.page.reload()
  await wang.launcher.click()
  await place.waitFor({ timeout: 60_000 })
  await fits(wang.page)
  await shoot(wang.page, 'journey-widget-place-390-light-zh')

  await grace.page.evaluate(`Tributary.identify(${JSON.stringify(await signed())})`)
  await grace.open()
  await vipFirst(cast, desk, wish)
  await shoot(grace.page, 'journey-widget-vip-390-dark-en')
  expect((await desk.conversation(questions.daniel)).assignee).toBeNull()

  const hers = await takenByWhoHasRoom(cast, desk, { number, browser, name: wish.name })
  await eventually(async () => !(await place.isVisible()), patience)
  await shoot(wang.page, 'journey-widget-turn-390-light-zh')
  await goesOn(cast, desk, { hers, number, browser, name: wish.name })
  await wang.page.setViewportSize(wide.viewport)
  await wang.page.emulateMedia({ colorScheme: 'dark' })
  await shoot(wang.page, 'journey-widget-end-1440-dark-zh')
  expect(await objections(wang.page)).toEqual([])
  for (const once of ['轮到您了', '已转给', '已结束']) expect(await countOf(wang, once), once).toBe(1)
  expect([...wang.problems, ...grace.problems]).toEqual([])
}, 400_000)
