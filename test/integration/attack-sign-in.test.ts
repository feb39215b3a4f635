import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createAgent } from '../support/factories.ts'
import { callerOf, type HttpServer, httpServer, password, signedIn, signIn, withToken } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
/** Believes X-Forwarded-For, so that a test can come from many addresses. */
let proxied: HttpServer
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  proxied = await httpServer(base.db, { trustProxy: ['127.0.0.1'] })
})
afterAll(async () => {
  await server?.close()
  await proxied?.close()
  await base?.close()
})

const from = (n: number) => ({ 'x-forwarded-for': `198.51.${Math.floor(n / 250)}.${(n % 250) + 1}` })
const count = (answers: { status: number }[], status: number) =>
  answers.filter((answer) => answer.status === status).length

describe('guessing (A7)', () => {
  it('200 wrong passwords at once: no more than ten are looked at, and the right one after them is not', async () => {
    const email = `guess-${crypto.randomUUID()}@example.org`
    const person = await signedIn(server, { email })
    const tries = await Promise.all(
      Array.from({ length: 200 }, (_, n) => proxied.call('POST /session', { email, password: `wrong ${n}` }, from(1))),
    )
    expect(count(tries, 401)).toBe(10)
    expect(count(tries, 429)).toBe(190)
    expect(Number(tries.find((answer) => answer.status === 429)?.headers.get('retry-after'))).toBeGreaterThan(60)
    expect((await proxied.call('POST /session', { email, password }, from(1))).status).toBe(429)
    expect((await person.call('GET /me')).status).toBe(200)
    expect((await proxied.call('POST /session', { email, password }, from(2))).status).toBe(201)
  })

  it('one account from many addresses is held too, and so is one address against many accounts', async () => {
    const email = `many-${crypto.randomUUID()}@example.org`
    await createAgent(base.db.pool, { email })
    const spread = await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        proxied.call('POST /session', { email, password: 'wrong' }, from(1000 + n)),
      ),
    )
    expect(count(spread, 401)).toBe(50)
    const names = await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        proxied.call('POST /session', { email: `u${n}@example.org`, password: 'x' }, from(2000)),
      ),
    )
    expect(count(names, 401)).toBe(60)
  })

  it('ends after success, and counts all of one IPv6 network together', async () => {
    const email = `six-${crypto.randomUUID()}@example.org`
    await signedIn(server, { email })
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 5; n++) {
        const headers = { 'x-forwarded-for': `2001:db8:1:2::${round}${n}` }
        expect((await proxied.call('POST /session', { email, password: 'wrong' }, headers)).status).toBe(401)
      }
      const headers = { 'x-forwarded-for': '2001:0db8:1:2:ffff::1' }
      expect((await proxied.call('POST /session', { email, password }, headers)).status).toBe(201)
    }
    const wrong = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        proxied.call('POST /session', { email, password: 'w' }, { 'x-forwarded-for': `2001:db8:1:2:${n}::1` }),
      ),
    )
    expect(count(wrong, 401)).toBe(10)
  })

  it('of the current password inside a session is held as well', async () => {
    const person = await signedIn(server)
    const tries = await Promise.all(
      Array.from({ length: 40 }, () =>
        person.call(`PATCH /agents/${person.id}`, { password: { current: 'wrong', next: 'a long password' } }),
      ),
    )
    expect(count(tries, 400)).toBe(10)
    expect(count(tries, 429)).toBe(30)
  })
})

describe('who has an account (A8)', () => {
  it('is told neither by the answer nor by the time it takes', async () => {
    const known = `known-${crypto.randomUUID()}@example.org`
    await signedIn(server, { email: known })
    const inactive = `gone-${crypto.randomUUID()}@example.org`
    await signedIn(server, { email: inactive })
    await base.db.pool.query('update agent set active = false where email = $1', [inactive])
    const invited = `invited-${crypto.randomUUID()}@example.org`
    await createAgent(base.db.pool, { email: invited })
    const addresses = [known, inactive, invited, 'nobody@example.org']
    const times = new Map<string, number[]>(addresses.map((email) => [email, []]))
    const answers = new Set<string>()
    for (let n = 0; n < 9; n++) {
      for (const email of addresses) {
        const started = performance.now()
        const answer = await proxied.call('POST /session', { email, password: 'wrong' }, from(3000 + n))
        times.get(email)?.push(performance.now() - started)
        answers.add(`${answer.status} ${answer.text}`)
      }
    }
    expect([...answers]).toHaveLength(1)
    const medians = addresses.map((email) => [...(times.get(email) ?? [])].sort((a, b) => a - b)[4] ?? 0)
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(2)
    expect((await proxied.call('POST /session', { email: inactive, password }, from(3100))).status).toBe(401)
  })
})

