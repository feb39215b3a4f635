import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerLive } from '../../src/http/live.ts'
import type { PresenceOptions } from '../../src/http/live-presence.ts'
import { placesOf, sendSignal } from '../../src/store/ephemeral.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, createInbox, createTeam, type MadeConversation } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, signedIn } from '../support/http-server.ts'
import { connect, type LiveClient, liveServer } from '../support/live-server.ts'

let test: TestDatabase
let server: HttpServer
let inboxId: string
let conversation: MadeConversation
let ada: Person
let bo: Person

beforeAll(async () => {
  test = await testDatabase()
  server = await httpServer(test.db)
  inboxId = await createInbox(test.db.pool)
  conversation = await createConversation(test.db.pool, { inboxId })
  ada = await signedIn(server, { inboxes: [inboxId], name: 'Ada' })
  bo = await signedIn(server, { inboxes: [inboxId], name: 'Bo' })
})
afterAll(async () => {
  await server.close()
  await test.close()
})

const open = (person: Person, at: { url: string } = server) => connect(at, { cookie: person.cookie })
const say = ({ socket }: LiveClient, frame: unknown) => socket.send(JSON.stringify(frame))
const look = (client: LiveClient, at: MadeConversation | null = conversation) =>
  say(client, { type: 'viewing', conversation: at?.id ?? null })
const viewersOf = (client: LiveClient) =>
  client.frames.flatMap((frame) => (frame.type === 'viewers' ? [frame.agents.map(({ name }) => name)] : [])).at(-1)
const presenceOf = async (person: Person) => {
  const { body } = await bo.call('GET /agents')
  return body.items.find((agent: { id: string }) => agent.id === person.id)
}
const heardOf = (client: LiveClient, person: Person) =>
  client.frames.flatMap((frame) => (frame.type === 'presence' && frame.agentId === person.id ? [frame] : []))
const idle = (person: Person, minutes: number) =>
  test.db.pool.query(`update agent_presence set active_at = now() - $2 * interval '1 minute' where agent_id = $1`, [
    person.id,
    minutes,
  ])

describe('presence', () => {
  it('who said "online" is online while doing something, and away after five minutes without', async () => {
    const client = await open(bo)
    expect(await presenceOf(ada)).toMatchObject({ availability: 'offline', presence: 'offline' })
    expect((await ada.call('PUT /me/availability', { state: 'online' })).status).toBe(204)
    expect(await presenceOf(ada)).toMatchObject({ availability: 'online', presence: 'online' })
    await idle(ada, 4)
    expect(await presenceOf(ada)).toMatchObject({ presence: 'online' })
    await idle(ada, 6)
    expect(await presenceOf(ada)).toMatchObject({ availability: 'online', presence: 'away' })
    const here = await open(ada)
    say(here, { type: 'here', idleMs: 0 })
    await eventually(async () => expect(await presenceOf(ada)).toMatchObject({ presence: 'online' }))
    await eventually(() =>
      expect(heardOf(client, ada).map((frame) => frame.availability)).toEqual(['online', 'online']),
    )
    for (const one of [client, here]) one.socket.terminate()
  })

  it('a page that was idle brings nobody back, and who said "away" or "offline" stays so whatever is typed', async () => {
    for (const state of ['away', 'offline'] as const) {
      await ada.call('PUT /me/availability', { state })
      const here = await open(ada)
      say(here, { type: 'here', idleMs: 0 })
      say(here, { type: 'ping' })
      await eventually(() => here.frames.at(-1)?.type === 'pong')
      expect(await presenceOf(ada)).toMatchObject({ presence: state })
      here.socket.terminate()
    }
    await ada.call('PUT /me/availability', { state: 'online' })
    await idle(ada, 10)
    const here = await open(ada)
    say(here, { type: 'here', idleMs: 300_000 })
    say(here, { type: 'ping' })
    await eventually(() => here.frames.at(-1)?.type === 'pong')
    expect(await presenceOf(ada)).toMatchObject({ presence: 'away' })
    here.socket.terminate()
  })

  it('tells everybody once that somebody went away, however many processes look', async () => {
    const nodes = await Promise.all([1, 2].map(() => node()))
    await ada.call('PUT /me/availability', { state: 'online' })
    const listening = await open(bo, nodes[0])
    await idle(ada, 6)
    await eventually(() => expect(heardOf(listening, ada).map((frame) => frame.availability)).toEqual(['away']))
    say(listening, { type: 'ping' })
    await eventually(() => listening.frames.at(-1)?.type === 'pong')
    expect(heardOf(listening, ada)).toHaveLength(1)
    listening.socket.terminate()
    for (const one of nodes) await one.close()
  })
})

