import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { assignWaiting } from '../../src/routing/assign-waiting.ts'
import { takeNext } from '../../src/routing/take-next.ts'
import { returnUnanswered } from '../../src/routing/watch-queues.ts'
import { transaction } from '../../src/store/database.ts'
import { escalateConversation } from '../../src/store/escalation.ts'
import { mendHolders } from '../../src/store/queue-invariants.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type QueueDesk, queueDesk } from '../support/queue-desk.ts'
import { silent } from '../support/scripted-channel.ts'

let base: TestDatabase
let desk: QueueDesk
const minute = 60_000

beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.close())
beforeEach(async () => {
  await base.db.pool.query('truncate conversation, team, agent, contact, identity, thread, inbox, topic cascade')
  desk = queueDesk(base.db)
})

const look = () => returnUnanswered({ db: base.db, clock: desk.clock, log: silent })
const gone = async (id: string) => [await desk.holderOf(id), (await desk.whyOf(id))?.code]

describe('skills', () => {
  it('who speaks the language gets it; after the set wait somebody else does, marked as in need of translation', async () => {
    const { id: teamId, inboxId } = await desk.team({ skill_wait_ms: 5 * minute })
    const english = await desk.agent({ teams: [teamId], languages: { en: 3 } })
    const chinese = await desk.agent({ teams: [teamId], languages: { zh: 1, en: 1 }, capacity: 1 })
    const [first, second] = [
      await desk.waits({ teamId, inboxId, language: 'zh' }),
      await desk.waits({ teamId, inboxId, language: 'zh' }),
    ]
    await desk.drain()
    expect([await desk.holderOf(first), await desk.holderOf(second)]).toEqual([chinese, null])
    expect(await desk.whyOf(first)).toEqual({ code: 'balanced', details: { load: 1, capacity: 1, language: 'zh' } })
    desk.clock.advance(5 * minute)
    await desk.drain()
    expect(await desk.holderOf(second)).toBe(english)
    expect(await desk.whyOf(second)).toMatchObject({ details: { withoutLanguage: 'zh' } })
    expect(await desk.one('select needs_translation as n from conversation where id = $1', [second])).toEqual({
      n: true,
    })
    expect(await desk.one('select needs_translation as n from conversation where id = $1', [first])).toEqual({
      n: false,
    })
  })

  it('a topic asks for who knows it; a level for who serves it, however long it takes', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const { id: topicId } = await desk.one(`insert into topic (name) values ('Withdrawals') returning id`)
    const { id: other } = await desk.one(`insert into topic (name) values ('API') returning id`)
    await desk.agent({ teams: [teamId], topics: { [other]: 3 }, tiers: [1, 2, 3] })
    const knows = await desk.agent({ teams: [teamId], topics: { [topicId]: 1 }, tiers: [1] })
    const one = await desk.waits({ teamId, inboxId, topicId })
    await desk.drain()
    expect(await desk.holderOf(one)).toBe(knows)
    await desk.set(one, 'resolved')
    await base.db.pool.query('delete from agent where id <> $1', [knows])
    const higher = await desk.waits({ teamId, inboxId, tier: 2 })
    desk.clock.advance(120 * minute)
    await desk.drain()
    expect(await desk.holderOf(higher)).toBeNull()
  })

  it('after the set wait the other team’s people help, and the conversation is theirs then', async () => {
    const far = await desk.team()
    const { id: teamId, inboxId } = await desk.team({ overflow_wait_ms: 10 * minute, overflow_team_id: far.id })
    const helper = await desk.agent({ teams: [far.id], role: 'admin' })
    const id = await desk.waits({ teamId, inboxId })
    await desk.drain()
    expect(await desk.holderOf(id)).toBeNull()
    desk.clock.advance(10 * minute)
    await desk.drain()
    expect(await desk.holderOf(id)).toBe(helper)
    expect(await desk.whyOf(id)).toMatchObject({ details: { overflowFrom: teamId } })
    expect((await desk.one('select team_id from conversation where id = $1', [id])).team_id).toBe(far.id)
  })

  it('nobody is given what they could not open', async () => {
    const far = await desk.team()
    const { id: teamId } = await desk.team()
    await desk.agent({ teams: [teamId] })
    const hidden = await desk.waits({ teamId, inboxId: far.inboxId })
    await desk.drain()
    expect(await desk.holderOf(hidden)).toBeNull()
  })
})

