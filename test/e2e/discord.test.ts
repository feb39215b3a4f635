import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type DiscordDesk, discordDesk } from '../support/stand-ins/discord/desk.ts'
import { direct } from '../support/stand-ins/discord/stage.ts'
import { allSee, allSeePicture, attach, closeDesks, mend, withinASecond } from './support/both-desks.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot } from './support/inbox-page.ts'
import { picture } from './support/mails.ts'

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

test('a customer of Discord writes, shows, replies and edits; both agents see it within a second; bold text and a file arrive in its form; a reaction and an edit travel back', async () => {
  const { platform } = desk
  const { who, channel } = direct(platform, 'Maria')
  const desks = await Promise.all([ada, bo].map((email) => openInbox(browser, desk, { email })))
  const [first, second] = desks as [InboxPage, InboxPage]
  const asked = platform.write(channel, who, 'My lamp is broken')
  for (const page of desks) await page.row('My lamp is broken').click()
  await allSee(desks, 'My lamp is broken')
  await withinASecond(desks, (words) => platform.write(channel, who, words))
  const files = [{ name: 'lamp.png', type: 'image/png', bytes: picture(320, 200) }]
  platform.write(channel, who, 'a picture', { files })
  await allSee(desks, 'a picture')
  await allSeePicture(desks)
  platform.edit(asked, 'My lamps are broken')
  await allSee(desks, 'My lamps are broken')
  platform.write(channel, who, 'the old one', { replyTo: asked.id })
  await allSee(desks, 'the old one')
  await first.log.getByRole('link', { name: /My lamps are broken/ }).waitFor()

  await attach(first, 'terms.pdf', 'application/pdf', Buffer.from('%PDF-1.4 terms'))
  await first.reply('We send **two** new ones.', 'We send')
  await second.log.locator('strong', { hasText: 'two' }).waitFor()
  const held = await eventually(
    () => platform.state.messages.get(channel.id)?.find((one) => one.author.id === platform.state.bot.id) ?? null,
    patience,
  )
  expect(held.content).toBe('We send **two** new ones.')
  expect(held.attachments).toMatchObject([{ filename: 'terms.pdf' }])

  platform.react(held, who, '🎉')
  await Promise.all(desks.map(({ log }) => log.getByText('🎉').first().waitFor()))
  await mend(first, 'We send', 'We send **three** new ones.')
  await second.log.locator('strong', { hasText: 'three' }).waitFor()
  await eventually(() => expect(held.content).toBe('We send **three** new ones.'), patience)
  await fits(first.page)
  expect(await axeProblems(first.page)).toEqual([])
  await shoot(first.page, 'discord-1440-light-en')
  await closeDesks(desks)
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
