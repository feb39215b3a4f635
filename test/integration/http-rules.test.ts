import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createConversation, createMessage, createTeam, unique } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { ruleDesk } from '../support/rule-desk.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person
let lead: Person
let agent: Person
let inboxId: string
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  inboxId = await readableInbox(base.db)
  boss = await signedIn(server, { role: 'admin', name: 'Boss' })
  lead = await signedIn(server, { role: 'supervisor', inboxes: [inboxId] })
  agent = await signedIn(server, { inboxes: [inboxId] })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const group = (...conditions: object[]) => ({ match: 'all', groups: [{ match: 'all', conditions }] })
const simple = {
  name: 'Deposits first',
  event: { kind: 'message', which: 'first' },
  conditions: group({ field: 'text', words: ['deposit'] }),
  actions: [{ type: 'priority', priority: 'urgent' }],
}

describe('rules over HTTP', () => {
  it('are made, changed, put in order and removed by administrators, and read by leads', async () => {
    const first = await boss.call('POST /rules', simple)
    expect(first).toMatchObject({ status: 201, body: { ...simple, enabled: true, stops: false, missing: [] } })
    const second = await boss.call('POST /rules', { ...simple, name: 'Second', conditions: undefined, enabled: false })
    expect(second.body).toMatchObject({ enabled: false, conditions: { match: 'all', groups: [] } })
    const names = async (who: Person) =>
      (await who.call('GET /rules')).body.items.map((rule: { name: string }) => rule.name)
    expect(await names(lead)).toEqual(['Deposits first', 'Second'])
    await boss.call('PUT /rules/order', { ids: [second.body.id] })
    expect(await names(boss)).toEqual(['Second', 'Deposits first'])
    const changed = await boss.call(`PATCH /rules/${first.body.id}`, { enabled: false, name: 'Other' })
    expect(changed.body).toMatchObject({ ...simple, name: 'Other', enabled: false })
    for (const person of [lead, agent]) {
      expect((await person.call('POST /rules', simple)).status).toBe(403)
      expect((await person.call(`DELETE /rules/${first.body.id}`)).status).toBe(403)
    }
    expect((await agent.call('GET /rules')).status).toBe(403)
    for (const { body } of [first, second]) expect((await boss.call(`DELETE /rules/${body.id}`)).status).toBe(204)
    expect((await boss.call(`DELETE /rules/${first.body.id}`)).status).toBe(404)
    expect((await boss.call(`PATCH /rules/${first.body.id}`, { name: 'x' })).status).toBe(404)
  })

  it.each([
    [
      'conditions.groups.0.conditions.1.pattern',
      { conditions: group({ field: 'vip', in: ['yes'] }, { field: 'text', pattern: 'abc[z' }) },
    ],
    ['conditions.groups.0.conditions.0', { conditions: group({ field: 'text' }) }],
    ['conditions.groups.0.conditions.0.in', { conditions: group({ field: 'inbox', in: [] }) }],
    ['conditions.groups.0.conditions.0.in.0', { conditions: group({ field: 'inbox', in: ["1'; drop table rule"] }) }],
    ['conditions.groups.0.conditions.0.field', { conditions: group({ field: 'colour', in: ['red'] }) }],
    ['conditions.groups.0.conditions.0', { conditions: group({ field: 'vip', in: ['yes'], more: 1 }) }],
    ['actions.0.priority', { actions: [{ type: 'priority', priority: 'highest' }] }],
    ['actions', { actions: [] }],
    ['actions.0.type', { actions: [{ type: 'status', status: 'resolved' }] }],
    ['event.minutes', { event: { kind: 'waiting', minutes: 0 } }],
    ['name', { name: ' ' }],
  ])('say which field is wrong: %s', async (field, more) => {
    const { status, body } = await boss.call('POST /rules', { ...simple, ...more })
    expect([status, body.error.details[0].field]).toEqual([400, field])
  })

  it('say where a pattern ends to make sense', async () => {
    const { body } = await boss.call('POST /rules', {
      ...simple,
      conditions: group({ field: 'text', pattern: 'abc[z' }),
    })
    expect(body.error.details[0]).toMatchObject({ code: 'invalid', limit: 4 })
    expect(body.error.message).toContain('missing closing ], from character 4 on')
  })

  it('show what they name and what is gone', async () => {
    const teamId = await createTeam(base.db.pool)
    const { body } = await boss.call('POST /rules', {
      ...simple,
      enabled: false,
      actions: [
        { type: 'team', teamId },
        { type: 'agent', agentId: agent.id },
      ],
    })
    expect(body.missing).toEqual([])
    await base.db.pool.query('delete from team where id = $1', [teamId])
    const { body: list } = await boss.call('GET /rules')
    expect(list.items.at(-1).missing).toEqual([{ kind: 'team', id: teamId }])
    await boss.call(`DELETE /rules/${body.id}`)
  })
})