describe('people of their own', () => {
  it('go to their owner while there, else to who stands in, else they wait before the others; the customer is told who', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const owner = await desk.agent({ capacity: 1, role: 'admin' })
    const deputy = await desk.agent({ teams: [teamId], capacity: 1, shifts: [{ day: 1, from: 0, to: 720 }] })
    const mine = async () => {
      const { identityId } = await desk.person([owner, deputy])
      return desk.waits({ teamId, inboxId, identityId, vip: true })
    }
    const [first, second] = [await mine(), await mine()]
    await desk.drain()
    expect(await gone(first)).toEqual([owner, 'owner'])
    expect(await desk.whyOf(second)).toEqual({ code: 'deputy', details: { ownerId: owner } })
    const told = await desk.all(`select announce from assignment where agent_id is not null`)
    expect(told).toEqual([{ announce: true }, { announce: true }])
    const [usual, third] = [
      await desk.waits({ teamId, inboxId, since: new Date(desk.clock().getTime() - minute) }),
      await mine(),
    ]
    await desk.drain()
    expect(await desk.holderOf(third)).toBeNull()
    await desk.agent({ teams: [teamId], capacity: 1 })
    await desk.drain()
    expect([(await desk.holderOf(third)) !== null, await desk.holderOf(usual)]).toEqual([true, null])
    expect((await desk.whyOf(third)).code).toBe('balanced')
  })

  it('what one person wrote in several places goes to the same hands, and weighs once', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const agents = [
      await desk.agent({ teams: [teamId], capacity: 2 }),
      await desk.agent({ teams: [teamId], capacity: 2 }),
    ]
    const { identityId, contactId } = await desk.person()
    const first = await desk.waits({ teamId, inboxId, identityId })
    await desk.drain()
    const holder = (await desk.holderOf(first)) ?? ''
    await desk.waits({ teamId, inboxId, assigneeId: holder })
    const { id: elsewhere } = await desk.one(
      `insert into identity (contact_id, channel, key) values ($1, 'other', 'x') returning id`,
      [contactId],
    )
    const more = [
      await desk.waits({ teamId, inboxId, identityId }),
      await desk.waits({ inboxId, teamId: null, identityId: elsewhere, vip: true }),
      await desk.waits({ teamId, inboxId, identityId: elsewhere }),
    ]
    const stranger = await desk.waits({ teamId, inboxId })
    await desk.drain()
    expect([await gone(more[0] ?? ''), await gone(more[2] ?? '')]).toEqual([
      [holder, 'linked'],
      [holder, 'linked'],
    ])
    expect(await desk.holderOf(stranger)).toBe(agents.find((id) => id !== holder))
  })
})

it('what somebody writes elsewhere goes to whoever has their other conversation, also where all have all they can and others wait before it', async () => {
  const { id: teamId, inboxId } = await desk.team()
  const agent = await desk.agent({ teams: [teamId], capacity: 1 })
  const { identityId } = await desk.person()
  const first = await desk.waits({ teamId, inboxId, identityId })
  await desk.drain()
  const longBefore = await desk.waits({ teamId, inboxId, since: new Date(desk.clock().getTime() - 60 * minute) })
  const second = await desk.waits({ teamId, inboxId, identityId })
  await desk.drain()
  const third = await desk.waits({ teamId, inboxId, identityId })
  const other = await desk.waits({ teamId, inboxId, identityId })
  await transaction(base.db, (tx) => assignWaiting(tx, desk.clock(), [third]))
  expect(await Promise.all([first, second, third].map(desk.holderOf))).toEqual([agent, agent, agent])
  expect([await desk.holderOf(longBefore), await desk.holderOf(other)]).toEqual([null, null])
})

