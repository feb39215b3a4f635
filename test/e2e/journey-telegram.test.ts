import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { channels } from '../../channels/index.ts'
import { startTelegram, type TelegramStandIn } from '../support/stand-ins/telegram/server.ts'
import { saidByBot } from '../support/stand-ins/telegram/state.ts'
import { launchBrowser } from './support/browser.ts'
import { requireBuilt } from './support/inbox-page.ts'
import { type JourneyDesk, journeyDesk } from './support/journey-desk.ts'
import {
  askedAndHandedOver,
  asksForStatus,
  type Cast,
  type Customer,
  countOf,
  goesOn,
  nobodyWaits,
  takenByWhoHasRoom,
  vipFirst,
  wasHere,
} from './support/journey-story.ts'
import { answeredWithinASecond } from './support/journey-times.ts'

let desk: JourneyDesk
let telegram: TelegramStandIn
let browser: Browser

beforeAll(async () => {
  requireBuilt()
  telegram = await startTelegram({ clock: () => new Date(Date.now() + 1_000) })
  desk = await journeyDesk(channels)
  browser = await launchBrowser()
  const privacyUrl = 'https://northstar.example/privacy'
  await desk.switchOn('telegram', { token: telegram.state.token, apiRoot: telegram.url, privacyUrl })
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await desk?.close()
  await telegram?.close()
})

/** Where its words lead. */
function linksIn({ entities }: Record<string, unknown>): string[] {
  const marked = Array.isArray(entities) ? (entities as { url?: string }[]) : []
  return marked.flatMap(({ url }) => url ?? [])
}

function customer(first_name: string, language_code: string): Customer {
  const person = telegram.person({ first_name, last_name: '', language_code })
  const chat = telegram.privateChat(person)
  return {
    say: (text) => telegram.say(chat, person, { text }),
    heard: () =>
      saidByBot(telegram.state)
        .filter((one) => one.chat.id === chat.id)
        .map((one) => [one.text ?? '', ...linksIn(one)].join(' ')),
  }
}

test('on Telegram: the bot with its source, people when asked, the place, VIPs first, who has it, further and to the end', async () => {
  const cast: Cast = {
    wang: customer('王小明', 'zh-hans'),
    daniel: customer('Daniel', 'en'),
    grace: customer('Grace', 'en'),
  }
  const wish = { name: 'telegram', tellsPlaces: true, weight: 1 }
  await answeredWithinASecond('telegram', () => customer('小红', 'zh-hans'))
  await nobodyWaits(desk)
  await wasHere(desk, cast.grace, 'Thanks for your help with my account')
  const number = await askedAndHandedOver(cast, desk, wish)
  await asksForStatus(cast.wang, number, /等待我们回复 · 负责方：.+ · 您目前排在第 2 位。/)
  await vipFirst(cast, desk, wish)
  const hers = await takenByWhoHasRoom(cast, desk, { number, browser, name: wish.name })
  await goesOn(cast, desk, { hers, number, browser, name: wish.name })
  for (const once of ['轮到您了', '已转给', '已结束']) expect(await countOf(cast.wang, once), once).toBe(1)
}, 400_000)
