import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeConversation } from '../../src/store/conversation-change.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createAgent, createTeam, unique } from '../support/factories.ts'
import { type RuleDesk, ruleDesk } from '../support/rule-desk.ts'
import { all } from '../support/rule-samples.ts'

let ground: TestDatabase
let desk: RuleDesk
const db = () => ground.db
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())
beforeEach(async () => {
  desk = await ruleDesk(db())
})

const words = (...list: string[]) => all({ field: 'text', words: list })
const minutes = (n: number) => n * 60_000
const write = async (text: string, more: Parameters<typeof said>[1] = {}) => {
  await desk.receive(said(text, { chat: desk.chat, occurredAt: desk.now(), ...more }))
  return desk.work()
}
/** A person does it. */
const change = async (patch: Parameters<typeof changeConversation>[1]['patch'], actor?: string) => {
  const { id } = await desk.conversation()
  const agentId = await createAgent(db().pool, { inboxes: [desk.inboxId] })
  const who = { agentId, inboxIds: [desk.inboxId], teamIds: [], seesOrphans: true }
  const wish = { conversationId: id, who, actor: actor ?? `agent:${agentId}`, patch, force: true, now: desk.now() }
  expect(await changeConversation(db(), wish)).toEqual({ kind: 'changed' })
  return desk.work()
}

