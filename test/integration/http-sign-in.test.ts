import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOneTimeLink } from '../../src/store/one-time-link.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createAgent, createTeam } from '../support/factories.ts'
import {
  apiToken,
  callerOf,
  type HttpServer,
  httpServer,
  password,
  signedIn,
  signIn,
  withToken,
} from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

describe('sessions', () => {
  it('sign in, say who is there, and sign out', async () => {
    const person = await signedIn(server, { role: 'supervisor', name: 'Mei' })
    const me = await person.call('GET /me')
    expect(me.body).toMatchObject({ kind: 'session', agent: { id: person.id, name: 'Mei', role: 'supervisor' } })
    expect(me.body.csrfToken).toBe(person.csrf)
    expect((await person.call('DELETE /session')).status).toBe(204)
    expect((await person.call('GET /me')).status).toBe(401)
  })

  it('give a cookie that scripts cannot read and other sites cannot send', async () => {
    const person = await signedIn(server)
    const answer = await server.call('POST /session', { email: person.email.toUpperCase(), password })
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^tributary=[\w-]{43};/)
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).toMatch(/Path=\//)
  })

  it('bind the cookie to the host when the address is https', async () => {
    const secure = await httpServer(base.db, { publicUrl: 'https://inbox.example' })
    const person = await signedIn(server)
    const answer = await secure.call('POST /session', { email: person.email, password })
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-tributary=[\w-]{43};.*Secure/)
    await secure.close()
  })

  it('need the token of the page for every change', async () => {
    const person = await signedIn(server)
    const bare = callerOf(server.url, { cookie: person.cookie })
    expect((await bare('POST /tags', { name: 'a' })).body.error.code).toBe('csrf')
    expect((await bare('POST /tags', { name: 'a' }, { 'x-csrf-token': 'wrong' })).status).toBe(403)
    expect((await person.call('POST /tags', { name: 'csrf-right' })).status).toBe(201)
  })

  it('refuse a change that another website asked for', async () => {
    const person = await signedIn(server)
    const foreign = await person.call('POST /tags', { name: 'b' }, { origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    expect((await person.call('POST /tags', { name: 'b2' }, { origin: 'http://inbox.example' })).status).toBe(201)
    expect((await person.call('POST /tags', { name: 'b3' }, { origin: server.url })).status).toBe(201)
    expect((await server.call('POST /session', { email: 'a@b.c', password }, { origin: 'null' })).status).toBe(403)
  })

  it('are listed and ended one by one', async () => {
    const person = await signedIn(server)
    const other = await signIn(server, person.email, password)
    const list = await person.call('GET /me/sessions')
    expect(list.body.items).toHaveLength(2)
    const there = list.body.items.find((item: { current: boolean }) => !item.current)
    expect((await person.call(`DELETE /me/sessions/${there.id}`)).status).toBe(204)
    expect((await other.call('GET /me')).status).toBe(401)
    expect((await person.call('GET /me')).status).toBe(200)
  })
})

describe('one-time links', () => {
  it('make the first administrator, once', async () => {
    const { token } = await createOneTimeLink(base.db.pool, { purpose: 'firstAdmin' })
    await base.db.pool.query(`update agent set role = 'agent' where role = 'admin'`)
    expect((await server.call(`GET /one-time/${token}`)).body).toMatchObject({ purpose: 'firstAdmin', email: null })
    const used = await server.call(`POST /one-time/${token}`, { password, email: 'boss@example.org', name: 'Boss' })
    expect(used.status).toBe(201)
    expect(used.body.agent).toMatchObject({ email: 'boss@example.org', role: 'admin' })
    expect(used.headers.get('set-cookie')).toMatch(/^tributary=/)
    expect((await server.call(`GET /one-time/${token}`)).status).toBe(404)
    const { token: late } = await createOneTimeLink(base.db.pool, { purpose: 'firstAdmin' })
    expect((await server.call(`GET /one-time/${late}`)).status).toBe(404)
  })

  it('invite somebody into a role and teams', async () => {
    const boss = await signedIn(server, { role: 'admin' })
    const teamId = await createTeam(base.db.pool)
    const made = await boss.call('POST /invitations', { email: 'new@example.org', role: 'agent', teamIds: [teamId] })
    expect(made.status).toBe(201)
    const token = made.body.url.split('/one-time/')[1]
    expect(made.body.url).toMatch(/^http:\/\/inbox\.example\/one-time\/[\w-]{43}$/)
    const used = await server.call(`POST /one-time/${token}`, { password, name: 'New' })
    expect(used.body.agent).toMatchObject({ email: 'new@example.org', role: 'agent', teamIds: [teamId] })
    expect((await boss.call('POST /invitations', { email: 'new@example.org', role: 'agent' })).status).toBe(409)
  })

  it('reset a password and end every session', async () => {
    const boss = await signedIn(server, { role: 'admin' })
    const person = await signedIn(server)
    const made = await boss.call(`POST /agents/${person.id}/reset-link`)
    const token = made.body.url.split('/one-time/')[1]
    expect((await server.call(`POST /one-time/${token}`, { password: 'another good one' })).status).toBe(201)
    expect((await person.call('GET /me')).status).toBe(401)
    expect((await server.call('POST /session', { email: person.email, password })).status).toBe(401)
    await signIn(server, person.email, 'another good one')
  })
})

