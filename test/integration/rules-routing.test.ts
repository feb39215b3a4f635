import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keepCurrent } from '../../src/jobs/keep-promises.ts'
import { testRules } from '../../src/routing/test-rules.ts'
import { stampFeed } from '../../src/store/feed.ts'
import { listRules } from '../../src/store/rule.ts'
import { setPolicyUsers } from '../../src/store/sla-policy.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { createAgent, createTeam, unique } from '../support/factories.ts'
import { always, makeHours, makePolicy } from '../support/promise-desk.ts'
import { type RuleDesk, ruleDesk } from '../support/rule-desk.ts'

let database: TestDatabase
let desk: RuleDesk
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
const db = () => database.db
const pool = () => database.db.pool
beforeEach(async () => {
  await pool().query('delete from sla_policy')
  await pool().query('delete from business_hours')
  desk = await ruleDesk(db())
})

const write = async (text: string, more: Parameters<typeof said>[1] = {}) => {
  await desk.receive(said(text, { chat: desk.chat, occurredAt: desk.now(), ...more }))
  await desk.work()
}
const only = (condition: object) =>
  ({ match: 'all', groups: [{ match: 'all', conditions: [condition] }] }) as Parameters<RuleDesk['rule']>[0] & object
const states = async () => (await desk.runs())[0]?.actions.map(({ state }: { state: string }) => state)
const version = async () => Number((await desk.conversation()).version)

describe('a policy that a rule gives', () => {
  it('is the one the case is reckoned by, and an unknown one is left out', async () => {
    const policyId = await makePolicy(pool(), { targets: { firstResponse: always(30) } })
    const actions = [
      { type: 'policy' as const, policyId },
      { type: 'policy' as const, policyId: '999999' },
      { type: 'policy' as const, policyId },
    ]
    await desk.rule({ actions })
    await write('hello')
    expect(await states()).toEqual(['done', 'gone', 'same'])
    expect((await desk.activities()).map(({ kind, data }) => [kind, data.to])).toEqual([['policyChanged', policyId]])
    while ((await stampFeed(pool())) > 0);
    while (await keepCurrent({ db: db(), clock: desk.now }));
    const row = await desk.conversation()
    expect(row).toMatchObject({ sla_policy_id: policyId, due_kind: 'firstResponse' })
    expect(row.due_at.getTime()).toBeGreaterThan(desk.now().getTime() + 29 * 60_000)
  })
})

describe('business hours in a rule', () => {
  const monday = new Date('2026-03-02T11:00:00.000Z')
  const closedRule = () =>
    desk.rule({
      conditions: only({ field: 'businessHours', in: ['closed'] }) as never,
      actions: [{ type: 'addTags', tags: ['closed'] }],
    })
  const dryRun = async () => {
    const { id } = await desk.conversation()
    const rules = await listRules(pool(), { enabled: true })
    const wish = { conversationId: id, messageId: null, event: 'message' as const }
    const [rule] = (await testRules(pool(), desk.context, { rules, wish })).rules
    const [condition] = rule?.why.groups.flatMap(({ conditions }) => conditions) ?? []
    return { fires: rule?.why.ok, known: condition?.known, found: condition?.found }
  }

  it('are those of what is promised in the inbox, in a message and in the dry run', async () => {
    const hours = await makeHours(pool(), {
      timeZone: 'Asia/Tokyo',
      week: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '18:00' })),
      holidays: [],
    })
    const policyId = await makePolicy(pool(), { businessHoursId: hours })
    await setPolicyUsers(pool(), policyId, { inboxIds: [desk.inboxId] })
    await closedRule()
    // Eight in the evening in Tokyo, then eleven in the morning.
    desk.pass(monday.getTime() - desk.now().getTime())
    await write('anybody?')
    expect((await desk.conversation()).tags).toEqual(['closed'])
    expect(await dryRun()).toEqual({ fires: true, known: true, found: ['closed'] })
    desk.pass(15 * 3_600_000)
    expect(await dryRun()).toEqual({ fires: false, known: true, found: ['open'] })
  })

  it('are unknown where nothing is promised, so that nothing follows from them', async () => {
    await closedRule()
    await write('anybody?')
    expect((await desk.conversation()).tags).toEqual([])
    expect(await dryRun()).toMatchObject({ fires: false, known: false })
  })

  it('are always open where a promise counts around the clock', async () => {
    await makePolicy(pool(), { isDefault: true })
    await closedRule()
    await write('anybody?')
    expect(await dryRun()).toMatchObject({ fires: false, known: true })
  })
})