describe('a session', () => {
  it('planted before sign-in is not the one that is signed in (A5)', async () => {
    const person = await signedIn(server)
    const planted = 'A'.repeat(43)
    const answer = await server.call(
      'POST /session',
      { email: person.email, password },
      { cookie: `tributary=${planted}` },
    )
    expect(answer.headers.get('set-cookie')).not.toContain(planted)
    expect((await callerOf(server.url, { cookie: `tributary=${planted}` })('GET /me')).status).toBe(401)
    const again = await server.call('POST /session', { email: person.email, password }, { cookie: person.cookie })
    expect(again.headers.get('set-cookie')).not.toContain(person.cookie)
    expect((await person.call('GET /me')).status).toBe(401)
  })

  it('ends everywhere on a new password, another role, and deactivation (A4)', async () => {
    const boss = await signedIn(server, { role: 'admin' })
    const changes: [string, (id: string, own: { call: typeof boss.call }) => Promise<{ status: number }>][] = [
      [
        'password',
        (id, own) => own.call(`PATCH /agents/${id}`, { password: { current: password, next: 'an even longer one' } }),
      ],
      ['role', (id) => boss.call(`PATCH /agents/${id}`, { role: 'supervisor' })],
      ['active', (id) => boss.call(`PATCH /agents/${id}`, { active: false })],
    ]
    for (const [what, change] of changes) {
      const person = await signedIn(server)
      const other = await signIn(server, person.email, password)
      const token = await withToken(server, person.id)
      expect([what, (await change(person.id, person)).status]).toEqual([what, 200])
      expect([what, (await other.call('GET /me')).status]).toEqual([what, 401])
      expect([what, (await person.call('GET /me')).status]).toEqual([what, what === 'password' ? 200 : 401])
      expect([what, (await token.call('GET /me')).status]).toEqual([what, what === 'active' ? 401 : 200])
    }
  })

  it('ends by itself when it is old or idle, and is worth nothing once its agent is deactivated', async () => {
    const gone = await signedIn(server)
    await base.db.pool.query('update agent set active = false where id = $1', [gone.id])
    expect((await gone.call('GET /me')).status).toBe(401)
    for (const change of [`expires_at = now()`, `last_seen_at = now() - interval '15 days'`]) {
      const person = await signedIn(server)
      await base.db.pool.query(`update session set ${change} where agent_id = $1`, [person.id])
      expect([change, (await person.call('GET /me')).status]).toEqual([change, 401])
    }
  })

  it('is stored without what signs in', async () => {
    const person = await signedIn(server)
    const token = await withToken(server, person.id)
    const { rows } = await base.db.pool.query(
      `select s.token_hash, a.password_hash, t.token_hash as t from session s join agent a on a.id = s.agent_id
       join api_token t on t.created_by = a.id where a.id = $1`,
      [person.id],
    )
    const kept = JSON.stringify(rows)
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(kept).not.toContain(person.cookie.split('=')[1])
    expect(kept).not.toContain(token.secret)
  })
})

describe('headers only a proxy may set (A11)', () => {
  it('are believed from a trusted proxy alone', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'for=203.0.113.9',
      'cf-connecting-ip': '203.0.113.9',
      'remote-user': 'admin',
      'x-remote-user': 'admin',
    }
    const person = await signedIn(server)
    const address = async (where: HttpServer) => {
      await where.call('POST /session', { email: person.email, password }, headers)
      return (await person.call('GET /me/sessions')).body.items[0].address
    }
    expect(await address(server)).toBe('127.0.0.1')
    expect(await address(proxied)).toBe('203.0.113.9')
    expect((await server.call('GET /me', undefined, headers)).status).toBe(401)
    const boss = await signedIn(server, { role: 'admin' })
    const made = await boss.call('POST /invitations', { email: 'x@example.org', role: 'agent' }, headers)
    expect(made.body.url).toMatch(/^http:\/\/inbox\.example\//)
  })
})