describe('a rule about new cases', () => {
  it('changes what it says, before the router looks, and tells everybody whose doing it was', async () => {
    const teamId = await createTeam(db().pool)
    const agentId = await createAgent(db().pool, { inboxes: [desk.inboxId] })
    const topic = (await desk.all('insert into topic (name) values ($1) returning id', unique('Topic')))[0].id
    const ruleId = await desk.rule({
      name: 'Deposits',
      conditions: words('deposit'),
      actions: [
        { type: 'team', teamId },
        { type: 'agent', agentId },
        { type: 'priority', priority: 'urgent' },
        { type: 'addTags', tags: ['money', 'deposit'] },
        { type: 'topic', topicId: topic },
        { type: 'tier', tier: 2 },
        { type: 'vip', vip: true },
        { type: 'bot', on: false },
        { type: 'note', text: 'Ask for the transaction id.' },
        { type: 'notify', agentIds: [agentId], teamId },
        { type: 'webhook', label: 'new deposit' },
      ],
    })
    await write('Where is my DEPOSIT?')
    const { id, version, ...row } = await desk.conversation()
    expect(row).toMatchObject({
      team_id: teamId,
      assignee_id: agentId,
      holder: 'agent',
      priority: 4,
      tags: ['deposit', 'money'],
      topic_id: topic,
      tier: 2,
      bot_off: true,
      message_count: '2',
      last_seq: '2',
    })
    expect(row.routed_at).not.toBeNull()
    expect((await desk.activities()).map(({ kind, actor, data }) => [kind, actor, data.rule])).toEqual(
      ['teamChanged', 'assigned', 'priorityChanged', 'tagsChanged', 'topicChanged', 'tierChanged', 'vipChanged']
        .concat(['botSwitched', 'notified'])
        .map((kind) => [kind, `rule:${ruleId}`, 'Deposits']),
    )
    expect(
      await desk.all(
        `select direction, sender_type, text, version from message where conversation_id = $1 and seq = 2`,
        id,
      ),
    ).toEqual([{ direction: 'note', sender_type: 'system', text: 'Ask for the transaction id.', version }])
    expect(
      await desk.all(
        'select agent_id, team_id, assigned_by, why, until from assignment where conversation_id = $1',
        id,
      ),
    ).toEqual([{ agent_id: agentId, team_id: teamId, assigned_by: `rule:${ruleId}`, why: 'rule', until: null }])
    const feed = await desk.all(`select kind, version, data from feed where conversation_id = $1 order by id`, id)
    expect(feed.slice(-4).map(({ kind }) => kind)).toEqual([
      'conversation.updated',
      'message.created',
      'rule.fired',
      'routed',
    ])
    expect(feed.at(-2)?.data).toEqual({ ruleId, label: 'new deposit' })
    expect(await desk.all('select tag from conversation_tag where conversation_id = $1 order by tag', id)).toEqual([
      { tag: 'deposit' },
      { tag: 'money' },
    ])
    const vip = await desk.all(
      'select vip from contact k join identity n on n.contact_id = k.id where n.id = $1',
      row.opener_identity_id,
    )
    expect(vip).toEqual([{ vip: true }])
    expect((await desk.runs())[0]?.actions.map(({ state }: { state: string }) => state)).toEqual(Array(11).fill('done'))
  })

  it('that gives a team leaves the case in that team’s queue', async () => {
    const teamId = await createTeam(db().pool)
    await desk.rule({ actions: [{ type: 'team', teamId }] })
    await write('hello')
    expect(await desk.conversation()).toMatchObject({ team_id: teamId, holder: 'queue', assignee_id: null })
    const { id } = await desk.conversation()
    expect(await desk.all('select team_id, assigned_by from assignment where conversation_id = $1', id)).toEqual([
      { team_id: teamId, assigned_by: 'router' },
    ])
  })

  it('is asked once for a case; a rule about every message each time', async () => {
    await desk.rule({ name: 'first', actions: [{ type: 'webhook', label: 'first' }] })
    await desk.rule({
      name: 'every',
      event: { kind: 'message', which: 'every' },
      actions: [{ type: 'webhook', label: 'every' }],
    })
    await write('one')
    await change({ assigneeId: await createAgent(db().pool, { inboxes: [desk.inboxId] }) })
    await write('two')
    await desk.receive(said('three', { chat: desk.chat }), said('four', { chat: desk.chat }))
    await desk.work()
    expect((await desk.runs()).map((run) => run.rule_name)).toEqual(['first', 'every', 'every', 'every', 'every'])
  })

  it('asks nothing of messages that come to a case somebody has, as long as no rule wants every message', async () => {
    await desk.rule()
    await write('one')
    await change({ assigneeId: await createAgent(db().pool, { inboxes: [desk.inboxId] }) })
    expect(await write('two')).toBe(0)
  })

  it('does nothing with history', async () => {
    await desk.rule({ event: { kind: 'message', which: 'every' }, actions: [{ type: 'priority', priority: 'urgent' }] })
    await desk.rule({ event: { kind: 'change', of: ['status'] }, actions: [{ type: 'priority', priority: 'urgent' }] })
    await db().pool.query(`update inbox set live_since = now() + interval '1 hour' where id = $1`, [desk.inboxId])
    await write('long ago')
    await change({ status: 'open' })
    expect(await desk.conversation()).toMatchObject({ priority: 2 })
    expect(await desk.runs()).toEqual([])
  })

  it('skips what it names and what is gone, and says so', async () => {
    const teamId = await createTeam(db().pool)
    const stranger = await createAgent(db().pool)
    const left = await createAgent(db().pool, { inboxes: [desk.inboxId], active: false })
    await desk.rule({
      actions: [
        { type: 'team', teamId },
        { type: 'agent', agentId: stranger },
        { type: 'agent', agentId: left },
        { type: 'topic', topicId: '999999' },
        { type: 'macro', macroId: '999999' },
        { type: 'notify', agentIds: [left] },
        { type: 'policy', policyId: '1' },
        { type: 'priority', priority: 'high' },
        { type: 'priority', priority: 'high' },
      ],
    })
    await db().pool.query('delete from team where id = $1', [teamId])
    await write('hello')
    expect(await desk.conversation()).toMatchObject({ team_id: null, assignee_id: null, topic_id: null, priority: 3 })
    expect((await desk.runs())[0]?.actions.map(({ state }: { state: string }) => state)).toEqual([
      ...Array(7).fill('gone'),
      'done',
      'same',
    ])
  })

  it('that cannot be carried out leaves the case to go on without rules', async () => {
    await desk.rule({ name: 'fine', actions: [{ type: 'priority', priority: 'urgent' }] })
    await desk.rule({ name: 'broken', actions: [{ type: 'team', teamId: 'no id at all' }] })
    await write('hello')
    expect(await desk.conversation()).toMatchObject({ priority: 2, holder: 'queue', routed_at: expect.any(Date) })
    expect(desk.failures).toHaveLength(1)
    expect(await desk.runs()).toEqual([])
  })

  it('deleted while it is asked has fired or has not, and nothing breaks', async () => {
    const id = await desk.rule({ actions: [{ type: 'priority', priority: 'urgent' }] })
    await desk.receive(said('hello', { chat: desk.chat }))
    const held = await db().pool.connect()
    await held.query('begin')
    await held.query('update rule_set set version = version + 1')
    await held.query('delete from rule where id = $1', [id])
    await desk.routeOnce()
    await held.query('commit')
    held.release()
    expect(await desk.runs()).toMatchObject([{ rule_id: id, trigger: expect.stringContaining('message:') }])
    await desk.receive(said('hello', { chat: unique('chat') }))
    await desk.work()
    expect(await desk.runs()).toHaveLength(1)
  })
})

