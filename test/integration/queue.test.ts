import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { assignWaiting } from '../../src/routing/assign-waiting.ts'
import { drainQueues } from '../../src/routing/drain.ts'
import { openDatabase, transaction } from '../../src/store/database.ts'
import { writeGiven } from '../../src/store/queue-give.ts'
import { longestOvertaking } from '../../src/store/queue-order.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type QueueDesk, queueDesk } from '../support/queue-desk.ts'

let base: TestDatabase
let desk: QueueDesk
const minute = 60_000

beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.close())
beforeEach(async () => {
  await base.db.pool.query('truncate conversation, team, agent, contact, identity, thread, inbox cascade')
  desk = queueDesk(base.db)
})

const ago = (ms: number) => new Date(desk.clock().getTime() - ms)

describe('the order of a queue', () => {
  it('is oldest first; priority is worth half an hour a step, a VIP four hours, and a promise comes when it is due', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const wait = (wish: object) => desk.waits({ teamId, inboxId, ...wish })
    const fresh = await wait({})
    const old = await wait({ since: ago(20 * minute) })
    const high = await wait({ priority: 3 })
    const vip = await wait({ vip: true, priority: 1 })
    const low = await wait({ priority: 1, since: ago(45 * minute) })
    const due = await wait({ dueAt: new Date(desk.clock().getTime() + minute) })
    const agent = await desk.agent({ teams: [teamId], capacity: 1 })
    const order: string[] = []
    for (let n = 0; n < 6; n++) {
      const { given } = await desk.round()
      order.push(...given)
      expect(await desk.holderOf(given[0] ?? '')).toBe(agent)
      await desk.set(given[0] ?? '', 'resolved')
    }
    expect(order).toEqual([due, vip, high, old, low, fresh])
  })

  it('starves nobody: whatever is asked so much later, with everything that speaks for it, comes behind', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const since = (ms: number) => new Date(desk.clock().getTime() - ms)
    const humble = await desk.waits({ teamId, inboxId, priority: 1, since: since(longestOvertaking + 2) })
    const promised = await desk.waits({ teamId, inboxId, priority: 4, vip: true, dueAt: since(0) })
    const agent = await desk.agent({ teams: [teamId], capacity: 1 })
    await desk.drain()
    expect([await desk.holderOf(humble), await desk.holderOf(promised)]).toEqual([agent, null])
  })

  it('pain 41: what overflowed is not overtaken by newer conversations, but goes first as soon as somebody has room', async () => {
    const { id: teamId, inboxId } = await desk.team()
    await desk.agent({ teams: [teamId], capacity: 2 })
    const all: string[] = []
    for (let n = 0; n < 6; n++) {
      desk.clock.advance(1_000)
      all.push(await desk.waits({ teamId, inboxId }))
      await desk.drain()
    }
    const taken: string[] = []
    for (let n = 0; n < 6; n++) {
      const [mine] = await desk.all(
        `select id from conversation where status = 'open' and assignee_id is not null order by id`,
      )
      taken.push(mine.id)
      await desk.set(mine.id, 'waiting')
      desk.clock.advance(1_000)
      await desk.waits({ teamId, inboxId })
      await desk.drain()
    }
    expect(taken).toEqual(all)
  })
})

describe('who is chosen', () => {
  it('pain 42: the one with the most room, so that two never differ by more than one conversation', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const agents = [
      await desk.agent({ teams: [teamId] }),
      await desk.agent({ teams: [teamId] }),
      await desk.agent({ teams: [teamId] }),
    ]
    for (let n = 0; n < 18; n++) {
      await desk.waits({ teamId, inboxId })
      await desk.drain()
      const loads = await desk.loads()
      const each = agents.map((id) => loads[id] ?? 0)
      expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1)
    }
    const left = await desk.waits({ teamId, inboxId })
    await desk.drain()
    expect(await desk.holderOf(left)).toBeNull()
  })

  it('in turn, where the team wants it so, whatever each has', async () => {
    const { id: teamId, inboxId } = await desk.team({ strategy: 'roundRobin' })
    const [a, b] = [await desk.agent({ teams: [teamId] }), await desk.agent({ teams: [teamId] })]
    const order: (string | null)[] = []
    for (let n = 0; n < 4; n++) {
      const id = await desk.waits({ teamId, inboxId })
      await desk.drain()
      order.push(await desk.holderOf(id))
      if (n < 2) await desk.set(id, 'resolved')
      desk.clock.advance(10)
    }
    expect(order).toEqual([a, b, a, b])
  })

  it('also what a platform with a clock ahead of ours says was asked tomorrow', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const agent = await desk.agent({ teams: [teamId] })
    const id = await desk.waits({ teamId, inboxId, since: ago(-60 * minute) })
    await desk.drain()
    expect(await desk.holderOf(id)).toBe(agent)
  })

  it('nobody, where people take for themselves', async () => {
    const { id: teamId, inboxId } = await desk.team({ strategy: 'manual' })
    await desk.agent({ teams: [teamId] })
    const id = await desk.waits({ teamId, inboxId })
    await desk.drain()
    expect(await desk.holderOf(id)).toBeNull()
  })

  it('pain 43: the last one while they are there, somebody else when they are not', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const [a, b] = [await desk.agent({ teams: [teamId] }), await desk.agent({ teams: [teamId] })]
    const { identityId } = await desk.person()
    const first = await desk.waits({ teamId, inboxId, identityId, assigneeId: b, status: 'resolved' })
    expect(await desk.holderOf(first)).toBe(b)
    await desk.waits({ teamId, inboxId, assigneeId: b })
    const again = await desk.waits({ teamId, inboxId, identityId })
    await desk.drain()
    expect([await desk.holderOf(again), (await desk.whyOf(again)).code]).toEqual([b, 'sticky'])
    await desk.set(again, 'resolved')
    await desk.away(b)
    const later = await desk.waits({ teamId, inboxId, identityId })
    await desk.drain()
    expect(await desk.holderOf(later)).toBe(a)
  })

  it('pain 44: nothing has to be switched off and on, since who has room follows from the conversations alone', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const agent = await desk.agent({ teams: [teamId], capacity: 1 })
    for (const change of [
      `update conversation set status = 'resolved' where assignee_id is not null`,
      `delete from assignment`,
      `update conversation set assignee_id = null, holder = 'queue', status = 'spam' where assignee_id is not null`,
      `update agent set availability = 'offline'; update conversation set status = 'onHold' where assignee_id is not null;
       update agent set availability = 'online'`,
    ]) {
      const id = await desk.waits({ teamId, inboxId })
      await base.db.pool.query(change)
      await desk.drain()
      if ((await desk.holderOf(id)) === null) {
        await base.db.pool.query(`update conversation set status = 'resolved' where assignee_id = $1`, [agent])
        await desk.drain()
      }
      expect(await desk.holderOf(id)).toBe(agent)
    }
  })

  it('pain 45: who says to be there, with no page open and no sign of life; nobody who says to be away, whatever is open', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const away = await desk.agent({ teams: [teamId], availability: 'away' })
    await base.db.pool.query('insert into agent_presence (agent_id, active_at, here) values ($1, now(), true)', [away])
    const id = await desk.waits({ teamId, inboxId })
    await desk.drain()
    expect(await desk.holderOf(id)).toBeNull()
    const phone = await desk.agent({ teams: [teamId] })
    await base.db.pool.query(
      `insert into agent_presence (agent_id, active_at, here) values ($1, now() - interval '1 hour', false)`,
      [phone],
    )
    await desk.drain()
    expect(await desk.holderOf(id)).toBe(phone)
  })
})

