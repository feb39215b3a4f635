import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertFile } from '../../src/store/file.ts'
import { createOneTimeLink } from '../../src/store/one-time-link.ts'
import { type ApiRoute, apiRoutes, nameOf } from '../support/api-routes.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createConversation, createMessage, createTeam } from '../support/factories.ts'
import { type Caller, type HttpServer, httpServer, readableInbox, signedIn, withToken } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let routes: ApiRoute[]
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  routes = await apiRoutes(server)
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const unknownId = '987654321'
const clientId = () => randomUUID()
/** A good request for each route that names something, so that only what it names can be the reason of a refusal. */
const bodies: Record<string, () => unknown> = {
  'PATCH /conversations/{id}': () => ({ priority: 'high' }),
  'PUT /conversations/{id}/read': () => ({ seq: 1 }),
  'POST /conversations/{id}/messages': () => ({ kind: 'note', text: 'x', clientId: clientId() }),
  'POST /conversations/{id}/merge': () => ({ into: unknownId }),
  'POST /conversations/{id}/split': () => ({ fromMessageId: unknownId }),
  'POST /conversations/{id}/escalate': () => ({ tier: 2, note: 'x' }),
  'PUT /contacts/{id}/owners': () => ({ agentIds: [] }),
  'POST /conversations/{id}/preview': () => ({ kind: 'reply', text: 'x' }),
  'PUT /conversations/{id}/draft': () => ({ kind: 'reply', text: 'x', rev: 0 }),
  'PATCH /contacts/{id}': () => ({ name: 'x' }),
  'PATCH /messages/{id}': () => ({ text: 'x' }),
  'PUT /messages/{id}/verdict': () => ({ wrong: true }),
  'PUT /messages/{id}/pictures': () => ({ always: true }),
  'POST /messages/{id}/reactions': () => ({ reactions: ['👍'] }),
  'POST /deliveries/{id}/resolve': () => ({ as: 'sent' }),
  'POST /contacts/{id}/merge': () => ({ contactId: '987654320' }),
  'POST /contacts/{id}/unmerge': () => ({ mergeId: unknownId }),
  'POST /contacts/{id}/suggestions/dismiss': () => ({ contactId: unknownId }),
  'PATCH /agents/{id}': () => ({ name: 'x' }),
  'PATCH /teams/{id}': () => ({ name: 'x' }),
  'PATCH /tags/{id}': () => ({ name: 'x' }),
  'PATCH /inboxes/{id}': () => ({ name: 'x' }),
  'PUT /inboxes/{id}/members': () => ({ agentIds: [] }),
  'PATCH /webhooks/{id}': () => ({ enabled: false }),
  'PATCH /rules/{id}': () => ({ enabled: false }),
  'PATCH /macros/{id}': () => ({ name: 'x' }),
}
/** Not bound to an inbox: everybody who works here sees them, or the role decides (tested apart). */
const shared =
  /^(PATCH|DELETE) \/(agents|tags|teams|topics|rules|business-hours|sla-policies)|GET \/agents|(GET|PUT) \/topics| \/(articles|article-categories)\/|\/webhooks\/|POST \/(jobs|agents)\/|(PATCH|DELETE|PUT) \/inboxes|POST \/inboxes\/\{id\}\/retry/