describe('a rule about changes', () => {
  it('fires for a person’s change of what it names, and not for a program’s', async () => {
    await desk.rule({ event: { kind: 'change', of: ['priority'] }, actions: [{ type: 'addTags', tags: ['seen'] }] })
    await write('hello')
    expect(await change({ tags: ['x'] })).toBe(1)
    expect((await desk.conversation()).tags).toEqual(['x'])
    await change({ priority: 3 }, 'token:5')
    expect((await desk.conversation()).tags).toEqual(['x'])
    await change({ priority: 4 })
    expect((await desk.conversation()).tags).toEqual(['seen', 'x'])
    expect(await desk.runs()).toHaveLength(1)
  })

  it('hears that a customer reopened a case', async () => {
    await desk.rule({ event: { kind: 'change', of: ['status'] }, actions: [{ type: 'priority', priority: 'urgent' }] })
    await write('hello')
    const { id } = await desk.conversation()
    await db().pool.query(`update conversation set status = 'resolved', resolved_at = now() where id = $1`, [id])
    await write('it is back')
    expect(await desk.conversation()).toMatchObject({ status: 'open', priority: 4 })
  })

  it('writes no job where no such rule is on', async () => {
    await desk.rule()
    await write('hello')
    expect(await change({ priority: 4 })).toBe(0)
  })
})

describe('rules among themselves', () => {
  it('never set each other off: what they change is no fact', async () => {
    const flips = {
      kind: 'change' as const,
      of: ['priority' as const, 'tags' as const, 'team' as const, 'assignee' as const],
    }
    const has = (tag: string) => all({ field: 'tag', in: [tag] })
    const flip = (from: string, to: string, priority: 'low' | 'urgent') =>
      desk.rule({
        event: flips,
        conditions: has(from),
        actions: [
          { type: 'removeTags', tags: [from] },
          { type: 'addTags', tags: [to] },
          { type: 'priority', priority },
        ],
      })
    await flip('a', 'b', 'low')
    await flip('b', 'a', 'urgent')
    await write('hello')
    await change({ tags: ['a'] })
    expect(await desk.runs()).toHaveLength(2)
    expect(await desk.conversation()).toMatchObject({ tags: ['a'], priority: 4 })
    expect(await desk.work()).toBe(0)
  })

  it('fire once for one fact, however often it is told', async () => {
    await desk.rule({ event: { kind: 'message', which: 'every' }, actions: [{ type: 'note', text: 'again' }] })
    await write('hello')
    const [message] = await desk.all(
      'select m.id, m.conversation_id from message m join conversation c on c.id = m.conversation_id where c.inbox_id = $1',
      desk.inboxId,
    )
    const payload = JSON.stringify({ messageId: message.id, conversationId: message.conversation_id })
    await db().pool.query(`insert into job (kind, payload) values ('route', $1), ('route', $1)`, [payload])
    await desk.work()
    expect(await desk.runs()).toHaveLength(1)
    expect((await desk.conversation()).message_count).toBe('2')
  })
})

