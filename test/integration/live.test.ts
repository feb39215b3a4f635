import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerLive } from '../../src/http/live.ts'
import { announceRevoked, createSession, revokeSession } from '../../src/store/session.ts'
import { deleteToken, listTokens } from '../../src/store/token.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import {
  addMember,
  createAgent,
  createConversation,
  createInbox,
  createTeam,
  type MadeConversation,
} from '../support/factories.ts'
import { bearer, connect, type LiveServer, liveServer, publish } from '../support/live-server.ts'

let test: TestDatabase
let server: LiveServer
let inboxId: string
let agentId: string
let headers: { authorization: string }
let conversation: MadeConversation

beforeAll(async () => {
  test = await testDatabase()
  server = await liveServer(test.db, registerLive)
  inboxId = await createInbox(test.db.pool)
  agentId = await createAgent(test.db.pool, { inboxes: [inboxId], name: 'Ada' })
  headers = await bearer(test.db, agentId)
  conversation = await createConversation(test.db.pool, { inboxId })
})
afterAll(async () => {
  await server.close()
  await test.close()
})

let version = 0
const touch = (of = conversation) =>
  publish(test.db, { kind: 'conversation.updated', conversationId: of.id, inboxId: of.inboxId, version: ++version })

describe('WS /live', () => {
  it('tells a browser without a position to fetch afresh, then hints at every change', async () => {
    const client = await connect(server, headers)
    expect(client.frames[0]).toMatchObject({ type: 'ready', resync: true })
    await touch()
    await eventually(() => client.versions().get(conversation.id) === version)
    await publish(test.db, { kind: 'inbox.health', inboxId })
    await eventually(() => client.frames.some((frame) => frame.type === 'hint' && frame.other?.includes('inbox')))
    client.socket.terminate()
  })

  it('goes on from where a browser was', async () => {
    const first = await connect(server, headers)
    await touch()
    await eventually(() => first.versions().get(conversation.id) === version)
    const since = first.position()
    first.socket.terminate()
    await touch()
    await touch()
    // Behind this process already: only the table can tell it.
    await eventually(() => Number(server.deps.hub.position) >= Number(since) + 2)
    const again = await connect(server, headers, since)
    expect(again.frames[0]).toEqual({ type: 'ready', position: since, resync: false })
    await eventually(() => again.versions().get(conversation.id) === version)
    again.socket.terminate()
  })

  it.each(['999999999999', 'abc', '-1', '1e3', '99999999999999999999'])(
    'answers the unknown position %s with resync',
    async (since) => {
      const client = await connect(server, headers, since)
      expect(client.frames[0]).toMatchObject({ type: 'ready', resync: true })
      client.socket.terminate()
    },
  )

  it('asks for a snapshot when too much was missed', async () => {
    const from = (await connect(server, headers)).position()
    const rows = Array.from({ length: 1_200 }, () => ({
      kind: 'conversation.updated' as const,
      conversationId: conversation.id,
      version: ++version,
    }))
    await publish(test.db, ...rows)
    await eventually(() => Number(server.deps.hub.position) >= Number(from) + 1_200)
    const client = await connect(server, headers, from)
    expect(client.frames[0]).toEqual({ type: 'ready', position: server.deps.hub.position, resync: true })
    client.socket.terminate()
  })

  it('shows nothing of inboxes and restricted conversations that are not the agent’s', async () => {
    const other = await createConversation(test.db.pool)
    const teamId = await createTeam(test.db.pool)
    const secret = await createConversation(test.db.pool, { inboxId, restricted: true, teamId })
    const client = await connect(server, headers)
    await touch(other)
    await touch(secret)
    await publish(test.db, { kind: 'inbox.health', inboxId: other.inboxId })
    await touch()
    await eventually(() => client.versions().get(conversation.id) === version)
    expect([...client.versions().keys()]).toEqual([conversation.id])
    expect(client.frames.some((frame) => frame.type === 'hint' && frame.other)).toBe(false)
    client.socket.terminate()
  })

  it('refuses who is not signed in and pages of other websites', async () => {
    await expect(connect(server, {})).rejects.toThrow('401')
    await expect(connect(server, { authorization: 'Bearer nothing' })).rejects.toThrow('401')
    await expect(connect(server, { ...headers, origin: 'http://evil.example' })).rejects.toThrow('403')
    const own = await connect(server, { ...headers, origin: 'http://inbox.example' })
    own.socket.terminate()
  })

  it('closes a revoked session’s sockets within a second, and only those', async () => {
    const mine = await createSession(test.db.pool, { agentId, ip: null, userAgent: null })
    const other = await createSession(test.db.pool, { agentId, ip: null, userAgent: null })
    const [gone, kept] = [
      await connect(server, { cookie: `tributary=${mine.secret}` }),
      await connect(server, { cookie: `tributary=${other.secret}` }),
    ]
    await revokeSession(test.db.pool, agentId, mine.id)
    await eventually(() => gone.closed() === 4001, { timeoutMs: 1_000 })
    expect(gone.frames.at(-1)).toEqual({ type: 'error', code: 'signedOut' })
    await touch()
    await eventually(() => kept.versions().get(conversation.id) === version)
    await expect(connect(server, { cookie: `tributary=${mine.secret}` })).rejects.toThrow('401')
    kept.socket.terminate()
  })

  it('closes the sockets of a deleted token and of a deactivated agent within a second', async () => {
    const leaver = await createAgent(test.db.pool, { inboxes: [inboxId] })
    const [byToken, byAgent] = [
      await connect(server, await bearer(test.db, leaver)),
      await connect(server, await bearer(test.db, leaver)),
    ]
    const tokens = await listTokens(test.db.pool, leaver)
    expect(tokens).toHaveLength(2)
    await deleteToken(test.db.pool, tokens[1]!.id, leaver)
    await eventually(() => byToken.closed() === 4001, { timeoutMs: 1_000 })
    await test.db.pool.query('update agent set active = false where id = $1', [leaver])
    await announceRevoked(test.db.pool, 'agent', leaver)
    await eventually(() => byAgent.closed() === 4001, { timeoutMs: 1_000 })
  })

  it('closes a socket whose revocation was announced while nobody listened', async () => {
    const quiet = await createAgent(test.db.pool, { inboxes: [inboxId] })
    const client = await connect(server, await bearer(test.db, quiet))
    await test.db.pool.query('update agent set active = false where id = $1', [quiet])
    await test.db.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'`,
    )
    await eventually(() => client.closed() === 4001, { timeoutMs: 3_000 })
  })

  it('stops hints of an inbox from the moment the agent is no longer a member', async () => {
    const second = await createInbox(test.db.pool)
    const there = await createConversation(test.db.pool, { inboxId: second })
    await addMember(test.db.pool, second, agentId)
    const client = await connect(server, headers)
    await touch(there)
    await eventually(() => client.versions().get(there.id) === version)
    const before = version
    await test.db.pool.query('delete from inbox_member where inbox_id = $1 and agent_id = $2', [second, agentId])
    await announceRevoked(test.db.pool, 'agent', agentId)
    await eventually(async () => {
      await touch(there)
      await touch()
      await eventually(() => client.versions().get(conversation.id) === version)
      return client.versions().get(there.id)! < version - 1
    })
    expect(client.versions().get(there.id)).toBeGreaterThanOrEqual(before)
    expect(client.closed()).toBeUndefined()
    client.socket.terminate()
  })

  it('passes typing and viewers to colleagues who may see the conversation, to nobody else', async () => {
    const pool = test.db.pool
    const stranger = await connect(server, await bearer(test.db, await createAgent(pool, { name: 'Stranger' })))
    const colleague = await createAgent(pool, { inboxes: [inboxId], name: 'Bo' })
    const [ada, bo] = [await connect(server, headers), await connect(server, await bearer(test.db, colleague))]
    const say = (frame: unknown) => ada.socket.send(JSON.stringify(frame))
    bo.socket.send(JSON.stringify({ type: 'viewing', conversation: conversation.id }))
    for (const frame of [{ type: 'typing', typing: true }, { type: 'viewing' }]) {
      stranger.socket.send(JSON.stringify({ ...frame, conversation: conversation.id }))
    }
    stranger.socket.send('{"type":"ping"}')
    await eventually(() => stranger.frames.at(-1)?.type === 'pong')
    say({ type: 'viewing', conversation: conversation.id })
    say({ type: 'typing', conversation: conversation.id, typing: true })
    const by = { type: 'agent', id: agentId, name: 'Ada' }
    await eventually(() =>
      expect(bo.frames).toContainEqual({ type: 'typing', conversation: conversation.id, typing: true, by }),
    )
    await eventually(() =>
      expect(bo.frames).toContainEqual({
        type: 'viewers',
        conversation: conversation.id,
        agents: [{ id: agentId, name: 'Ada' }],
      }),
    )
    ada.socket.close()
    await eventually(() =>
      expect(bo.frames.at(-1)).toEqual({ type: 'viewers', conversation: conversation.id, agents: [] }),
    )
    expect(ada.frames.some((frame) => frame.type === 'typing')).toBe(false)
    expect(stranger.frames.map((frame) => frame.type)).toEqual(['ready', 'pong'])
    const heard = bo.frames.filter((frame) => frame.type === 'typing' || frame.type === 'viewers')
    expect(JSON.stringify(heard)).not.toContain('Stranger')
    for (const client of [bo, stranger]) client.socket.terminate()
  })
})
