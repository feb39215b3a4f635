import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { fits, shoot } from './browser.ts'
import { type InboxPage, openInbox } from './inbox-page.ts'
import { type JourneyDesk, patience } from './journey-desk.ts'

/** Somebody outside, wherever they write. */
export interface Customer {
  say(text: string): unknown
  /** What they can read of us now, oldest first: what was changed reads as it reads now. */
  heard(): Promise<readonly string[]> | readonly string[]
}

export interface Cast {
  /** Asks in Chinese. */
  readonly wang: Customer
  /** Asked before, in English. */
  readonly daniel: Customer
  /** A VIP, who comes last. */
  readonly grace: Customer
}

export interface Wishes {
  /** Names the pictures. */
  readonly name: string
  /** Messages there can be changed, so they tell the place and keep it true. */
  readonly tellsPlaces: boolean
  /** What one conversation there weighs. */
  readonly weight: number
}

export const questions = {
  wang: '提现怎么一直处理中',
  again: '人工',
  daniel: 'I would like to talk to a human please',
  grace: 'My withdrawal W-5582013 of 12 BTC is stuck, please hurry',
}

export const hears = (who: Customer, words: string | RegExp): Promise<string> =>
  eventually(async () => {
    const all = await who.heard()
    const found = all.findLast((text) => (typeof words === 'string' ? text.includes(words) : words.test(text)))
    if (found === undefined) throw new Error(`heard so far:\n${all.join('\n---\n')}`)
    return found
  }, patience)

export const countOf = async (who: Customer, words: string): Promise<number> =>
  (await who.heard()).filter((text) => text.includes(words)).length

/** She was here before, long ago, and is known to go first. */
export async function wasHere(desk: JourneyDesk, grace: Customer, words: string): Promise<void> {
  await grace.say(words)
  const { id } = await eventually(() => desk.conversation(words), patience)
  const { body } = await desk.call(`GET /conversations/${id}`)
  expect((await desk.call(`PATCH /contacts/${body.contact.id}`, { vip: true })).status).toBe(200)
  await eventually(async () =>
    expect((await desk.call(`PATCH /conversations/${id}`, { status: 'resolved' })).status).toBe(200),
  )
  await desk.database.db.pool.query(`update conversation set resolved_at = now() - interval '30 days' where id = $1`, [
    id,
  ])
}

/** What the sample left waiting has somebody, so that nobody stands before ours; one of it is Chen Yu's. */
export async function nobodyWaits(desk: JourneyDesk): Promise<void> {
  const { rows } = await desk.database.db.pool.query(
    `select c.id, g.id as agent from conversation c join team t on t.id = c.team_id
      join agent g on g.name = case t.name when 'First line' then '陈雨' else 'Vera Novak' end
      where c.status = 'open' and c.assignee_id is null`,
  )
  expect(rows.length).toBeGreaterThan(1)
  for (const { id, agent } of rows)
    expect((await desk.call(`PATCH /conversations/${id}`, { assigneeId: agent })).status).toBe(200)
}