describe('a rule about time', () => {
  const urgent = { actions: [{ type: 'priority' as const, priority: 'urgent' as const }] }

  it('fires once when somebody has waited so long, and anew when they wait again', async () => {
    await desk.rule({ ...urgent, event: { kind: 'waiting', minutes: 10 } })
    await write('hello')
    desk.pass(minutes(9))
    expect([await desk.sweep(), (await desk.conversation()).priority]).toEqual([0, 2])
    desk.pass(minutes(1))
    expect([await desk.sweep(), (await desk.conversation()).priority]).toEqual([1, 4])
    expect(await desk.sweep()).toBe(0)
    const { id } = await desk.conversation()
    await db().pool.query('update conversation set waiting_since = null where id = $1', [id])
    await write('and now?')
    desk.pass(minutes(11))
    await desk.sweep()
    expect(await desk.runs()).toHaveLength(2)
  })

  it('fires before a promise falls due', async () => {
    await desk.rule({ ...urgent, event: { kind: 'due', minutes: 15 } })
    await write('hello')
    const { id } = await desk.conversation()
    await db().pool.query('update conversation set due_at = $2 where id = $1', [
      id,
      new Date(desk.now().getTime() + minutes(20)),
    ])
    expect(await desk.sweep()).toBe(0)
    desk.pass(minutes(5))
    expect(await desk.sweep()).toBe(1)
    expect(await desk.sweep()).toBe(0)
  })

  it('looks at more than fit into one turn, also where it does not fire', async () => {
    await desk.rule({ ...urgent, event: { kind: 'waiting', minutes: 1 }, conditions: words('urgent') })
    const chats = Array.from({ length: 40 }, (_, n) =>
      said(n < 39 ? 'calm' : 'urgent', { chat: `${desk.chat}-${n}`, occurredAt: desk.now() }),
    )
    await desk.receive(...chats)
    await desk.work()
    desk.pass(minutes(2))
    expect(await desk.sweep()).toBe(40)
    expect(await desk.runs()).toHaveLength(1)
  })

  it('finds a message that came late, and forgets what lies behind it by a week', async () => {
    await desk.rule({ ...urgent, event: { kind: 'waiting', minutes: 10 } })
    await desk.sweep()
    await write('delayed', { occurredAt: new Date(desk.now().getTime() - minutes(20)) })
    expect(await desk.sweep()).toBe(1)
    await write('older', { chat: unique('chat'), occurredAt: new Date(desk.now().getTime() - minutes(120)) })
    expect(await desk.sweep()).toBe(0)
    desk.pass(minutes(61))
    expect(await desk.sweep()).toBe(1)
    await write('ancient', { chat: unique('chat'), occurredAt: new Date(desk.now().getTime() - 8 * 24 * minutes(60)) })
    desk.pass(minutes(61))
    expect(await desk.sweep()).toBe(0)
  })
})

describe('a macro in a rule', () => {
  it('does what it does, and says its words once, as an automatic answer', async () => {
    const macroId = await desk.macro('Hello {{contact.name|there}}, we have {{conversation.number}}.', [
      { type: 'tier', tier: 2 },
    ])
    await desk.rule({ actions: [{ type: 'macro', macroId }] })
    await write('hello', { sender: { key: unique('p'), name: 'Li [Wei](x)' } })
    const { id, number, tier, status } = await desk.conversation()
    expect([tier, status]).toEqual([2, 'open'])
    const told = () =>
      desk.all(`select text, sender_type from message where conversation_id = $1 and direction = 'out'`, id)
    expect(await told()).toEqual([{ text: `Hello Li \\[Wei\\](x), we have #${number}.`, sender_type: 'system' }])
    await db().pool.query(
      `insert into job (kind, payload) select 'say-macro', jsonb_build_object('ruleId', r.rule_id::text,
      'macroId', $1::text, 'messageId', split_part(r.trigger, ':', 2)) from rule_run r where r.conversation_id = $2`,
      [macroId, id],
    )
    await desk.work()
    expect(await told()).toHaveLength(1)
  })

  it('says nothing to a program, to many or about what is old, whatever the rule does besides', async () => {
    const macroId = await desk.macro('We are closed.')
    await desk.rule({
      event: { kind: 'message', which: 'every' },
      actions: [
        { type: 'macro', macroId },
        { type: 'priority', priority: 'urgent' },
      ],
    })
    await write('robot', { automatic: true })
    await write('group', { thread: { key: unique('g'), kind: 'group', audience: 'shared' } })
    await write('old', { chat: unique('c'), occurredAt: new Date(desk.now().getTime() - minutes(16)) })
    expect(
      await desk.all(
        `select count(*)::int as n from message m join conversation c on c.id = m.conversation_id
      where c.inbox_id = $1 and m.direction = 'out'`,
        desk.inboxId,
      ),
    ).toEqual([{ n: 0 }])
    expect(await desk.runs()).toHaveLength(3)
  })
})