async function hiddenThings() {
  const { pool } = base.db
  const inboxId = await readableInbox(base.db)
  const owner = await signedIn(server, { inboxes: [inboxId] })
  const conversation = await createConversation(pool, { inboxId })
  const messageId = await createMessage(pool, conversation, { text: 'hidden words' })
  const said = await owner.call(`POST /conversations/${conversation.id}/messages`, {
    kind: 'reply',
    text: 'x',
    clientId: clientId(),
  })
  const deliveryId = said.body.message.deliveries[0].id
  await pool.query(`update delivery set state = 'uncertain' where id = $1`, [deliveryId])
  const file = await insertFile(pool, {
    sha256: 'ab'.repeat(32),
    size: 1,
    type: 'text/plain',
    name: 'x',
    owner: `agent:${owner.id}`,
  })
  await pool.query(
    `insert into attachment (message_id, ordinal, name, type, state, file_id) values ($1, 0, 'x', 'text/plain', 'stored', $2)`,
    [messageId, file.id],
  )
  const event = await pool.query(
    `insert into inbound_event (inbox_id, event_id, kind, state, thread_key, occurred_at, raw, event, reason)
     values ($1, 'e1', 'message', 'quarantined', 't', now(), '{"secret": 1}', '{}', 'bad') returning id`,
    [inboxId],
  )
  const contact = await pool.query('select contact_id as id from identity where id = $1', [conversation.identityId])
  const token = await withToken(server, owner.id)
  const sessions = await owner.call('GET /me/sessions')
  const suggestion = await pool.query(
    `insert into bot_suggestion (kind, locale, reply_id) values ('draft', 'en', $1) returning id`,
    [said.body.message.id],
  )
  const macro = await owner.call('POST /macros', { name: 'own', text: 'x', visibleTo: 'me' })
  return {
    owner,
    inboxId,
    conversation,
    ids: {
      conversations: conversation.id,
      messages: messageId,
      deliveries: deliveryId,
      files: file.id,
      contacts: contact.rows[0].id,
      inboxes: inboxId,
      quarantine: event.rows[0].id,
      tokens: token.id,
      me: sessions.body.items[0].id,
      macros: macro.body.id,
      bot: suggestion.rows[0].id,
    } as Record<string, string>,
  }
}

async function expectHidden(call: Caller, who: string, ids: Record<string, string>) {
  let tried = 0
  for (const route of routes.filter(({ path }) => path.includes('{'))) {
    const name = nameOf(route)
    if (shared.test(name) || name.includes('{token}')) continue
    const hidden = ids[route.path.split('/')[1] ?? '']
    if (hidden === undefined) throw new Error(`nothing hidden to try on ${name}: add it to this test`)
    const ask = (id: string) => call(`${route.method} ${route.path.replace('{id}', id)}`, bodies[name]?.())
    const [seen, unknown] = [await ask(hidden), await ask(unknownId)]
    expect([who, name, seen.status, seen.body]).toEqual([who, name, unknown.status, unknown.body])
    expect([who, name, [403, 404].includes(seen.status)]).toEqual([who, name, true])
    tried += 1
  }
  expect(tried).toBeGreaterThan(15)
}

