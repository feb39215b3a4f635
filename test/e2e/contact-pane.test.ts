import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, createIdentity, createMessage } from '../support/factories.ts'
import { newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'
import { axeProblems, fits, launchBrowser, shoot } from './support/browser.ts'
import { hire, type InboxPage, openInbox, requireBuilt, webRoot, widgetRoot } from './support/inbox-page.ts'

let database: TestDatabase
let app: VisitorApp
let browser: Browser
let shop: string
let second: string
let ada: string
let li: string
beforeAll(async () => {
  requireBuilt()
  database = await testDatabase()
  app = await visitorApp(database, { webRoot, widgetRoot })
  shop = await app.inbox({ name: 'Northstar' })
  second = await app.inbox({ name: 'Northstar Pay' })
  ada = await hire(database, { name: 'Ada Winter', role: 'admin' })
  li = await hire(database, { name: 'Li Na', inboxId: shop })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await database?.close()
})

const q = () => database.db.pool

/** A customer who wrote in the chat, and long ago in another inbox. */
async function known(name: string) {
  const visitor = await newVisitor(app, shop)
  // Also of a second try.
  const words = `Where is transfer ${randomUUID()}, asks ${name}`
  await visitor.send(words)
  const { rows } = await q().query(
    `select m.conversation_id as id, m.thread_id as "threadId", m.sender_identity_id as "identityId", n.contact_id as "contactId"
      from message m join identity n on n.id = m.sender_identity_id where m.text = $1`,
    [words],
  )
  const here = rows[0] as { id: string; threadId: string; identityId: string; contactId: string }
  await q().query('update contact set name = $2 where id = $1', [here.contactId, name])
  const there = await createIdentity(q(), { contactId: here.contactId, channel: 'widget', name: `${name} Pay` })
  const profile = { username: '@marta', roles: 'VIP, Trader', email: { address: 'marta@shop.example', verified: true } }
  await q().query(`update identity set verified_by = 'code', profile = $2 where id = $1`, [
    there,
    JSON.stringify(profile),
  ])
  const before = await createConversation(q(), {
    inboxId: second,
    identityId: there,
    status: 'resolved',
    subject: 'Card',
  })
  for (let n = 1; n <= 130; n += 1) {
    await createMessage(q(), before, { text: n === 7 ? 'The seventh thing' : `Line ${n}` })
  }
  return { here, before, visitor }
}
const pane = (desk: InboxPage) => desk.page.getByRole('complementary', { name: /^(Details|详细信息|详情)$/ })

test('the pane shows who somebody is, renames them, and its timeline opens a conversation where something was said', async () => {
  const { here, before } = await known('Marta Ruiz')
  const desk = await openInbox(browser, app, { email: ada, path: `/c/${here.id}` })
  const side = pane(desk)
  await side.getByText('marta@shop.example').first().waitFor()
  for (const words of ['Verified', 'Not verified', '@marta', 'VIP, Trader', 'Other conversations', 'Everything said']) {
    await side.getByText(words, { exact: true }).waitFor()
  }
  await side.getByRole('button', { name: 'Change the name' }).click()
  const field = side.getByRole('textbox', { name: 'Name' })
  await field.fill('Nobody')
  await field.press('Escape')
  await side.getByTitle('Marta Ruiz').waitFor()
  await eventually(() =>
    side.getByRole('button', { name: 'Change the name' }).evaluate('(one) => one === document.activeElement'),
  )
  await desk.page.keyboard.press('Enter')
  await field.fill('Marta R.')
  await field.press('Enter')
  await desk.row('Marta R.').waitFor()
  await desk.page.getByRole('heading', { name: 'Marta R.' }).waitFor()
  await shoot(desk.page, 'contact-pane-1440')
  expect(await axeProblems(desk.page)).toEqual([])

  // Far back, in another inbox: as many pages as that takes.
  const more = side.getByRole('button', { name: 'Show earlier' })
  const seventh = side.getByRole('link').filter({ hasText: 'The seventh thing' })
  await eventually(
    async () => {
      if ((await seventh.count()) > 0) return true
      // The last page takes the button with it.
      await more.click({ timeout: 1_000 })
      return false
    },
    { timeoutMs: 15_000 },
  )
  await seventh.click()
  const said = desk.log.getByText('The seventh thing')
  await said.waitFor()
  await eventually(() =>
    said.evaluate('(one) => { const r = one.getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight }'),
  )
  expect(new URL(desk.page.url()).pathname).toBe(`/c/${before.id}`)
  expect(desk.problems).toEqual([])
  await desk.close()
})

test('suggestions say why, and merging, undoing and asking for a code are one press each', async () => {
  const { here } = await known('Ines')
  const asked: string[] = []
  const desk = await openInbox(browser, app, { email: ada, path: '/inbox/all' })
  const people = {
    suggestions: [
      {
        contact: { id: '999', name: 'Ines Castro', accounts: [{ channel: 'widget', name: 'Ines' }] },
        evidence: [{ kind: 'email', value: 'ines@shop.example' }],
      },
    ],
    merges: [
      { id: '5', at: new Date().toISOString(), by: 'Ada', name: 'I. Castro', evidence: [{ kind: 'code', value: '' }] },
    ],
  }
  await desk.context.route(new RegExp(`/contacts/${here.contactId}$`), async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), ...people } })
  })
  await desk.context.route(/\/(merge|unmerge|dismiss|link-codes)$/, (route) => {
    asked.push(
      `${new URL(route.request().url()).pathname.split('/').at(-1)} ${route.request().postData() ?? ''}`.trim(),
    )
    const expiresAt = new Date(Date.now() + 1_800_000).toISOString()
    return route.fulfill({ status: 201, json: { code: 'LINK-7K3M-9QTX', expiresAt } })
  })
  await desk.go(`/c/${here.id}`)
  const side = pane(desk)
  await side.getByText('because both confirmed ines@shop.example').waitFor()
  await side.getByText('Merged with I. Castro · they sent the code from there').waitFor()
  await shoot(desk.page, 'contact-same-person-1440')
  expect(await axeProblems(desk.page)).toEqual([])
  await side.getByRole('button', { name: 'Merge', exact: true }).click()
  await desk.page.getByText('Merged.', { exact: true }).waitFor()
  await side.getByRole('button', { name: 'Not the same' }).click()
  await side.getByRole('button', { name: 'Undo' }).click()
  await desk.page.getByText('They are two people again.').waitFor()
  await desk.box.fill('Hello Ines')
  await side.getByRole('button', { name: 'Ask for the code' }).click()
  await eventually(async () => /^Hello Ines\n\n.*LINK-7K3M-9QTX.*until \d\d:\d\d/s.test(await desk.box.inputValue()))
  expect(asked).toEqual([
    'merge {"contactId":"999"}',
    'dismiss {"contactId":"999"}',
    'unmerge {"mergeId":"5"}',
    'link-codes',
  ])
  await desk.context.unrouteAll({ behavior: 'ignoreErrors' })
  expect(desk.problems).toEqual([])
  await desk.close()
})

