import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createContact, createConversation, createIdentity } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { tracesInTables } from '../support/traces.ts'

const mark = 'Zw4Merged'
let base: TestDatabase
let server: HttpServer
let inboxId: string
let admin: Person
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  inboxId = await readableInbox(base.db)
  admin = await signedIn(server, { role: 'admin' })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

async function person(name: string, address: string): Promise<string> {
  const contactId = await createContact(base.db.pool, name)
  const identityId = await createIdentity(base.db.pool, { contactId, name })
  const email = { address, verified: true }
  await base.db.pool.query('update identity set profile = $2 where id = $1', [identityId, JSON.stringify({ email })])
  await createConversation(base.db.pool, { inboxId, identityId })
  return contactId
}

it('shows who may be the same person and who was merged, and erases all of them, with the reasons', async () => {
  const [kept, gone] = [
    await person(`${mark} one`, `${mark}@x.example`),
    await person(`${mark} two`, `${mark}@x.example`),
  ]
  const evidence = [{ kind: 'email', value: `${mark}@x.example`.toLowerCase() }]
  expect((await admin.call(`GET /contacts/${kept}`)).body.suggestions).toEqual([
    { contact: { id: gone, name: `${mark} two`, accounts: [{ channel: 'loop', name: `${mark} two` }] }, evidence },
  ])
  expect((await admin.call(`POST /contacts/${kept}/merge`, { contactId: gone })).status).toBe(200)
  const merged = await admin.call(`GET /contacts/${kept}`)
  expect(merged.body.merges).toEqual([expect.objectContaining({ name: `${mark} two`, evidence })])
  expect(merged.body.suggestions).toEqual([])
  expect((await admin.call(`DELETE /contacts/${kept}`)).status).toBe(202)
  // What needs the job stands in `erasure` until it is done.
  expect((await tracesInTables(base.db.pool, mark)).filter((row) => !row.startsWith('erasure'))).toEqual([])
  const other = await person('Somebody else', 'else@x.example')
  expect((await admin.call(`POST /contacts/${kept}/merge`, { contactId: other })).status).toBe(404)
  expect((await admin.call(`GET /contacts/${other}`)).body.name).toBe('Somebody else')
})
