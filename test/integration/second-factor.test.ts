import { generateSync } from 'otplib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type HttpServer, httpServer, type Person, password, signedIn, withToken } from '../support/http-server.ts'
import { connect } from '../support/live-server.ts'

const clock = testClock(new Date())
let base: TestDatabase
let server: HttpServer
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db, { clock, trustProxy: ['127.0.0.1'] })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const codeAt = (secret: string, offsetS = 0) =>
  generateSync({ secret, epoch: Math.floor(clock().getTime() / 1000) + offsetS })
const nextStep = () => clock.advance(30_000)
const from = (n: number) => ({ 'x-forwarded-for': `198.51.100.${n + 1}` })
const signInAs = (person: Person, code?: string, headers = {}) =>
  server.call('POST /session', { email: person.email, password, ...(code !== undefined && { code }) }, headers)

interface Guarded extends Person {
  readonly secret: string
  readonly recoveryCodes: string[]
}

/** Somebody with a second factor whose code of this moment was not used yet. */
async function guarded(wish: Parameters<typeof signedIn>[1] = {}): Promise<Guarded> {
  const person = await signedIn(server, wish)
  const begun = await person.call('POST /me/totp', { password })
  const { secret } = begun.body
  const done = await person.call('PUT /me/totp', { code: codeAt(secret) })
  if (done.status !== 200) throw new Error(`confirming answered ${done.status} ${done.text}`)
  nextStep()
  return { ...person, secret, recoveryCodes: done.body.recoveryCodes }
}