test('an administrator erases a person in two presses; an agent cannot', async () => {
  const { here } = await known('Gone')
  const agent = await openInbox(browser, app, { email: li, path: `/c/${here.id}` })
  await pane(agent).getByText('Everything said').waitFor()
  await pane(agent).getByRole('button', { name: 'More for this person' }).click()
  await agent.page.getByRole('menuitemradio', { name: 'Goes first (VIP)' }).waitFor()
  expect(await agent.page.getByRole('menuitem', { name: /Download|Erase/ }).count()).toBe(0)
  await agent.page.keyboard.press('Escape')
  const desk = await openInbox(browser, app, { email: ada, path: `/c/${here.id}` })
  const side = pane(desk)
  await side.getByRole('button', { name: 'More for this person' }).click()
  const download = desk.page.waitForEvent('download')
  await desk.page.getByRole('menuitem', { name: 'Download everything' }).click()
  expect((await download).suggestedFilename()).toBe(`contact-${here.contactId}.json`)
  await side.getByRole('button', { name: 'More for this person' }).click()
  await desk.page.getByRole('menuitem', { name: 'Erase everything…' }).click()
  await desk.page.getByRole('dialog', { name: 'Erase Gone?' }).getByRole('button', { name: 'Erase everything' }).click()
  await side.getByText('Everything of this person was erased.').waitFor()
  for (const one of [desk, agent]) {
    await eventually(async () => !(await one.log.innerText()).includes('Where is my transfer'), { timeoutMs: 10_000 })
    await one.log.getByText('Erased').first().waitFor()
  }
  // Its row stays while it is open, and says nothing of them either.
  await desk.row('Gone').waitFor({ state: 'detached' })
  for (const { page } of [desk, agent]) {
    await page.getByText('Everything of this person was erased. Nobody is there to answer.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Reply' }).count()).toBe(0)
  }
  await shoot(desk.page, 'contact-erased-1440')
  expect([desk.problems, agent.problems]).toEqual([[], []])
  await Promise.all([desk.close(), agent.close()])
})

test('fits a phone, the dark and Chinese, and says when it could not be loaded', async () => {
  const { here } = await known('Marta de la Concepción Fernández-Villaverde y Ortiz')
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' as const }
  const desk = await openInbox(browser, app, { email: ada, path: `/c/${here.id}`, look: { ...phone, locale: 'zh-CN' } })
  await desk.page.getByRole('button', { name: '更多', exact: true }).click()
  await desk.page.getByRole('menuitem').filter({ hasText: '详' }).click()
  await pane(desk).getByText('全部往来').waitFor()
  await fits(desk.page)
  await shoot(desk.page, 'contact-pane-390-dark-zh')
  await pane(desk).getByRole('link').filter({ hasText: 'Line 130' }).click()
  await desk.log.getByText('Line 130').waitFor()
  expect(await pane(desk).count()).toBe(0)
  await desk.close()
  const lost = await openInbox(browser, app, { email: ada, path: '/inbox/all' })
  await lost.context.route(/\/contacts\/\d+/, (route) =>
    route.fulfill({ status: 503, json: { error: { code: 'x', message: 'x' } } }),
  )
  await lost.go(`/c/${here.id}`)
  await pane(lost).getByText('This person could not be loaded.').waitFor()
  await pane(lost).getByText('What was said could not be loaded.').waitFor()
  await shoot(lost.page, 'contact-lost-1440')
  await lost.context.unroute(/\/contacts\/\d+/)
  await pane(lost).getByRole('button', { name: 'Try again' }).first().click()
  await pane(lost).getByText('marta@shop.example').first().waitFor()
  await lost.close()
})
