import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createConversation, createIdentity, createMessage, createTeam, createThread } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person
let agent: Person
let other: Person
let inboxId: string
let teamId: string
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  inboxId = await readableInbox(base.db)
  teamId = await createTeam(base.db.pool)
  boss = await signedIn(server, { role: 'admin' })
  agent = await signedIn(server, { name: 'Ann', inboxes: [inboxId], teams: [teamId] })
  other = await signedIn(server, { inboxes: [inboxId] })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const names = async (who: Person) => (await who.call('GET /macros')).body.items.map((one: { name: string }) => one.name)
const make = (who: Person, name: string, more: object = {}) =>
  who.call('POST /macros', { name, text: 'Hello', visibleTo: 'me', ...more })

describe('macros', () => {
  it('are one’s own, a team’s or everybody’s; what is shared is the leads’', async () => {
    const own = await make(agent, 'own')
    expect(own).toMatchObject({ status: 201, body: { visibleTo: 'me', yours: true, used: 0, teamId: null } })
    const shared = await make(boss, 'shared', { visibleTo: 'all' })
    const team = await make(boss, 'team', { visibleTo: 'team', teamId })
    expect([shared.status, team.status]).toEqual([201, 201])
    expect([await names(agent), await names(other), await names(boss)]).toEqual([
      ['own', 'shared', 'team'],
      ['shared'],
      ['shared', 'team'],
    ])
    expect((await make(agent, 'x', { visibleTo: 'all' })).status).toBe(403)
    expect((await agent.call(`PATCH /macros/${own.body.id}`, { visibleTo: 'all' })).status).toBe(403)
    expect((await agent.call(`PATCH /macros/${shared.body.id}`, { name: 'x' })).status).toBe(403)
    expect((await other.call(`DELETE /macros/${own.body.id}`)).status).toBe(404)
    expect((await boss.call(`PATCH /macros/${own.body.id}`, { name: 'x' })).status).toBe(404)
    expect((await agent.call(`PATCH /macros/${own.body.id}`, { name: 'mine' })).body).toMatchObject({
      name: 'mine',
      text: 'Hello',
    })
    for (const { body } of [shared, team]) expect((await boss.call(`DELETE /macros/${body.id}`)).status).toBe(204)
    expect((await agent.call(`DELETE /macros/${own.body.id}`)).status).toBe(204)
  })

  it.each([
    ['text', { text: 'Hello {{contact.phone}}' }],
    ['text', { text: ' ' }],
    ['teamId', { visibleTo: 'team' }],
    ['actions.0.type', { actions: [{ type: 'macro', macroId: '1' }] }],
    ['actions.0.type', { actions: [{ type: 'webhook', label: 'x' }] }],
  ])('say which field is wrong: %s', async (field, more) => {
    const { status, body } = await make(boss, 'wrong', more)
    expect([status, body.error.details[0].field]).toEqual([400, field])
  })

  it('do what they do as the one who used them, and hand over their words filled in', async () => {
    const identityId = await createIdentity(base.db.pool, { name: 'Li *Wei*' })
    const conversation = await createConversation(base.db.pool, { inboxId, identityId })
    await createMessage(base.db.pool, conversation)
    const { body: made } = await make(boss, 'full', {
      visibleTo: 'all',
      text: 'Hello {{ contact.name | there }}, {{agent.name}} here, case {{conversation.number}}.',
      actions: [
        { type: 'addTags', tags: ['card'] },
        { type: 'priority', priority: 'high' },
        { type: 'note', text: 'Check the card.' },
      ],
    })
    const used = await agent.call(`POST /conversations/${conversation.id}/macros/${made.id}`)
    const { number, ...row } = (
      await base.db.pool.query('select number, tags, priority, message_count from conversation where id = $1', [
        conversation.id,
      ])
    ).rows[0]
    expect(used).toMatchObject({ status: 200, body: { text: `Hello Li \\*Wei\\*, Ann here, case #${number}.` } })
    expect(row).toEqual({ tags: ['card'], priority: 3, message_count: '2' })
    const { body: told } = await agent.call(`GET /conversations/${conversation.id}/activities`)
    expect(told.items.map((one: { kind: string }) => one.kind)).toEqual(['priorityChanged', 'tagsChanged'])
    expect(told.items[0]).toMatchObject({ by: { type: 'agent', id: agent.id }, data: { macro: 'full' } })
    const note = await base.db.pool.query(
      `select sender_agent_id, author_key from message where conversation_id = $1 and direction = 'note'`,
      [conversation.id],
    )
    expect(note.rows).toEqual([{ sender_agent_id: agent.id, author_key: `agent:${agent.id}` }])
    expect((await boss.call('GET /macros')).body.items[0]).toMatchObject({ used: 1, lastUsedAt: expect.any(String) })
    expect(
      (await other.call(`POST /conversations/${(await createConversation(base.db.pool)).id}/macros/${made.id}`)).status,
    ).toBe(404)
  })

  it('name nobody where others read', async () => {
    const threadId = await createThread(base.db.pool, { inboxId, audience: 'shared' })
    const conversation = await createConversation(base.db.pool, {
      threadId,
      identityId: await createIdentity(base.db.pool, { name: 'Li Wei' }),
    })
    const { body: made } = await make(agent, 'greet', { text: 'Hello {{contact.name|there}}' })
    const { body } = await agent.call(`POST /conversations/${conversation.id}/macros/${made.id}`)
    expect(body.text).toBe('Hello there')
  })
})