describe('a dry run', () => {
  it('tells of any case which rules fire and why, and changes nothing', async () => {
    const conversation = await createConversation(base.db.pool, { inboxId, priority: 3 })
    await createMessage(base.db.pool, conversation, { text: 'Where is my deposit?' })
    const messageId = await createMessage(base.db.pool, conversation, { text: 'Hello? Refund please' })
    const [{ number, version }] = (
      await base.db.pool.query('select number, version from conversation where id = $1', [conversation.id])
    ).rows
    const draft = (name: string, ...conditions: object[]) => ({ ...simple, name, conditions: group(...conditions) })
    const rules = [
      draft('deposit', { field: 'text', words: ['deposit', 'fee'] }, { field: 'businessHours', in: ['open'] }),
      {
        ...draft('money', { field: 'text', words: ['deposit', 'fee'] }, { field: 'priority', in: ['high'] }),
        stops: true,
        event: { kind: 'message', which: 'every' },
      },
      draft('below'),
      { ...draft('refund', { field: 'text', words: ['refund'] }), event: { kind: 'message', which: 'every' } },
      { ...draft('changed'), event: { kind: 'change', of: ['status'] } },
    ].map((rule) =>
      rule.conditions.groups[0]?.conditions.length ? rule : { ...rule, conditions: { match: 'all', groups: [] } },
    )
    const tried = await lead.call('POST /rules/test', { rules, number: Number(number) })
    expect(tried.body).toMatchObject({ conversation: { id: conversation.id, number: Number(number) }, history: false })
    expect(tried.body.rules.map((rule: { outcome: string }) => rule.outcome)).toEqual([
      'no',
      'fires',
      'stopped',
      'stopped',
      'otherEvent',
    ])
    expect(tried.body.rules[0].why.groups[0].conditions).toMatchObject([
      { ok: true, known: true, found: ['deposit'] },
      { ok: false, known: false, found: [] },
    ])
    expect(tried.body.rules[1].why.groups[0].conditions[1]).toMatchObject({ ok: true, found: ['high'] })
    const later = await lead.call('POST /rules/test', { rules, messageId })
    expect(later.body.rules.map((rule: { outcome: string }) => rule.outcome)).toEqual([
      'otherEvent',
      'no',
      'otherEvent',
      'fires',
      'otherEvent',
    ])
    const changed = await lead.call('POST /rules/test', { rules, conversationId: conversation.id, event: 'change' })
    expect(changed.body.rules.at(-1).outcome).toBe('fires')
    expect(
      (await base.db.pool.query('select version from conversation where id = $1', [conversation.id])).rows,
    ).toEqual([{ version }])
  })

  it('is refused for what may not be seen, as if it were not there', async () => {
    const hidden = await createConversation(base.db.pool, {
      inboxId,
      restricted: true,
      teamId: await createTeam(base.db.pool),
    })
    const messageId = await createMessage(base.db.pool, hidden, { text: 'secret' })
    const { number } = (await base.db.pool.query('select number from conversation where id = $1', [hidden.id])).rows[0]
    const foreign = await createConversation(base.db.pool)
    const wishes = [
      { conversationId: hidden.id },
      { number: Number(number) },
      { messageId },
      { conversationId: foreign.id },
    ]
    for (const wish of wishes) {
      const answer = await lead.call('POST /rules/test', { rules: [simple], ...wish })
      expect([answer.status, answer.body.error.code]).toEqual([404, 'notFound'])
    }
    expect((await lead.call(`GET /conversations/${hidden.id}/rules`)).status).toBe(404)
    expect((await agent.call(`GET /conversations/${foreign.id}/rules`)).status).toBe(404)
    expect((await agent.call('POST /rules/test', { number: Number(number) })).status).toBe(403)
    expect((await lead.call('POST /rules/test', {})).status).toBe(400)
  })

  it('says that history is left alone', async () => {
    const old = await createConversation(base.db.pool, { inboxId })
    await createMessage(base.db.pool, old, { text: 'long ago' })
    await base.db.pool.query('update message set history = true where conversation_id = $1', [old.id])
    expect((await lead.call('POST /rules/test', { rules: [simple], conversationId: old.id })).body).toMatchObject({
      history: true,
      rules: [],
    })
  })

  it('shows beside it what really fired, also of rules that are gone', async () => {
    const desk = await ruleDesk(base.db, { name: unique('Desk') })
    const ruleId = await desk.rule({
      name: 'Gold customers',
      conditions: {
        match: 'all',
        groups: [
          {
            match: 'any',
            conditions: [
              { field: 'attribute', name: 'plan' },
              { field: 'text', words: ['hi'] },
            ],
          },
        ],
      },
      actions: [{ type: 'priority', priority: 'high' }],
    })
    await base.db.pool.query(`alter table contact alter attributes set default '{"plan": "secret-gold"}'`)
    await desk.receive(said('hi', { chat: desk.chat }))
    await base.db.pool.query(`alter table contact alter attributes set default '{}'`)
    await desk.work()
    await base.db.pool.query('delete from rule')
    await base.db.pool.query('update rule_set set version = version + 1')
    const { id } = await desk.conversation()
    const { body } = await boss.call(`GET /conversations/${id}/rules`)
    expect(body).toMatchObject({
      rules: [],
      fired: [
        {
          ruleId,
          name: 'Gold customers',
          event: 'message',
          actions: [{ type: 'priority', state: 'done' }],
          why: { ok: true },
        },
      ],
    })
    expect(JSON.stringify(body)).not.toContain('secret-gold')
    const { body: told } = await boss.call(`GET /conversations/${id}/activities`)
    expect(told.items).toContainEqual(
      expect.objectContaining({ kind: 'priorityChanged', by: { type: 'system', id: null, name: 'Gold customers' } }),
    )
  })
})