describe('who goes away', () => {
  it('leaves what is unanswered to the queue after the team’s patience, and keeps what waits for the customer', async () => {
    const { id: teamId, inboxId } = await desk.team({ grace_ms: 2 * minute })
    const agent = await desk.agent({ teams: [teamId] })
    const [left, answered] = [await desk.waits({ teamId, inboxId }), await desk.waits({ teamId, inboxId })]
    await desk.drain()
    await desk.set(answered, 'waiting')
    await look()
    await desk.away(agent)
    await look()
    desk.clock.advance(minute)
    await look()
    expect(await desk.holderOf(left)).toBe(agent)
    desk.clock.advance(minute)
    await look()
    expect(await desk.whyOf(left)).toEqual({ code: 'returned', details: { from: agent } })
    expect([await desk.holderOf(left), await desk.holderOf(answered)]).toEqual([null, agent])
    expect(await desk.one('select holder from conversation where id = $1', [left])).toEqual({ holder: 'queue' })
    await desk.away(agent, 'online')
    await desk.drain()
    expect(await gone(left)).toEqual([agent, 'sticky'])
  })

  it('and who was back in time keeps it; the end of a shift is going away, its beginning brings work', async () => {
    const { id: teamId, inboxId } = await desk.team({ grace_ms: 2 * minute })
    const agent = await desk.agent({
      teams: [teamId],
      shifts: [{ day: 1, from: 540, to: 600 }],
      timeZone: 'Europe/London',
    })
    const id = await desk.waits({ teamId, inboxId })
    await desk.drain()
    await look()
    await desk.away(agent)
    await look()
    desk.clock.advance(minute)
    await desk.away(agent, 'online')
    await look()
    desk.clock.advance(5 * minute)
    await look()
    expect(await desk.holderOf(id)).toBe(agent)
    desk.clock.set(new Date('2026-03-02T10:00:00Z'))
    await look()
    desk.clock.advance(2 * minute)
    await look()
    expect(await desk.holderOf(id)).toBeNull()
    await desk.drain()
    expect(await desk.holderOf(id)).toBeNull()
    desk.clock.set(new Date('2026-03-09T09:00:00Z'))
    await desk.drain()
    expect(await desk.holderOf(id)).toBe(agent)
  })

  it('a customer who comes back to somebody long gone waits for nobody; what was given to them by hand meanwhile stays', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const agent = await desk.agent({ teams: [teamId], availability: 'offline' })
    await look()
    desk.clock.advance(60 * minute)
    const back = await desk.waits({ teamId, inboxId, assigneeId: agent })
    const byHand = await desk.waits({
      teamId,
      inboxId,
      assigneeId: agent,
      since: new Date(desk.clock().getTime() - minute),
    })
    await base.db.pool.query(
      `insert into assignment (conversation_id, agent_id, assigned_by, why, since) values ($1, $2, 'agent:9', 'byHand', $3)`,
      [byHand, agent, desk.clock()],
    )
    await look()
    expect([await desk.holderOf(back), await desk.holderOf(byHand)]).toEqual([null, agent])
    desk.clock.advance(minute)
    await base.db.pool.query('update conversation set waiting_since = $2 where id = $1', [byHand, desk.clock()])
    await look()
    expect(await desk.holderOf(byHand)).toBeNull()
  })
})

describe('a higher level', () => {
  it('gets what is escalated, never who gave it up; by hand that one may still take it', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const agent = await desk.agent({ teams: [teamId] })
    const id = await desk.waits({ teamId, inboxId })
    await desk.drain()
    await desk.set(id, 'waiting')
    const escalate = (tier: 2 | 3) =>
      transaction(base.db, (tx) =>
        escalateConversation(tx, {
          conversationId: id,
          tier,
          actor: `agent:${agent}`,
          why: 'escalated',
          now: desk.clock(),
        }),
      )
    expect([await escalate(2), await escalate(2)]).toEqual([true, false])
    await desk.drain()
    expect(await desk.whyOf(id)).toEqual({ code: 'escalated', details: { from: 1, to: 2, by: agent } })
    expect(await desk.one('select status, holder, tier from conversation where id = $1', [id])).toEqual({
      status: 'open',
      holder: 'queue',
      tier: 2,
    })
    await desk.agent({ teams: [teamId], tiers: [1] })
    const second = await desk.agent({ teams: [teamId], tiers: [2] })
    await desk.drain()
    expect(await desk.holderOf(id)).toBe(second)
  })
})

describe('the next one', () => {
  it('is the first of the same order, beyond capacity and also where nothing is given out, once for each who asks', async () => {
    const { id: teamId, inboxId } = await desk.team({ strategy: 'manual' })
    const agents: string[] = []
    for (let n = 0; n < 3; n++) agents.push(await desk.agent({ teams: [teamId], capacity: 0, availability: 'away' }))
    const late = await desk.waits({ teamId, inboxId })
    const early = await desk.waits({ teamId, inboxId, since: new Date(desk.clock().getTime() - minute) })
    const got = await Promise.all(agents.map((agentId) => takeNext(base.db, { agentId, now: desk.clock() })))
    expect([...got].sort()).toEqual([early, late, null].sort())
    expect((await desk.whyOf(early)).code).toBe('pulled')
    expect(await takeNext(base.db, { agentId: agents[0] ?? '', teamId: '999999', now: desk.clock() })).toBeNull()
  })
})

it('pain 46: what is held by nobody, or has a holder nobody knows of, is found and mended', async () => {
  const { id: teamId, inboxId } = await desk.team()
  const agent = await desk.agent({ teams: [teamId] })
  const [lost, hidden] = [await desk.waits({ teamId, inboxId }), await desk.waits({ teamId, inboxId })]
  await base.db.pool.query(`update conversation set holder = 'agent' where id = $1`, [lost])
  await base.db.pool.query(`update conversation set assignee_id = $2 where id = $1`, [hidden, agent])
  await desk.drain()
  expect(await desk.holderOf(lost)).toBeNull()
  expect((await mendHolders(base.db)).sort()).toEqual([lost, hidden].sort())
  expect(await mendHolders(base.db)).toEqual([])
  await desk.drain()
  expect(await desk.holderOf(lost)).toBe(agent)
  expect(await desk.one('select holder from conversation where id = $1', [hidden])).toEqual({ holder: 'agent' })
})
