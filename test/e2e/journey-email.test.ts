import type { Browser } from 'playwright-core'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { channels } from '../../channels/index.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { sendMail } from '../support/mail-ground.ts'
import { type SmtpStandIn, startSmtpStandIn } from '../support/smtp-stand-in.ts'
import { launchBrowser } from './support/browser.ts'
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
  takenByWhoHasRoom,
  vipFirst,
  wasHere,
} from './support/journey-story.ts'
import { answeredWithinASecond } from './support/journey-times.ts'

const address = 'help@northstar.example'
let desk: JourneyDesk
let relay: SmtpStandIn
let browser: Browser
let port: number

beforeAll(async () => {
  requireBuilt()
  relay = await startSmtpStandIn()
  port = await freePort()
  desk = await journeyDesk(channels)
  browser = await launchBrowser()
  const smtp = { host: '127.0.0.1', port: relay.port, security: 'none' }
  await desk.switchOn('email', { receive: 'smtp', listen: { host: '127.0.0.1', port }, smtp, imap: null })
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await desk?.close()
  await relay?.close()
})

/** Answers the last letter it got, as people do; what is quoted of earlier ones does not count as heard. */
function customer(name: string, subject: string): Customer {
  const own = `${name.toLowerCase()}${Math.random().toString(36).slice(2, 8)}@customer.example`
  const letters = async () =>
    Promise.all(relay.held.filter(({ to }) => to.includes(own)).map(({ raw }) => PostalMime.parse(raw)))
  return {
    async say(text) {
      const last = (await letters()).at(-1)?.messageId
      const answer = last === undefined ? { subject } : { subject: `Re: ${subject}`, inReplyTo: last, references: last }
      await eventually(() => sendMail(port, { from: `${name} <${own}>`, to: address, text, ...answer }), patience)
    },
    heard: async () =>
      (await letters()).map(({ text = '' }) =>
        text
          .split('\n')
          .filter((line) => !line.startsWith('>'))
          .join('\n'),
      ),
  }
}

test('by mail: the bot with its source, people when asked, the number, VIPs first, who has it, further and to the end', async () => {
  const cast: Cast = {
    wang: customer('Wang', '提现'),
    daniel: customer('Daniel', 'A question'),
    grace: customer('Grace', 'My account'),
  }
  const wish = { name: 'email', tellsPlaces: false, weight: 1 }
  await answeredWithinASecond('email', () => customer('Hong', '提币'))
  await nobodyWaits(desk)
  await wasHere(desk, cast.grace, 'Thanks for your help with my account')
  const number = await askedAndHandedOver(cast, desk, wish)
  await asksForStatus(cast.wang, number, /等待我们回复 · 负责方：.+ · 您目前排在第 2 位。/)
  await vipFirst(cast, desk, wish)
  const hers = await takenByWhoHasRoom(cast, desk, { number, browser, name: wish.name })
  await goesOn(cast, desk, { hers, number, browser, name: wish.name })
  for (const once of ['轮到您了', '已转给', '已结束']) expect(await countOf(cast.wang, once), once).toBe(1)
}, 400_000)
