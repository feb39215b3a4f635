import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { drainQueues } from '../../src/routing/drain.ts'
import { route } from '../../src/routing/route.ts'
import { transaction } from '../../src/store/database.ts'
import { takeJobs } from '../../src/store/job.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person

beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  boss = await signedIn(server, { role: 'admin' })
})
afterAll(async () => {
  await server.close()
  await base.close()
})

/** T1 and T2, as the program does them. */
async function writes(inboxId: string, text: string, person = randomUUID()): Promise<string> {
  const event = said(text, {
    sender: { key: person, name: 'Li Wei' },
    thread: { key: person, kind: 'chat', audience: 'private' },
  })
  const { outcomes } = await recordInbound(base.db, { inboxId, now: new Date(), batch: { events: [event] } })
  await transaction(base.db, async (tx) => {
    const jobs = await takeJobs(tx, { kind: 'route', limit: 100 })
    await route(
      tx,
      jobs.map(({ payload }) => payload as never),
      { now: new Date() },
    )
  })
  return (outcomes[0] as { conversationId: string }).conversationId
}

async function newTeam(people: readonly Person[], routing: Record<string, unknown> = {}) {
  const memberIds = people.map(({ id }) => id)
  const { body } = await boss.call('POST /teams', { name: `Team ${randomUUID()}`, memberIds, routing })
  return { team: body, inboxId: await readableInbox(base.db, { teamId: body.id }) }
}

describe('a team', () => {
  it('says how its conversations find their people; what is not said stays', async () => {
    const { team } = await newTeam([])
    expect(team.routing).toEqual({
      strategy: 'balanced',
      weights: { live: 2, messages: 1, letters: 1 },
      graceMs: 120_000,
      skillWaitMs: 300_000,
      overflowWaitMs: 600_000,
      overflowTeamId: null,
    })
    const { team: other } = await newTeam([])
    const patch = { routing: { strategy: 'roundRobin', graceMs: null, overflowTeamId: other.id } }
    const changed = await boss.call(`PATCH /teams/${team.id}`, patch)
    expect(changed.body.routing).toEqual({ ...team.routing, ...patch.routing })
    expect((await boss.call(`PATCH /teams/${team.id}`, { routing: { overflowTeamId: team.id } })).status).toBe(400)
    expect((await boss.call(`PATCH /teams/${team.id}`, { routing: { overflowTeamId: '999999' } })).status).toBe(400)
  })
})

describe('skills and topics', () => {
  it('are planned by supervisors; a topic that is gone is gone from skills and conversations', async () => {
    const lead = await signedIn(server, { role: 'supervisor' })
    const agent = await signedIn(server)
    expect((await agent.call('POST /topics', { name: 'Nothing' })).status).toBe(403)
    const { body: topic } = await lead.call('POST /topics', { name: 'Withdrawals' })
    expect((await lead.call('POST /topics', { name: 'Withdrawals' })).status).toBe(409)
    const skills = {
      capacity: 4,
      tiers: [1, 2],
      languages: [{ language: 'zh', level: 3 }],
      topics: [{ topicId: topic.id, level: 2 }],
      timeZone: 'Asia/Shanghai',
      shifts: [{ day: 1, from: '09:00', to: '24:00' }],
    }
    const path = `/agents/${agent.id}/skills`
    expect((await agent.call(`PATCH ${path}`, { capacity: 100 })).status).toBe(403)
    expect((await lead.call(`PATCH ${path}`, skills)).body).toEqual(skills)
    expect((await lead.call(`PATCH ${path}`, { capacity: 5 })).body).toEqual({ ...skills, capacity: 5 })
    expect((await lead.call(`PATCH ${path}`, { timeZone: 'Middle/Earth' })).status).toBe(400)
    expect((await lead.call(`PATCH ${path}`, { shifts: [{ day: 1, from: '22:00', to: '06:00' }] })).status).toBe(400)
    expect((await lead.call(`PATCH ${path}`, { topics: [{ topicId: '999999', level: 1 }] })).status).toBe(400)
    const { inboxId } = await newTeam([agent])
    const id = await writes(inboxId, 'hello')
    expect((await agent.call(`PATCH /conversations/${id}`, { topicId: topic.id })).body.topicId).toBe(topic.id)
    expect((await agent.call(`PATCH /conversations/${id}`, { topicId: '999999' })).status).toBe(400)
    await lead.call(`PATCH /topics/${topic.id}`, { name: 'Withdrawals and fees' })
    expect((await lead.call(`DELETE /topics/${topic.id}`)).status).toBe(204)
    expect((await agent.call(`GET ${path}`)).body.topics).toEqual([])
    expect((await agent.call(`GET /conversations/${id}`)).body.topicId).toBeNull()
  })
})

