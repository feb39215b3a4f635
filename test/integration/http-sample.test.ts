import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { channels } from '../../channels/index.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createTeam } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, signedIn } from '../support/http-server.ts'

const sampleRoot = join(import.meta.dirname, '..', '..', 'content', 'northstar')

let base: TestDatabase
let server: HttpServer
let boss: Person
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db, { channels, sampleRoot })
  boss = await signedIn(server, { role: 'admin' })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

test('an administrator loads it, reads every case of it, and removes it; nobody else may', async () => {
  const lead = await signedIn(server, { role: 'supervisor' })
  for (const line of ['GET /sample', 'POST /sample', 'DELETE /sample']) expect((await lead.call(line)).status).toBe(403)
  expect((await boss.call('GET /sample')).body).toEqual({ state: 'none' })
  expect((await boss.call('DELETE /sample')).status).toBe(404)
  expect(await boss.call('POST /sample')).toMatchObject({ status: 201, body: { state: 'loaded' } })
  expect(await boss.call('POST /sample')).toMatchObject({ status: 201, body: { state: 'loaded' } })
  expect((await boss.call('GET /sample')).body).toEqual({ state: 'loaded' })

  const { items } = (await boss.call('GET /conversations?limit=100')).body
  expect(items.length).toBe(20)
  for (const { id } of items) {
    expect((await boss.call(`GET /conversations/${id}`)).status).toBe(200)
    expect((await boss.call(`GET /conversations/${id}/messages`)).body.items.length).toBeGreaterThan(2)
  }
  expect((await boss.call('DELETE /sample')).status).toBe(204)
  expect((await boss.call('GET /conversations')).body.items).toEqual([])
  expect((await boss.call('GET /inboxes')).body.items).toEqual([])

  await createTeam(base.db.pool)
  expect((await boss.call('GET /sample')).body).toEqual({ state: 'closed' })
  expect(await boss.call('POST /sample')).toMatchObject({ status: 409, body: { error: { code: 'notEmpty' } } })
}, 120_000)