/** The bot answers in Chinese with its source, steps aside when asked, and says what people have of it and where. */
export async function askedAndHandedOver({ wang, daniel }: Cast, desk: JourneyDesk, wish: Wishes): Promise<string> {
  await daniel.say(questions.daniel)
  const first = await hears(daniel, 'A person from our team will answer you here.')
  expect(first).toContain('I am a bot.')
  expect(first).toMatch(/Your request has the number #\d+\./)
  await wang.say(questions.wang)
  const answer = await hears(wang, '来源')
  expect(answer).toContain('我是机器人')
  expect(answer).toContain('提币迟迟不到')
  expect(answer).toContain(`${desk.url}/help/zh/withdrawal-delayed`)
  // What the article leads to can be followed from here, too.
  expect(answer).toContain(`${desk.url}/help/zh/outage-and-maintenance`)
  await wang.say(questions.again)
  const told = await hears(wang, '好的，我们的客服人员会在这里回复您。')
  const { number, ...asked } = await desk.conversation(questions.wang)
  expect(told).toContain(`您的请求编号是 #${number}。`)
  const page = await fetch(/http\S+\/t\/[\w-]{22}/.exec(told)?.[0] ?? '', { headers: { 'accept-language': 'zh' } })
  expect([page.status, (await page.text()).includes(`#${number}`)]).toEqual([200, true])
  expect(asked).toMatchObject({ team: 'First line', assignee: null, holder: 'queue', status: 'open' })
  if (wish.tellsPlaces) await hears(wang, '您目前排在第 2 位。')
  return number
}

/** Who is a VIP has another queue, by rule, and is taken before whoever asked earlier. */
export async function vipFirst(
  { daniel, grace }: Cast,
  desk: JourneyDesk,
  { weight, tellsPlaces }: Wishes,
): Promise<void> {
  await grace.say(questions.grace)
  await eventually(async () => {
    const hers = await desk.conversation(questions.grace)
    expect(hers).toMatchObject({ team: 'Personal managers', holder: 'queue', tier: 2 })
  }, patience)
  // Nobody answers, and the bot may not: after a minute she is told her number.
  desk.later(61_000)
  const told = await hears(grace, 'We have your message. Your request has the number #')
  expect(told).toContain(`${desk.url}/t/`)
  if (tellsPlaces) expect(told).toContain('You are next.')
  await desk.employ('jiwoo')
  // Serves both queues, and has room for one.
  await desk.database.db.pool.query(`update agent set capacity = $1 where name = '박지우'`, [weight])
  await desk.online('jiwoo')
  await eventually(async () => expect((await desk.conversation(questions.grace)).assignee).toBe('박지우'), patience)
  expect((await desk.conversation(questions.daniel)).assignee).toBeNull()
  await hears(grace, /지우 \(.+\) is with you now/)
  expect(await countOf(daniel, 'is with you now')).toBe(0)
  // He knows his number already.
  expect(await countOf(daniel, 'We have your message')).toBe(0)
  // The bot is for others.
  expect((await grace.heard()).filter((text) => text.includes('I am a bot') && text.includes('W-5582013'))).toEqual([])
}

/** Two who speak Chinese begin in the same moment: who has more room gets it, and the customer hears who. */
export async function takenByWhoHasRoom(
  { wang }: Cast,
  desk: JourneyDesk,
  { number, browser, name }: { number: string; browser: Browser; name: string },
): Promise<InboxPage> {
  const { pool } = desk.database.db
  const email = await desk.employ('he-lin')
  await desk.employ('chen-yu')
  await pool.query(`update agent set capacity = 20 where name = '何琳'`)
  await desk.online('he-lin', 'chen-yu')
  await eventually(async () => expect((await desk.conversation(questions.wang)).assignee).toBe('何琳'), patience)
  await hears(wang, new RegExp(`轮到您了：何琳（客服团队）现在为您服务。您的请求：#${number}。`))
  const { id } = await desk.conversation(questions.wang)
  const hers = await openInbox(browser, desk, { email, path: `/c/${id}`, look: { locale: 'zh-CN' } })
  await hers.log.getByText(/已交给何琳：.*最有空/).waitFor()
  await hers.log.getByText(questions.again).first().waitFor()
  await shoot(hers.page, `journey-${name}-taken-1440-light-zh`)
  return hers
}

/** An answer, a hand-over to a higher level with what must be known, and the end: each is told. */
export async function goesOn(
  { wang }: Cast,
  desk: JourneyDesk,
  given: { hers: InboxPage; number: string; browser: Browser; name: string },
): Promise<void> {
  const { hers, number, browser, name } = given
  await hers.reply('您好，我来查一下这笔提币，请稍等。')
  await hears(wang, '我来查一下这笔提币')
  await hers.page.getByRole('button', { name: '更多', exact: true }).click()
  await hers.page.getByRole('menuitem', { name: '转交上一级…' }).click()
  const dialog = hers.page.getByRole('dialog', { name: '转交上一级' })
  await dialog.getByLabel('接手的人需要知道的事').fill('大额提币，审核超过四小时，请优先处理。')
  await shoot(hers.page, `journey-${name}-escalate-1440-light-zh`)
  await dialog.getByRole('button', { name: '转交' }).click()
  await hears(wang, new RegExp(`您的请求 #${number} 已转给客服团队。.*无需重复说明。`))
  await eventually(async () => {
    expect(await desk.conversation(questions.wang)).toMatchObject({ assignee: '陈雨', tier: 2 })
  }, patience)
  const { id } = await desk.conversation(questions.wang)
  const email = 'chen-yu@people.northstar.example'
  const look = { locale: 'zh-CN', colorScheme: 'dark' as const, viewport: { width: 390, height: 844 }, hasTouch: true }
  const second = await openInbox(browser, desk, { email, path: `/c/${id}`, look })
  await second.log.getByText('请优先处理').waitFor()
  await second.reply('您的提币已审核通过，正在发送。')
  await hears(wang, '已审核通过')
  await fits(second.page)
  await shoot(second.page, `journey-${name}-second-390-dark-zh`)
  await second.page.getByRole('button', { name: '解决' }).click()
  await hears(wang, `您的请求 #${number} 已结束。`)
  for (const page of [hers, second]) {
    expect(page.problems).toEqual([])
    await page.close()
  }
}

/** By the word alone, whatever the platform knows of commands. */
export async function asksForStatus(who: Customer, number: string, words: RegExp): Promise<string> {
  await who.say('状态')
  const told = await hears(who, '您未完结的请求')
  expect(told).toContain(`#${number}`)
  expect(told).toMatch(words)
  return told
}