describe('setting a second factor', () => {
  it('takes the password and a first code; until then signing in is as before', async () => {
    const person = await signedIn(server)
    expect((await person.call('POST /me/totp', { password: 'wrong' })).status).toBe(400)
    const begun = await person.call('POST /me/totp', { password })
    expect(begun.body.uri).toMatch(/^otpauth:\/\/totp\/Tributary:.*secret=[A-Z2-7]{32}/)
    expect((await person.call('PUT /me/totp', { code: '000000' })).status).toBe(400)
    expect((await signInAs(person)).status).toBe(201)
    expect((await person.call('GET /me/totp')).body).toEqual({ since: null, recoveryCodesLeft: 0 })
    const done = await person.call('PUT /me/totp', { code: codeAt(begun.body.secret) })
    expect(new Set(done.body.recoveryCodes).size).toBe(10)
    expect((await person.call('GET /me/totp')).body).toMatchObject({ recoveryCodesLeft: 10 })
    expect((await signInAs(person)).body.error.code).toBe('codeRequired')
    expect((await person.call('POST /me/totp', { password })).status).toBe(409)
    expect((await person.call('PUT /me/totp', { code: codeAt(begun.body.secret, 30) })).status).toBe(409)
  })

  it('keeps neither the secret nor a recovery code in the database', async () => {
    const person = await guarded()
    const { rows } = await base.db.pool.query(
      'select f.*, r.code_hash from second_factor f join recovery_code r using (agent_id) where agent_id = $1',
      [person.id],
    )
    const kept = JSON.stringify(rows)
    for (const code of person.recoveryCodes) expect(kept).not.toContain(code)
    expect(kept).not.toContain(person.secret)
  })

  it('and removing it end the other sessions and their sockets within a second, not this one', async () => {
    const person = await signedIn(server)
    const { secret } = (await person.call('POST /me/totp', { password })).body
    const acts = [
      () => person.call('PUT /me/totp', { code: codeAt(secret) }),
      () => person.call('DELETE /me/totp', { password }),
    ]
    for (const act of acts) {
      nextStep()
      const other = await signInAs(person, codeAt(secret))
      const cookie = (other.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      const socket = await connect(server, { cookie })
      expect((await act()).status).toBeLessThan(300)
      await eventually(() => socket.closed() === 4001, { timeoutMs: 1_000 })
      await expect(connect(server, { cookie })).rejects.toThrow('401')
      expect((await person.call('GET /me')).status).toBe(200)
    }
    expect((await signInAs(person)).status).toBe(201)
  })

  it('is for people signed in: no token sets, reads or removes one', async () => {
    const person = await guarded()
    const token = await withToken(server, person.id)
    expect((await token.call('GET /me/totp')).status).toBe(403)
    expect((await token.call('DELETE /me/totp', { password })).status).toBe(403)
  })
})

describe('signing in with a second factor', () => {
  it('takes a code once, and none that is older than the newest taken', async () => {
    const person = await guarded()
    const code = codeAt(person.secret)
    const tries = await Promise.all(Array.from({ length: 8 }, (_, n) => signInAs(person, code, from(n))))
    expect(tries.map((answer) => answer.status).sort()).toEqual([201, ...Array<number>(7).fill(401)])
    expect((await signInAs(person, codeAt(person.secret, -30))).body.error.code).toBe('wrongCode')
    expect((await signInAs(person, codeAt(person.secret, 30))).status).toBe(201)
    expect((await signInAs(person, codeAt(person.secret, 90))).body.error.code).toBe('wrongCode')
  })

  it('says nothing of the code to whoever fails the password', async () => {
    const person = await guarded()
    const plain = await signedIn(server)
    const answers = new Set<string>()
    for (const [email, code] of [
      [person.email, undefined],
      [person.email, codeAt(person.secret)],
      [person.email, '000000'],
      [plain.email, undefined],
      ['nobody@example.org', '123456'],
    ]) {
      const answer = await server.call('POST /session', { email, password: 'wrong', ...(code && { code }) })
      answers.add(`${answer.status} ${answer.text}`)
    }
    expect([...answers]).toHaveLength(1)
    expect([...answers][0]).toContain('wrongCredentials')
    expect((await signInAs(person, codeAt(person.secret))).status).toBe(201)
  })

  it('200 codes at once from many addresses: ten are looked at, and the right one after them is not', async () => {
    const person = await guarded()
    const wrong = codeAt(person.secret) === '000000' ? '111111' : '000000'
    const tries = await Promise.all(
      Array.from({ length: 200 }, (_, n) => signInAs(person, wrong, from(Math.floor(n / 5)))),
    )
    expect(tries.filter((answer) => answer.body.error.code === 'wrongCode')).toHaveLength(10)
    expect(tries.filter((answer) => answer.status === 429)).toHaveLength(190)
    expect((await signInAs(person, codeAt(person.secret), from(99))).status).toBe(429)
    expect((await signInAs(person, person.recoveryCodes[0], from(99))).status).toBe(429)
  }, 60_000)

  it('asking for the page of the code costs no try, guessing codes between does', async () => {
    const person = await guarded()
    for (let n = 0; n < 15; n++) expect((await signInAs(person)).body.error.code).toBe('codeRequired')
    for (let n = 0; n < 10; n++) {
      expect((await signInAs(person, 'nonsense')).body.error.code).toBe('wrongCode')
      if (n < 9) expect((await signInAs(person)).body.error.code).toBe('codeRequired')
    }
    expect((await signInAs(person, codeAt(person.secret))).status).toBe(429)
  })

  it('takes each recovery code once, however it is typed, also when the key is another', async () => {
    const person = await guarded()
    const [first = '', second = ''] = person.recoveryCodes
    const typed = first.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')
    const tries = await Promise.all(Array.from({ length: 5 }, (_, n) => signInAs(person, typed, from(n))))
    expect(tries.map((answer) => answer.status).sort()).toEqual([201, 401, 401, 401, 401])
    expect((await person.call('GET /me/totp')).body.recoveryCodesLeft).toBe(9)
    await base.db.pool.query(`update second_factor set secret = '{}' where agent_id = $1`, [person.id])
    expect((await signInAs(person, second)).status).toBe(201)
  })
})

describe('a lost second factor', () => {
  it('is not got around by a reset link; an administrator removes it, and never their own that way', async () => {
    const boss = await signedIn(server, { role: 'admin' })
    const person = await guarded()
    const { url } = (await boss.call(`POST /agents/${person.id}/reset-link`)).body
    const use = `POST /one-time/${String(url).split('/one-time/')[1]}`
    expect((await server.call(use, { password: 'a new long password' })).body.error.code).toBe('codeRequired')
    expect((await server.call(use, { password: 'a new long password', code: '1' })).status).toBe(401)
    expect((await person.call(`DELETE /agents/${boss.id}/totp`)).status).toBe(403)
    expect((await boss.call(`DELETE /agents/${boss.id}/totp`)).status).toBe(403)
    const seen = (await boss.call('GET /agents')).body.items.find((agent: { id: string }) => agent.id === person.id)
    expect(seen.secondFactor).toBe(true)
    expect((await boss.call(`DELETE /agents/${person.id}/totp`)).status).toBe(204)
    expect((await person.call('GET /me')).status).toBe(401)
    expect((await boss.call(`DELETE /agents/${person.id}/totp`)).status).toBe(404)
    expect((await server.call(use, { password: 'a new long password' })).status).toBe(201)
  })

  it('is removed by oneself with the password or a code, nothing less', async () => {
    const person = await guarded()
    expect((await person.call('DELETE /me/totp', {})).status).toBe(400)
    expect((await person.call('DELETE /me/totp', { password: 'wrong' })).status).toBe(400)
    expect((await person.call('DELETE /me/totp', { code: '000000' })).status).toBe(400)
    expect((await person.call('DELETE /me/totp', { code: codeAt(person.secret) })).status).toBe(204)
    expect((await signInAs(person)).status).toBe(201)
  })
})