describe('a new conversation', () => {
  it('is understood, given to who speaks its language in the same breath, and says why in data', async () => {
    const [ann, bob] = [await signedIn(server), await signedIn(server)]
    const { team, inboxId } = await newTeam([ann, bob])
    await boss.call(`PATCH /agents/${bob.id}/skills`, { languages: [{ language: 'zh', level: 2 }] })
    await boss.call(`PATCH /agents/${ann.id}/skills`, { languages: [{ language: 'en', level: 2 }] })
    for (const person of [ann, bob]) await person.call('PUT /me/availability', { state: 'online' })
    const id = await writes(inboxId, '我的提现什么时候到账？')
    const { body } = await bob.call(`GET /conversations/${id}`)
    expect(body).toMatchObject({ assigneeId: bob.id, holder: 'agent', language: 'zh', tier: 1, vip: false })
    const { items } = (await bob.call(`GET /conversations/${id}/activities`)).body
    expect(items[0]).toMatchObject({
      kind: 'assigned',
      data: { from: null, to: bob.id, why: { code: 'balanced', load: 1, capacity: 6, language: 'zh' } },
    })
    const { rows } = await base.db.pool.query(`select data from feed where conversation_id = $1 and kind = 'routed'`, [
      id,
    ])
    expect(rows).toEqual([{ data: { holder: 'agent', teamId: team.id, agentId: bob.id } }])
  })

  it('waits for nobody’s second look: a reply makes room, and the oldest that waits is there at once', async () => {
    const ann = await signedIn(server)
    const { inboxId } = await newTeam([ann])
    await boss.call(`PATCH /agents/${ann.id}/skills`, { capacity: 1 })
    await ann.call('PUT /me/availability', { state: 'online' })
    const [first, second] = [await writes(inboxId, 'first'), await writes(inboxId, 'second')]
    const holders = async () => [
      (await boss.call(`GET /conversations/${first}`)).body.assigneeId,
      (await boss.call(`GET /conversations/${second}`)).body.assigneeId,
    ]
    expect(await holders()).toEqual([ann.id, null])
    const woken = new Promise((resolve) => {
      const listener = base.db.notifications.listen(
        ['queue'],
        () => resolve(listener.close()),
        () => {},
      )
    })
    await ann.call(`POST /conversations/${first}/messages`, { text: 'Done', kind: 'reply', clientId: randomUUID() })
    await woken
    await drainQueues({ db: base.db, clock: () => new Date() })
    expect(await holders()).toEqual([ann.id, ann.id])
  })
})

describe('people who go first', () => {
  it('are said so by hand, or have an owner; what of theirs waits moves forward at once', async () => {
    const ann = await signedIn(server)
    const { inboxId } = await newTeam([ann])
    await writes(inboxId, 'somebody else')
    const id = await writes(inboxId, 'me')
    const { contact } = (await ann.call(`GET /conversations/${id}`)).body
    expect((await ann.call(`PATCH /contacts/${contact.id}`, { vip: true })).body).toMatchObject({
      vip: true,
      ownerIds: [],
    })
    expect((await ann.call(`GET /conversations/${id}`)).body.vip).toBe(true)
    await ann.call(`PATCH /contacts/${contact.id}`, { vip: false })
    expect((await ann.call(`GET /conversations/${id}`)).body.vip).toBe(false)
    const put = await ann.call(`PUT /contacts/${contact.id}/owners`, { agentIds: [ann.id, boss.id] })
    expect(put.body).toEqual({ agentIds: [ann.id, boss.id] })
    expect((await ann.call(`PUT /contacts/${contact.id}/owners`, { agentIds: ['999999'] })).status).toBe(400)
    expect((await ann.call(`GET /contacts/${contact.id}`)).body.ownerIds).toEqual([ann.id, boss.id])
    expect((await ann.call('POST /me/next', {})).body).toEqual({ conversation: id })
    const stranger = await signedIn(server)
    expect((await stranger.call(`PUT /contacts/${contact.id}/owners`, { agentIds: [] })).status).toBe(404)
    expect((await stranger.call('POST /me/next', {})).body).toEqual({ conversation: null })
  })
})

describe('a higher level', () => {
  it('gets a case with a note for whoever takes it, and who may not see it escalates nothing', async () => {
    const ann = await signedIn(server)
    const { inboxId } = await newTeam([ann])
    const id = await writes(inboxId, 'difficult')
    await ann.call(`PATCH /conversations/${id}`, { assigneeId: ann.id })
    const wish = { tier: 2, note: 'Checked the transaction: it is on the chain.' }
    const stranger = await signedIn(server)
    expect((await stranger.call(`POST /conversations/${id}/escalate`, wish)).status).toBe(404)
    expect((await ann.call(`POST /conversations/${id}/escalate`, { tier: 2 })).status).toBe(400)
    expect((await ann.call(`POST /conversations/${id}/escalate`, wish)).body).toEqual({ conversation: id })
    expect((await ann.call(`POST /conversations/${id}/escalate`, wish)).status).toBe(409)
    const { items } = (await ann.call(`GET /conversations/${id}/messages`)).body
    expect(items.filter((one: { direction: string }) => one.direction === 'note')).toMatchObject([{ text: wish.note }])
    expect((await ann.call(`GET /conversations/${id}`)).body).toMatchObject({
      tier: 2,
      holder: 'queue',
      assigneeId: null,
    })
    await boss.call(`PATCH /conversations/${id}`, { status: 'resolved' })
    expect((await ann.call(`POST /conversations/${id}/escalate`, { ...wish, tier: 3 })).status).toBe(409)
  })
})
