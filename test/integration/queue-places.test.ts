import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tellPlaces } from '../../src/routing/tell-places.ts'
import { placesIn, serviceOf } from '../../src/store/queue-place.ts'
import { waitingCase } from '../../src/store/visitor-place.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type NoticeDesk, noticeDesk } from '../support/notice-desk.ts'
import { queueDesk } from '../support/queue-desk.ts'

let ground: TestDatabase
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const minuteMs = 60_000

describe('a place in the queue', () => {
  it('is the order in which the queue is given out, across levels, languages and inboxes', async () => {
    const desk = queueDesk(ground.db)
    const { id: teamId, inboxId } = await desk.team({ skill_wait_ms: 0 })
    const other = await desk.team()
    const at = (minutes: number) => new Date(desk.clock().getTime() - minutes * minuteMs)
    const cases = [
      await desk.waits({ teamId, inboxId, since: at(10) }),
      await desk.waits({ teamId, inboxId, since: at(5), priority: 4 }),
      await desk.waits({ teamId, inboxId, since: at(20), language: 'ko', tier: 2 }),
      await desk.waits({ teamId, inboxId, since: at(1), vip: true }),
      await desk.waits({ teamId, since: at(30), priority: 1 }),
      await desk.waits({ teamId, inboxId, since: at(2), dueAt: new Date(desk.clock().getTime() + 5 * minuteMs) }),
    ]
    await desk.waits({ teamId: other.id, inboxId: other.inboxId, since: at(99) })
    const places = await placesIn(ground.db.pool, [teamId])
    expect(places.size).toBe(cases.length)
    const told = [...places].sort((a, b) => a[1] - b[1]).map(([id]) => id)
    await desk.agent({ teams: [teamId], capacity: 1, role: 'admin' })
    const given: string[] = []
    for (let n = 0; n < cases.length; n++) {
      await desk.drain()
      const { rows } = await ground.db.pool.query(
        `select id from conversation where team_id = $1 and status = 'open' and assignee_id is not null`,
        [teamId],
      )
      given.push(rows[0].id)
      await desk.set(rows[0].id, 'resolved')
    }
    expect(told).toEqual(given)
    await desk.agent({ teams: [teamId], availability: 'offline' })
  })

  it('is told with a wait only where somebody takes work and enough was seen', async () => {
    const desk = queueDesk(ground.db)
    const { id: teamId, inboxId } = await desk.team()
    await desk.waits({ teamId, inboxId, since: new Date(desk.clock().getTime() - 40 * minuteMs) })
    expect(await serviceOf(ground.db.pool, teamId, desk.clock())).toBeNull()
    const agentId = await desk.agent({ teams: [teamId] })
    await ground.db.pool.query(
      `insert into assignment (conversation_id, agent_id, team_id, assigned_by, why, since)
        select c.id, $2, $1, 'router', 'balanced', $3::timestamptz - n * interval '5 minutes'
          from generate_series(1, 12) n, (select min(id) as id from conversation) c`,
      [teamId, agentId, desk.clock()],
    )
    // As long as somebody waited, and no longer: before that the team had nothing to do.
    expect(await serviceOf(ground.db.pool, teamId, desk.clock())).toEqual({ given: 8, withinMs: 40 * minuteMs })
    await desk.away(agentId)
    expect(await serviceOf(ground.db.pool, teamId, desk.clock())).toBeNull()
  })

  it('is found without a walk through all conversations, however many wait', async () => {
    const desk = queueDesk(ground.db)
    const { id: teamId, inboxId } = await desk.team()
    const first = await desk.waits({ teamId, inboxId, since: new Date(desk.clock().getTime() - 99 * minuteMs) })
    await ground.db.pool.query(
      `insert into thread (inbox_id, key, kind, audience, place)
        select $1, 'many-' || n, 'chat', 'private', 'many-' || n from generate_series(1, 3000) n`,
      [inboxId],
    )
    await ground.db.pool.query(
      `insert into conversation (inbox_id, thread_id, status, audience, holder, team_id, last_activity_at, waiting_since, routed_at)
        select $1, id, 'open', 'private', 'queue', $2, $3, $3, $3 from thread where inbox_id = $1 and key like 'many-%'`,
      [inboxId, teamId, desk.clock()],
    )
    await ground.db.pool.query('analyze conversation')
    const places = await placesIn(ground.db.pool, [teamId])
    expect([places.get(first), places.size]).toEqual([1, 200])
    const client = await ground.db.pool.connect()
    await client.query('set plan_cache_mode = force_generic_plan')
    await placesIn(client, [teamId])
    const { rows } = await client.query(`explain execute "queue-places" (array[${teamId}]::bigint[], 200)`)
    client.release()
    expect(rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')).not.toContain(
      'Seq Scan on conversation',
    )
  })
})