const node = (presence: PresenceOptions = { sayEveryMs: 100 }) =>
  liveServer(test.db, (app, deps) => registerLive(app, deps, { presence }), {
    publicUrl: 'http://inbox.example',
  })

describe('viewers', () => {
  it('are known in every process, count once, and are gone when the page is', async () => {
    const other = await node()
    const [here, tab, there] = [await open(ada), await open(ada), await open(bo, other)]
    look(there)
    look(here)
    look(tab)
    await eventually(() => expect(viewersOf(there)).toEqual(['Ada']))
    await eventually(() => expect(viewersOf(here)).toEqual(['Bo']))
    here.socket.terminate()
    look(tab, null)
    await eventually(() => expect(viewersOf(there)).toEqual([]))
    for (const one of [tab, there]) one.socket.terminate()
    await other.close()
  })

  it('a process that begins later hears who looks, and one that says nothing new tells its pages nothing', async () => {
    const here = await open(ada)
    look(here)
    await eventually(() => expect(viewersOf(here)).toEqual([]))
    const other = await node()
    const there = await open(bo, other)
    look(there)
    await eventually(() => expect(viewersOf(there)).toEqual(['Ada']))
    const told = () => there.frames.filter((frame) => frame.type === 'viewers').length
    const before = told()
    await sendSignal(test.db.pool, { type: 'who' })
    const more = await open(ada)
    look(more)
    await eventually(() => told() > before)
    expect(viewersOf(there)).toEqual(['Ada'])
    for (const one of [here, there, more]) one.socket.terminate()
    await other.close()
  })

  it('of a process that died are forgotten, and the page is told', async () => {
    const other = await node({ sayEveryMs: 50, forgetMs: 400 })
    const there = await open(bo, other)
    look(there)
    await eventually(() => expect(viewersOf(there)).toEqual([]))
    const place = (await placesOf(test.db.pool, [conversation.id])).get(conversation.id)!
    const agent = { id: ada.id, name: 'Ada' }
    await sendSignal(test.db.pool, { type: 'viewing', socket: 'of a dead one', n: 1, on: true, agent, ...place })
    await eventually(() => expect(viewersOf(there)).toEqual(['Ada']))
    await eventually(() => expect(viewersOf(there)).toEqual([]))
    there.socket.terminate()
    await other.close()
  })

  it('who may no longer see the conversation is no longer there, and hears no more of it', async () => {
    const moved = await createConversation(test.db.pool, { inboxId })
    const teamId = await createTeam(test.db.pool)
    const third = await signedIn(server, { inboxes: [inboxId], name: 'Cy' })
    await test.db.pool.query('insert into team_member (team_id, agent_id) values ($1, $2)', [teamId, bo.id])
    const other = await node()
    const [inside, outside] = [await open(bo, other), await open(third, other)]
    look(inside, moved)
    look(outside, moved)
    await eventually(() => expect(viewersOf(inside)).toEqual(['Cy']))
    await test.db.pool.query(
      'update conversation set restricted = true, team_id = $2, assignee_id = null where id = $1',
      [moved.id, teamId],
    )
    await eventually(() => expect(viewersOf(inside)).toEqual([]))
    const before = outside.frames.length
    say(inside, { type: 'typing', conversation: moved.id, typing: true })
    const tab = await open(bo)
    look(tab, moved)
    say(outside, { type: 'ping' })
    await eventually(() => outside.frames.at(-1)?.type === 'pong')
    expect(outside.frames.slice(before).map((frame) => frame.type)).toEqual(['pong'])
    for (const one of [inside, outside, tab]) one.socket.terminate()
    await other.close()
  })
})

describe('typing', () => {
  it('of a note is told to colleagues as such', async () => {
    const [here, there] = [await open(ada), await open(bo)]
    say(here, { type: 'typing', conversation: conversation.id, typing: true, note: true })
    const by = { type: 'agent', id: ada.id, name: 'Ada' }
    await eventually(() =>
      expect(there.frames).toContainEqual({
        type: 'typing',
        conversation: conversation.id,
        typing: true,
        note: true,
        by,
      }),
    )
    for (const one of [here, there]) one.socket.terminate()
  })
})
