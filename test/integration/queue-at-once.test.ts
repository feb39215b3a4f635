import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startQueues } from '../../src/routing/drain.ts'
import { watchQueues } from '../../src/routing/watch-queues.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { type QueueDesk, queueDesk } from '../support/queue-desk.ts'
import { silent } from '../support/scripted-channel.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person
let desk: QueueDesk
let queues: { stop(): Promise<void> }

beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  boss = await signedIn(server, { role: 'admin' })
  desk = queueDesk(base.db)
  const ctx = { db: base.db, clock: desk.clock, log: silent, connections: server.deps.connections }
  queues = startQueues(ctx, watchQueues(ctx))
})
afterAll(async () => {
  await queues.stop()
  await server.close()
  await base.close()
})

interface Scene {
  readonly teamId: string
  readonly agent: Person
  /** The agent has it, and no room for another one. */
  readonly held: string
}

async function scene(): Promise<Scene> {
  const { id: teamId } = await desk.team({ skill_wait_ms: 600_000 })
  const agent = await signedIn(server, { role: 'agent' })
  await base.db.pool.query(`insert into team_member (team_id, agent_id) values ($1, $2)`, [teamId, agent.id])
  await base.db.pool.query(`update agent set capacity = 1, availability = 'online' where id = $1`, [agent.id])
  const inboxId = await readableInbox(base.db, { teamId })
  const held = await desk.waits({ teamId, inboxId, assigneeId: agent.id })
  return { teamId, agent, held }
}

/** What happens to somebody who has no room, or lacks something, beside one that waits; then they may have it. */
const changes: [string, (at: Scene) => Promise<{ id: string; happens: () => Promise<unknown> }>][] = [
  [
    'one of theirs is resolved',
    async (at) => ({ id: await oneMore(at), happens: () => patch(at.held, { status: 'resolved' }) }),
  ],
  [
    'one of theirs waits for the customer',
    async (at) => ({ id: await oneMore(at), happens: () => patch(at.held, { status: 'waiting' }) }),
  ],
  [
    'one of theirs is taken from them',
    async (at) => ({ id: await oneMore(at), happens: () => patch(at.held, { teamId: null, assigneeId: null }) }),
  ],
  [
    'they are given more room',
    async (at) => ({
      id: await oneMore(at),
      happens: () => planned(at, { capacity: 2 }),
    }),
  ],
  [
    'they say that they are there',
    async (at) => {
      await patch(at.held, { status: 'resolved' })
      await at.agent.call('PUT /me/availability', { state: 'away' })
      return { id: await oneMore(at), happens: () => at.agent.call('PUT /me/availability', { state: 'online' }) }
    },
  ],
  [
    'what waits is moved to their team',
    async (at) => {
      await patch(at.held, { status: 'resolved' })
      const { id: elsewhere } = await desk.team()
      const id = await oneMore({ ...at, teamId: elsewhere })
      await base.db.pool.query(
        'insert into inbox_member (inbox_id, agent_id) select inbox_id, $2 from conversation where id = $1',
        [id, at.agent.id],
      )
      return { id, happens: () => patch(id, { teamId: at.teamId }) }
    },
  ],
  [
    'nobody tells anybody: it waited for long enough for their other skills',
    async (at) => {
      await patch(at.held, { status: 'resolved' })
      await planned(at, { languages: [{ language: 'zh', level: 3 }] })
      return { id: await oneMore(at, 'ru'), happens: async () => desk.clock.advance(600_001) }
    },
  ],
  [
    'nobody tells anybody: a hand in the database',
    async (at) => ({
      id: await oneMore(at),
      happens: () => base.db.pool.query('update agent set capacity = 5 where id = $1', [at.agent.id]),
    }),
  ],
]

async function oneMore({ teamId }: Pick<Scene, 'teamId'>, language?: string): Promise<string> {
  return desk.waits({ teamId, inboxId: await readableInbox(base.db, { teamId }), ...(language && { language }) })
}

async function planned({ agent }: Scene, skills: object): Promise<void> {
  const { status, text } = await boss.call(`PATCH /agents/${agent.id}/skills`, skills)
  if (status !== 200) throw new Error(`${status} ${text}`)
}

async function patch(id: string, body: object): Promise<void> {
  const { status, text } = await boss.call(`PATCH /conversations/${id}`, body)
  if (status !== 200) throw new Error(`${status} ${text}`)
}

/** How long it takes a statement and a timer here and now, against where nothing else runs; as in the bench never more than three times. */
async function slowness(): Promise<number> {
  const started = performance.now()
  for (let n = 0; n < 20; n += 1) await base.db.pool.query('select 1')
  return Math.min(3, Math.max(1, (performance.now() - started) / 20))
}

async function untilGiven(id: string): Promise<number> {
  const started = performance.now()
  while ((await desk.holderOf(id)) === null && performance.now() - started < 15_000) await pause(5)
  return performance.now() - started
}

describe('somebody with room and what waits for them never stand beside each other for more than a second', () => {
  it.each(changes)('when %s', async (_, prepare) => {
    const at = await scene()
    const { id, happens } = await prepare(at)
    await expectStillWaiting(id)
    await happens()
    const took = await untilGiven(id)
    expect(await desk.holderOf(id)).toBe(at.agent.id)
    expect(took).toBeLessThanOrEqual(1_000 * (await slowness()))
  })
})

/** Also after a round of the queues: else it was not this that gave it. */
async function expectStillWaiting(id: string): Promise<void> {
  await desk.drain()
  expect(await desk.holderOf(id)).toBeNull()
}