/** The first of two others is given away, one after the other. */
async function inQueue(wish: Parameters<typeof noticeDesk>[1] = {}) {
  const desk = await noticeDesk(ground.db, wish)
  const queue = queueDesk(ground.db, Object.assign(() => desk.now(), { set: () => {}, pass: () => {} }) as never)
  const since = new Date(desk.now().getTime() - 5 * minuteMs)
  const others = [
    await queue.waits({ teamId: desk.teamId, inboxId: desk.inboxId, since }),
    await queue.waits({ teamId: desk.teamId, inboxId: desk.inboxId, since }),
  ]
  await desk.write()
  desk.seconds(61)
  const move = async (seconds = 31): Promise<string[]> => {
    await ground.db.pool.query(
      `update delivery set state = 'sent', external_id = 'x' || id where inbox_id = $1 and state = 'pending'`,
      [desk.inboxId],
    )
    desk.seconds(seconds)
    await tellPlaces(desk.context)
    return desk.said()
  }
  return { ...desk, others, move, leave: (id = '') => queue.set(id, 'resolved') }
}
const lastLine = ([text = '']: string[]) => text.split('\n\n').at(-1)
const editsOf = async (at: NoticeDesk): Promise<number> =>
  (await at.all(`select count(*)::int as n from delivery where inbox_id = $1 and operation = 'edit'`, at.inboxId))[0].n

describe('the message that tells a place', () => {
  it('is one, changes as the place moves, at most every half minute, and not when nothing moved', async () => {
    const at = await inQueue()
    expect(lastLine(await at.tell())).toBe('Your place in the queue: 3.')
    await at.leave(at.others[0])
    expect(lastLine(await at.move(10))).toBe('Your place in the queue: 3.')
    expect(lastLine(await at.move(31))).toBe('Your place in the queue: 2.')
    await Promise.all([at.move(31), tellPlaces(at.context), tellPlaces(at.context)])
    expect(await editsOf(at)).toBe(1)
    await at.leave(at.others[1])
    const said = await at.move()
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('Your request has the number')
    expect(lastLine(said)).toBe('You are next.')
    expect(await editsOf(at)).toBe(2)
  })

  it('stays as it was once somebody has it, and whose turn it is comes as a message of its own', async () => {
    const at = await inQueue()
    await at.tell()
    await at.change({ assigneeId: at.agentId })
    await at.leave(at.others[0])
    await at.tell()
    const said = await at.move()
    expect(said).toHaveLength(2)
    expect(lastLine(said)).toBe('Your place in the queue: 3.')
    expect(said[1]).toContain('It is your turn: Ana')
    expect(await editsOf(at)).toBe(0)
    expect(
      await at.all(
        'select * from place_notice p join conversation c on c.id = p.conversation_id where c.inbox_id = $1',
        at.inboxId,
      ),
    ).toEqual([])
  })

  it('is not changed when somebody took the case between looking and writing', async () => {
    const at = await inQueue()
    await at.tell()
    await at.move(31)
    await at.leave(at.others[0])
    const { connections } = at.context
    const describe = async (inboxId: string) => {
      await at.change({ assigneeId: at.agentId })
      return connections.describe(inboxId)
    }
    at.seconds(31)
    await tellPlaces({ ...at.context, connections: { describe } })
    expect(await editsOf(at)).toBe(0)
  })

  it('tells no place where customers know nothing of the team, and takes it back when the case moves there', async () => {
    const quiet = await inQueue({ sees: null })
    expect(lastLine(await quiet.tell())).toContain('A person will answer you here.')
    const at = await inQueue()
    await at.tell()
    await ground.db.pool.query('update team set customer_sees = null where id = $1', [at.teamId])
    expect(lastLine(await at.move())).toContain('A person will answer you here.')
  })

  it('tells none where messages cannot be changed', async () => {
    const at = await inQueue()
    const { adapter } = at.channel
    const fixed = { ...adapter, capabilities: () => ({ ...adapter.capabilities({}), edit: 'rejected' as const }) }
    const describe = async (inboxId: string) => ({ inboxId, adapter: fixed, settings: {} })
    Object.assign(at.context, { connections: { describe } })
    expect(lastLine(await at.tell())).toContain('A person will answer you here.')
  })
})

it('a page asks about its own case only, and only where customers may know', async () => {
  const at = await inQueue()
  const { thread_id: threadId, id } = await at.conversation()
  expect(await waitingCase(ground.db.pool, [threadId])).toEqual({ id, teamId: at.teamId })
  await ground.db.pool.query('update team set customer_sees = null where id = $1', [at.teamId])
  expect(await waitingCase(ground.db.pool, [threadId])).toBeNull()
  expect(await waitingCase(ground.db.pool, [])).toBeNull()
})
