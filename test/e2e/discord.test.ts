import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type DiscordDesk, discordDesk } from '../support/stand-ins/discord/desk.ts'
import { direct } from '../support/stand-ins/discord/stage.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, openInbox, requireBuilt, webRoot } from './support/inbox-page.ts'

let desk: DiscordDesk
let browser: Browser
let [ada, bo] = ['', '']
const patience = { timeoutMs: 10_000 }

beforeAll(async () => {
  requireBuilt()
  desk = await discordDesk({ webRoot })
  ada = await hire(desk.database, { name: 'Ada Winter', role: 'admin' })
  bo = await hire(desk.database, { name: 'Bo Chen', inboxId: desk.inboxId })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await desk?.close()
})

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('both agents see a customer of Discord; the answer arrives in Discord’s form, and a reaction and an edit travel back', async () => {
  const { platform } = desk
  const { who, channel } = direct(platform, 'Maria')
  const [first, second] = [
    await openInbox(browser, desk, { email: ada }),
    await openInbox(browser, desk, { email: bo }),
  ]
  await first.list.waitFor()
  await second.list.waitFor()
  const asked = platform.write(channel, who, 'My lamp is broken')
  await Promise.all([first, second].map((page) => page.row('My lamp is broken').waitFor()))
  platform.write(channel, who, 'a picture', { files: [{ name: 'lamp.png', type: 'image/png', bytes: png }] })
  platform.write(channel, who, 'the old one', { replyTo: asked.id })
  await first.row('the old one').click()
  await first.log.getByText('the old one').first().waitFor()
  await first.reply('We send **two** new ones.', 'We send')
  const held = await eventually(
    () => platform.state.messages.get(channel.id)?.find((one) => one.author.id === platform.state.bot.id) ?? null,
    patience,
  )
  expect(held.content).toBe('We send **two** new ones.')
  platform.react(held, who, '🎉')
  platform.edit(asked, 'My lamps are broken')
  await first.log.getByText('🎉').first().waitFor()
  await first.log.getByText('My lamps are broken').first().waitFor()
  await fits(first.page)
  expect(await axeProblems(first.page)).toEqual([])
  await shoot(first.page, 'discord-1440-light-en')
  expect([...first.problems, ...second.problems]).toEqual([])
  await first.close()
  await second.close()
})

test.each([
  ['1440-dark-zh', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'zh-CN' }],
  ['390-light-en', { viewport: { width: 390, height: 844 }, colorScheme: 'light', locale: 'en-GB' }],
  ['390-dark-zh', { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' }],
] as const)('its settings and a conversation can be read at %s', async (name, look) => {
  const page = await openInbox(browser, desk, { email: ada, look, path: `/settings/inboxes/${desk.inboxId}` })
  await page.page.waitForLoadState('networkidle')
  await fits(page.page)
  await shoot(page.page, `discord-settings-${name}`)
  await page.go('/inbox/all')
  await page.row('Maria').click()
  await page.log.getByText('the old one').first().waitFor()
  await fits(page.page)
  await shoot(page.page, `discord-${name}`)
  expect(page.problems).toEqual([])
  await page.close()
})