describe('what an agent may not see looks like what is not there (A13)', () => {
  it('on every route, for agents, supervisors and their tokens', async () => {
    const { ids } = await hiddenThings()
    const elsewhere = await readableInbox(base.db)
    const agent = await signedIn(server, { inboxes: [elsewhere] })
    const lead = await signedIn(server, { role: 'supervisor', inboxes: [elsewhere] })
    await expectHidden(agent.call, 'agent', ids)
    await expectHidden(lead.call, 'supervisor', ids)
    await expectHidden((await withToken(server, lead.id)).call, 'token', ids)
  })

  it('holds for restricted conversations of an inbox they do see', async () => {
    const { ids, inboxId, conversation } = await hiddenThings()
    const teamId = await createTeam(base.db.pool)
    await base.db.pool.query('update conversation set restricted = true, team_id = $2 where id = $1', [
      conversation.id,
      teamId,
    ])
    const colleague = await signedIn(server, { inboxes: [inboxId] })
    const boss = await signedIn(server, { role: 'admin' })
    for (const who of [colleague, boss]) {
      for (const path of [
        `/conversations/${ids['conversations']}`,
        `/conversations/${ids['conversations']}/messages`,
        `/conversations/${ids['conversations']}/activities`,
        `/messages/${ids['messages']}/versions`,
        `/files/${ids['files']}`,
        `/contacts/${ids['contacts']}`,
      ]) {
        expect([path, (await who.call(`GET ${path}`)).status]).toEqual([path, 404])
      }
      expect((await who.call(`GET /conversations?inbox=${inboxId}`)).body.items).toEqual([])
      expect((await who.call(`GET /conversations?tag=x&sort=waitingSince`)).body.items).toEqual([])
    }
    const member = await signedIn(server, { inboxes: [inboxId], teams: [teamId] })
    expect((await member.call(`GET /conversations/${conversation.id}`)).status).toBe(200)
    expect((await member.call(`GET /conversations?inbox=${inboxId}`)).body.items).toHaveLength(1)
  })

  it('cannot be reached through a field that names something foreign', async () => {
    const { ids, conversation } = await hiddenThings()
    const elsewhere = await readableInbox(base.db)
    const agent = await signedIn(server, { inboxes: [elsewhere] })
    const own = await createConversation(base.db.pool, { inboxId: elsewhere })
    const at = `/conversations/${own.id}`
    const say = (body: object) =>
      agent.call(`POST ${at}/messages`, { kind: 'reply', text: 'x', clientId: clientId(), ...body })
    expect((await say({ replyTo: ids['messages'] })).status).toBe(422)
    expect((await say({ attachments: [ids['files']] })).status).toBe(422)
    expect(
      (await agent.call(`PUT ${at}/draft`, { kind: 'reply', text: 'x', rev: 0, attachments: [ids['files']] })).status,
    ).toBe(400)
    expect(
      (await agent.call(`POST ${at}/preview`, { kind: 'reply', text: 'x', attachments: [ids['files']] })).status,
    ).toBe(400)
    expect((await agent.call(`PATCH /agents/${agent.id}`, { publicAvatar: ids['files'] })).status).toBe(400)
    for (const query of [
      `inbox=${ids['inboxes']}`,
      `contact=${ids['contacts']}`,
      `assignee=none&inbox=${ids['inboxes']}`,
    ]) {
      expect([query, (await agent.call(`GET /conversations?${query}`)).body.items]).toEqual([query, []])
    }
    expect((await agent.call(`GET /conversations/${conversation.id}`)).text).not.toContain('hidden')
  })

  it('shows settings to administrators only, and secrets to nobody', async () => {
    const made = await signedIn(server, { role: 'admin' })
    const settings = { apiUrl: 'http://127.0.0.1:9', token: 'a-secret-token', webhookSecret: 'another-secret' }
    const { body } = await made.call('POST /inboxes', { channel: 'loop', name: 'Loop', settings })
    expect(body.settings).toMatchObject({ apiUrl: 'http://127.0.0.1:9', token: '•••', webhookSecret: '•••' })
    const member = await signedIn(server, { role: 'supervisor', inboxes: [body.id] })
    for (const who of [made, member, await withToken(server, null), await withToken(server, member.id)]) {
      for (const path of ['/inboxes', `/inboxes/${body.id}`, `/inboxes/${body.id}/health`, '/channels']) {
        const answer = await who.call(`GET ${path}`)
        expect([path, answer.status, /a-secret-token|another-secret/.test(answer.text)]).toEqual([path, 200, false])
      }
    }
    expect((await member.call(`GET /inboxes/${body.id}`)).body.settings).toBeNull()
    const kept = await made.call(`PATCH /inboxes/${body.id}`, {
      settings: { ...settings, token: '•••', webhookSecret: '•••' },
    })
    expect(kept.status).toBe(200)
    const wrong = await made.call('POST /inboxes', {
      channel: 'loop',
      name: 'x',
      settings: { ...settings, token: '•••' },
    })
    expect([wrong.status, wrong.body.error.details[0].field]).toEqual([400, 'token'])
    expect(wrong.text).not.toContain('another-secret')
  })
})

describe('one-time links (A6)', () => {
  it('work neither empty, blank, in another case, cut, expired, nor a second time', async () => {
    const { pool } = base.db
    const { token } = await createOneTimeLink(pool, { purpose: 'invitation', email: 'a6@example.org', role: 'agent' })
    const swapped = token.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
    const use = (text: string) => server.call(`POST /one-time/${text}`, { password: 'a long password', name: 'A' })
    for (const wrong of ['', '%20', swapped, token.slice(0, -1), `${token}A`, 'null', 'undefined', '0'.repeat(43)]) {
      expect([wrong, (await use(wrong)).status]).toEqual([wrong, 404])
    }
    const tries = await Promise.all([1, 2, 3, 4, 5].map(() => use(token)))
    expect(tries.map((answer) => answer.status).sort()).toEqual([201, 404, 404, 404, 404])
    expect((await use(token)).status).toBe(404)
    const late = await createOneTimeLink(pool, {
      purpose: 'invitation',
      email: 'late@example.org',
      role: 'admin',
      lifetimeMs: -1,
    })
    expect((await use(late.token)).status).toBe(404)
    const { rows } = await pool.query('select token_hash from one_time_link')
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})