describe('tokens', () => {
  it('carry scopes, and a token makes none that may do more', async () => {
    const person = await signedIn(server)
    const made = await person.call('POST /tokens', { name: 'report', scopes: ['read'] })
    expect(made.status).toBe(201)
    const reader = callerOf(server.url, { authorization: `Bearer ${made.body.secret}` })
    expect((await reader('GET /me')).body).toMatchObject({
      kind: 'token',
      scopes: ['read'],
      csrfToken: null,
      agent: { id: person.id },
    })
    expect((await reader('POST /tags', { name: 'x' })).status).toBe(403)
    expect((await person.call('POST /tokens', { name: 'more', scopes: ['admin'] })).status).toBe(403)
    const writer = await withToken(server, person.id, ['write'])
    expect((await writer.call('POST /tokens', { name: 'more', scopes: ['read'] })).status).toBe(403)
    expect(JSON.stringify((await person.call('GET /tokens')).body)).not.toContain(made.body.secret)
    expect((await person.call(`DELETE /tokens/${made.body.id}`)).status).toBe(204)
    expect((await reader('GET /me')).status).toBe(401)
  })

  it('of the environment is an administrator without a person', async () => {
    const root = callerOf(server.url, { authorization: `Bearer ${apiToken}` })
    expect((await root('GET /me')).body).toMatchObject({
      kind: 'token',
      agent: null,
      scopes: ['read', 'write', 'admin'],
    })
    const email = `made-${crypto.randomUUID()}@example.org`
    const made = await root('POST /agents', { email, name: 'Made', role: 'agent', password })
    expect(made.status).toBe(201)
    await signIn(server, email, password)
    expect((await root('PUT /me/availability', { state: 'online' })).status).toBe(403)
  })

  it('die with their agent', async () => {
    const id = await createAgent(base.db.pool, { role: 'admin' })
    const token = await withToken(server, id)
    expect((await token.call('GET /me')).status).toBe(200)
    await base.db.pool.query('update agent set active = false where id = $1', [id])
    expect((await token.call('GET /me')).status).toBe(401)
  })
})

describe('people', () => {
  it('change themselves but neither their role nor each other', async () => {
    const one = await signedIn(server)
    const two = await signedIn(server)
    expect((await one.call(`PATCH /agents/${one.id}`, { publicName: 'Ann' })).body.publicName).toBe('Ann')
    expect((await one.call(`PATCH /agents/${one.id}`, { role: 'admin' })).status).toBe(403)
    expect((await one.call(`PATCH /agents/${one.id}`, { active: true })).status).toBe(403)
    expect((await one.call(`PATCH /agents/${two.id}`, { name: 'x' })).status).toBe(403)
    const seen = (await one.call('GET /agents')).body.items.find((agent: { id: string }) => agent.id === two.id)
    expect(seen.email).toBeNull()
  })

  it('never lose the last administrator', async () => {
    await base.db.pool.query(`update agent set role = 'agent' where role = 'admin'`)
    const boss = await signedIn(server, { role: 'admin' })
    expect((await boss.call(`PATCH /agents/${boss.id}`, { role: 'agent' })).body.error.code).toBe('lastAdmin')
    expect((await boss.call(`PATCH /agents/${boss.id}`, { active: false })).status).toBe(409)
  })

  it('belong to teams that only an administrator changes', async () => {
    const boss = await signedIn(server, { role: 'admin' })
    const person = await signedIn(server)
    const made = await boss.call('POST /teams', {
      name: 'Payments',
      customerSees: 'a specialist',
      memberIds: [person.id],
    })
    expect(made.body).toMatchObject({ name: 'Payments', customerSees: 'a specialist', memberIds: [person.id] })
    expect((await person.call(`PATCH /teams/${made.body.id}`, { memberIds: [] })).status).toBe(403)
    expect((await boss.call(`PATCH /teams/${made.body.id}`, { memberIds: [] })).body.memberIds).toEqual([])
    expect((await boss.call('POST /teams', { name: 'Payments' })).status).toBe(409)
  })
})
