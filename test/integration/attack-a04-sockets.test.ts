import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createInbox } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, password, signedIn, withToken } from '../support/http-server.ts'
import { connect, type LiveClient } from '../support/live-server.ts'

let test: TestDatabase
let server: HttpServer
let admin: Person
let inboxId: string

beforeAll(async () => {
  test = await testDatabase()
  server = await httpServer(test.db)
  admin = await signedIn(server, { role: 'admin' })
  inboxId = await createInbox(test.db.pool)
})
afterAll(async () => {
  await server.close()
  await test.close()
})

type Act = (person: Person, tokenId: string) => Promise<{ status: number }>
const ways: [string, 'session' | 'token', Act][] = [
  ['signs out', 'session', (person) => person.call('DELETE /session')],
  ['is deactivated', 'session', (person) => admin.call(`PATCH /agents/${person.id}`, { active: false })],
  ['is deactivated', 'token', (person) => admin.call(`PATCH /agents/${person.id}`, { active: false })],
  ['gets another role', 'session', (person) => admin.call(`PATCH /agents/${person.id}`, { role: 'supervisor' })],
  ['deletes the token', 'token', (person, tokenId) => person.call(`DELETE /tokens/${tokenId}`)],
]

describe('A4: sockets do not outlive what opened them', () => {
  it.each(ways)(
    'an agent who %s loses the socket of a %s within a second, and the credentials are dead',
    async (_way, by, act) => {
      const person = await signedIn(server, { inboxes: [inboxId] })
      const token = await withToken(server, person.id)
      const headers = by === 'session' ? { cookie: person.cookie } : { authorization: `Bearer ${token.secret}` }
      const socket: LiveClient = await connect(server, headers)
      const bystander = await connect(server, { cookie: admin.cookie })
      expect((await act(person, token.id)).status).toBeLessThan(300)
      await eventually(() => socket.closed() === 4001, { timeoutMs: 1_000 })
      await expect(connect(server, headers)).rejects.toThrow('401')
      expect(bystander.closed()).toBeUndefined()
      bystander.socket.terminate()
    },
  )

  it('a changed password cuts every other session’s socket within a second', async () => {
    const person = await signedIn(server, { inboxes: [inboxId] })
    const other = await server.call('POST /session', { email: person.email, password })
    const cookie = (other.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const socket = await connect(server, { cookie })
    const changed = await person.call(`PATCH /agents/${person.id}`, {
      password: { current: password, next: 'another long password' },
    })
    expect(changed.status).toBe(200)
    await eventually(() => socket.closed() === 4001, { timeoutMs: 1_000 })
    await expect(connect(server, { cookie })).rejects.toThrow('401')
  })
})
