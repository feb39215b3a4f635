import { afterAll, beforeAll, expect, it } from 'vitest'
import WebSocket from 'ws'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import {
  type HttpServer,
  httpServer,
  type Person,
  password,
  signedIn,
  signIn,
  withToken,
} from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  boss = await signedIn(server, { role: 'admin' })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

async function openSocket(headers: Record<string, string>) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/live`, { headers })
  let ready = false
  socket.on('message', () => {
    ready = true
  })
  socket.on('error', () => {})
  await eventually(() => ready)
  return socket
}

const closed = (socket: WebSocket) => eventually(() => socket.readyState === WebSocket.CLOSED, { timeoutMs: 1_000 })

it('closes open sockets within a second, whatever ended the right to them (A4)', async () => {
  type Own = { person: Person; socketOf: Awaited<ReturnType<typeof signIn>>; tokenId: string }
  const ends: [string, 'session' | 'token', (own: Own) => Promise<{ status: number }>][] = [
    ['sign-out', 'session', ({ socketOf }) => socketOf.call('DELETE /session')],
    [
      'a new password',
      'session',
      ({ person }) =>
        person.call(`PATCH /agents/${person.id}`, { password: { current: password, next: 'an even longer one' } }),
    ],
    ['another role', 'session', ({ person }) => boss.call(`PATCH /agents/${person.id}`, { role: 'supervisor' })],
    ['deactivation', 'session', ({ person }) => boss.call(`PATCH /agents/${person.id}`, { active: false })],
    ['deactivation', 'token', ({ person }) => boss.call(`PATCH /agents/${person.id}`, { active: false })],
    ['revocation', 'token', ({ person, tokenId }) => person.call(`DELETE /tokens/${tokenId}`)],
  ]
  for (const [what, by, end] of ends) {
    const person = await signedIn(server)
    const socketOf = await signIn(server, person.email, password)
    const token = await withToken(server, person.id)
    const socket = await openSocket(
      by === 'session' ? { cookie: socketOf.cookie } : { authorization: `Bearer ${token.secret}` },
    )
    expect([what, by, (await end({ person, socketOf, tokenId: token.id })).status < 300]).toEqual([what, by, true])
    await closed(socket)
  }
})

it('leaves everybody else alone', async () => {
  const one = await signedIn(server)
  const two = await signedIn(server)
  const [ending, staying] = [await openSocket({ cookie: one.cookie }), await openSocket({ cookie: two.cookie })]
  await one.call('DELETE /session')
  await closed(ending)
  expect(staying.readyState).toBe(WebSocket.OPEN)
  staying.terminate()
})
