import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { addMember, createConversation, createThread } from '../support/factories.ts'
import { type HttpServer, httpServer, signedIn } from '../support/http-server.ts'
import { connect } from '../support/live-server.ts'
import { type LoopPlatform, startLoopPlatform } from '../support/loop-channel/platform.ts'

let base: TestDatabase
let server: HttpServer
let platform: LoopPlatform
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  platform = await startLoopPlatform()
})
afterAll(async () => {
  await server.close()
  await platform.close()
  await base.close()
})

test('an agent who writes a reply is seen typing in the customer’s app, one who writes a note is not', async () => {
  const boss = await signedIn(server, { role: 'admin' })
  const made = await boss.call('POST /inboxes', { channel: 'loop', name: 'Loop', settings: platform.settings() })
  await addMember(base.db.pool, made.body.id, boss.id)
  const talk = async (key: string) =>
    createConversation(base.db.pool, {
      inboxId: made.body.id,
      threadId: await createThread(base.db.pool, { inboxId: made.body.id, key }),
    })
  const [first, second, noted] = [await talk('chat-1'), await talk('chat-2'), await talk('chat-3')]
  const client = await connect(server, { cookie: boss.cookie })
  const say = (conversation: string, more: object) =>
    client.socket.send(JSON.stringify({ type: 'typing', conversation, typing: true, ...more }))
  say(noted.id, { note: true })
  say(first.id, {})
  say(first.id, { typing: false })
  // Again within the four seconds that platforms show it for.
  say(first.id, {})
  say(second.id, {})
  await eventually(() => expect([...platform.state.typed].sort()).toEqual(['chat-1', 'chat-2']))
  client.socket.terminate()
})