const locksWaitedFor = async (): Promise<number> => {
  const { rows } = await base.db.pool.query(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return (rows[0] as { n: number }).n
}

describe('several nodes at once', () => {
  it('give each conversation once, and nobody more than they can have', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const other = await desk.team()
    const agents: string[] = []
    for (let n = 0; n < 7; n++) agents.push(await desk.agent({ teams: [teamId, other.id], capacity: 4 }))
    for (let n = 0; n < 40; n++)
      await desk.waits(n % 2 ? { teamId, inboxId } : { teamId: other.id, inboxId: other.inboxId })
    const nodes = [await openDatabase(base.target, { poolSize: 2 }), await openDatabase(base.target, { poolSize: 2 })]
    try {
      const given = await Promise.all(
        nodes.flatMap((db) => [drainQueues({ db, clock: desk.clock }), drainQueues({ db, clock: desk.clock })]),
      )
      expect(given.reduce((sum, n) => sum + n, 0)).toBe(28)
    } finally {
      for (const db of nodes) await db.close()
    }
    expect(Object.values(await desk.loads())).toEqual(agents.map(() => 4))
    const twice = await desk.all(
      `select conversation_id from assignment where agent_id is not null group by 1 having count(*) > 1`,
    )
    expect(twice).toEqual([])
  })

  it('count nobody’s room twice: who gives out waits for whoever gives out', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const agent = await desk.agent({ teams: [teamId], capacity: 2 })
    for (let n = 0; n < 2; n++) await desk.waits({ teamId, inboxId })
    const client = await base.db.pool.connect()
    try {
      await client.query('begin')
      await assignWaiting(client, desk.clock())
      // Comes first for who looks now, before the other has written.
      const urgent = await desk.waits({ teamId, inboxId, vip: true })
      const second = desk.round()
      await Promise.race([second, eventually(async () => (await locksWaitedFor()) === 1)])
      await client.query('commit')
      await second
      expect([await desk.holderOf(urgent), await desk.loads()]).toEqual([null, { [agent]: 2 }])
    } finally {
      client.release()
    }
  })

  it('take nothing from a person who took it between reading and writing', async () => {
    const { id: teamId, inboxId } = await desk.team()
    const [person, agent] = [await desk.agent({ teams: [teamId] }), await desk.agent({ teams: [teamId] })]
    const taken = await desk.waits({ teamId, inboxId, assigneeId: person })
    const given = [{ conversationId: taken, agentId: agent, toTeamId: null, why: { code: 'linked' as const } }]
    const by = { actor: 'router', now: desk.clock() }
    expect(await transaction(base.db, (tx) => writeGiven(tx, given, by))).toEqual([])
    expect([await desk.holderOf(taken), await desk.whyOf(taken)]).toEqual([person, undefined])
  })

  it('leave alone what a person is changing at this moment, and come back for it', async () => {
    const { id: teamId, inboxId } = await desk.team()
    await desk.agent({ teams: [teamId] })
    const [held, free] = [await desk.waits({ teamId, inboxId }), await desk.waits({ teamId, inboxId })]
    const client = await base.db.pool.connect()
    try {
      await client.query('begin')
      await client.query('select from conversation where id = $1 for no key update', [held])
      await desk.drain()
      expect([await desk.holderOf(held), (await desk.holderOf(free)) === null]).toEqual([null, false])
    } finally {
      await client.query('rollback')
      client.release()
    }
    await desk.drain()
    expect(await desk.holderOf(held)).not.toBeNull()
  })
})