describe('what rules change', () => {
  const heard = async (work: () => Promise<unknown>): Promise<boolean> => {
    let told = 0
    let ready = false
    const listener = db().notifications.listen(
      ['queue'],
      (_, payload) => {
        if (payload === 'test') ready = true
        else told++
      },
      () => undefined,
    )
    await eventually(async () => {
      await pool().query(`select pg_notify('queue', 'test')`)
      return ready
    })
    told = 0
    await work()
    await eventually(() => told > 0, { timeoutMs: 2_000 }).catch(() => undefined)
    listener.close()
    return told > 0
  }

  it('by the time that passed reaches whoever gives out the queues at once', async () => {
    const teamId = await createTeam(pool())
    await desk.rule({ event: { kind: 'waiting', minutes: 10 }, actions: [{ type: 'team', teamId }] })
    await write('hello')
    desk.pass(11 * 60_000)
    expect(await heard(() => desk.sweep())).toBe(true)
    expect((await desk.conversation()).team_id).toBe(teamId)
    const [given] = await desk.all('select since, until from assignment where team_id = $1', teamId)
    expect(given).toEqual({ since: desk.now(), until: null })
  })

  it('of who goes first moves all that the person waits with', async () => {
    const sender = { key: unique('person'), name: 'Li' }
    await write('first', { sender, chat: unique('chat') })
    await desk.rule({
      conditions: only({ field: 'text', words: ['platinum'] }) as never,
      actions: [{ type: 'vip', vip: true }],
    })
    await write('I am platinum', { sender })
    const rows = await desk.all(
      'select id, vip, version from conversation where inbox_id = $1 order by id',
      desk.inboxId,
    )
    expect(rows.map(({ vip }) => vip)).toEqual([true, true])
    // No version is left out, and none is told twice.
    for (const { id, version: last } of rows) {
      const told = await desk.all('select version from feed where conversation_id = $1 and version is not null', id)
      const versions = new Set(told.map((row) => Number(row.version)))
      expect([...versions].sort()).toEqual(Array.from({ length: Number(last) }, (_, n) => n + 1))
    }
  })

  it('who goes first by the word of the website is a VIP for rules, and not by their own', async () => {
    const teamId = await createTeam(pool())
    await desk.rule({
      event: { kind: 'message', which: 'every' },
      conditions: only({ field: 'vip', in: ['yes'] }) as never,
      actions: [{ type: 'team', teamId }],
    })
    const sender = { key: unique('person'), name: 'Grace', profile: { vip: 'true' } }
    await write('hello', { sender })
    expect((await desk.conversation()).team_id).not.toBe(teamId)
    await pool().query(`update identity set verified_by = 'website', profile = '{"vip": "true"}' where key = $1`, [
      sender.key,
    ])
    await write('hello again', { sender })
    expect((await desk.conversation()).team_id).toBe(teamId)
  })

  it('leaves a case with whoever has it, unless it names other hands', async () => {
    await write('hello')
    const agentId = await createAgent(pool(), { inboxes: [desk.inboxId] })
    const { id } = await desk.conversation()
    await pool().query(`update conversation set holder = 'agent', assignee_id = $2 where id = $1`, [id, agentId])
    await pool().query('update assignment set until = now() where conversation_id = $1 and until is null', [id])
    await pool().query(
      `insert into assignment (conversation_id, agent_id, assigned_by, why) values ($1, $2, 'agent:1', 'byHand')`,
      [id, agentId],
    )
    await desk.rule({
      event: { kind: 'message', which: 'every' },
      actions: [{ type: 'priority', priority: 'urgent' }],
    })
    const before = await version()
    await write('and another thing')
    expect(await desk.conversation()).toMatchObject({ holder: 'agent', assignee_id: agentId, priority: 4 })
    expect(await version()).toBe(before + 2)
    const open = await desk.all('select agent_id from assignment where conversation_id = $1 and until is null', id)
    expect(open).toEqual([{ agent_id: agentId }])
    await write('and one more')
    expect(await version()).toBe(before + 3)
  })
})
