import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { channels } from '../../channels/index.ts'
import { discordObjections } from '../support/stand-ins/discord/described.ts'
import { type DiscordPlatform, startDiscord } from '../support/stand-ins/discord/platform.ts'
import { direct } from '../support/stand-ins/discord/stage.ts'
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
let platform: DiscordPlatform
let browser: Browser

beforeAll(async () => {
  requireBuilt()
  platform = await startDiscord()
  const door = platform.channel('support')
  desk = await journeyDesk(channels)
  browser = await launchBrowser()
  const supportChannels = [{ id: door.id, open: 'everyMessage' as const }]
  const privacyUrl = 'https://northstar.example/privacy'
  await desk.switchOn('discord', { ...platform.settings({ supportChannels }), gatewayUrl: null, privacyUrl })
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await desk?.close()
  await platform?.close()
})

function customer(name: string): Customer {
  const { who, channel } = direct(platform, name)
  return {
    say: (text) => platform.write(channel, who, text),
    heard: () => platform.held(channel.id),
  }
}

test('on Discord: the bot with its source, people when asked, the place, VIPs first, who has it, further and to the end', async () => {
  const cast: Cast = { wang: customer('王小明'), daniel: customer('Daniel'), grace: customer('Grace') }
  const wish = { name: 'discord', tellsPlaces: true, weight: 1 }
  await answeredWithinASecond('discord', () => customer('小红'))
  await nobodyWaits(desk)
  await wasHere(desk, cast.grace, 'Thanks for your help with my account')
  const number = await askedAndHandedOver(cast, desk, wish)
  await asksForStatus(cast.wang, number, /等待我们回复 · 负责方：.+ · 您目前排在第 2 位。/)
  await vipFirst(cast, desk, wish)
  const hers = await takenByWhoHasRoom(cast, desk, { number, browser, name: wish.name })
  await goesOn(cast, desk, { hers, number, browser, name: wish.name })
  for (const once of ['轮到您了', '已转给', '已结束']) expect(await countOf(cast.wang, once), once).toBe(1)
  expect(discordObjections(platform.state)).toEqual([])
}, 400_000)
