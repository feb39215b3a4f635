import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { type HttpServer, httpServer, readableInbox, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer

beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
})
afterAll(async () => {
  await server.close()
  await base.close()
})

it('what the platform says of a person is what it said last: roles change, a nickname is taken off', async () => {
  const inboxId = await readableInbox(base.db)
  const ann = await signedIn(server, { inboxes: [inboxId] })
  const writes = async (profile: Record<string, string>) => {
    const event = said('hello', { sender: { key: 'mason', name: 'Mason', language: 'de', profile } })
    const { outcomes } = await recordInbound(base.db, { inboxId, now: new Date(), batch: { events: [event] } })
    const { conversationId } = outcomes[0] as { conversationId: string }
    const { contact } = (await ann.call(`GET /conversations/${conversationId}`)).body
    return (await ann.call(`GET /contacts/${contact.id}`)).body
  }
  expect(await writes({ username: 'mason', nickname: 'Bricks', roles: 'VIP' })).toMatchObject({
    language: 'de',
    picture: null,
    identities: [{ profile: { username: 'mason', nickname: 'Bricks', roles: 'VIP' } }],
  })
  const { identities } = await writes({ username: 'mason', nickname: '', roles: 'VIP, Gold' })
  expect(identities[0].profile).toEqual({ username: 'mason', roles: 'VIP, Gold' })
})
