import { randomBytes } from 'node:crypto'
import { connect as dial, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { registerLive } from '../../src/http/live.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createAgent, createConversation, createInbox, type MadeConversation } from '../support/factories.ts'
import { bearer, connect, type LiveServer, liveServer, publish } from '../support/live-server.ts'

const MB = 1024 * 1024
let test: TestDatabase
let server: LiveServer
let headers: { authorization: string }
let conversation: MadeConversation
let version = 0

beforeAll(async () => {
  test = await testDatabase()
  server = await liveServer(test.db, (app, deps) => registerLive(app, deps, { heartbeatMs: 400, socketsEach: 400 }))
  const inboxId = await createInbox(test.db.pool)
  headers = await bearer(test.db, await createAgent(test.db.pool, { inboxes: [inboxId] }))
  conversation = await createConversation(test.db.pool, { inboxId })
})
afterAll(async () => {
  await server.close()
  await test.close()
})

async function stillServes(): Promise<void> {
  const client = await connect(server, headers)
  version++
  await publish(test.db, { kind: 'conversation.updated', conversationId: conversation.id, version })
  await eventually(() => client.versions().get(conversation.id) === version)
  client.socket.terminate()
}

/** A connection past the handshake whose bytes are ours to choose, and which reads only when told to. */
async function rawSocket(): Promise<Socket> {
  const { port, host } = new URL(server.url)
  const socket = dial(Number(port), '127.0.0.1')
  const handshake = [
    'GET /api/v1/live HTTP/1.1',
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Authorization: ${headers.authorization}`,
    '',
    '',
  ]
  socket.on('error', () => {})
  socket.write(handshake.join('\r\n'))
  await new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.pause()
  return socket
}

const closed = (socket: Socket) => {
  socket.resume()
  return eventually(() => socket.destroyed || socket.readableEnded, { timeoutMs: 10_000 })
}

describe('A1: frames of any shape', () => {
  const frames: unknown[] = [
    { type: 'base' },
    { event: 'base' },
    { type: '__proto__' },
    { type: 'constructor' },
    { type: 'toString' },
    { type: 'ready' },
    { type: 'hint' },
    { type: ['ping'] },
    { type: { $ne: 1 } },
    { type: 'ping', extra: 1 },
    { type: 'typing' },
    { type: 'typing', conversation: {}, typing: true },
    { type: 'typing', conversation: '1', typing: 'yes' },
    { type: 'typing', conversation: '1; drop table feed', typing: true },
    { type: 'viewing', conversation: '0' },
    { type: 'viewing', conversation: '99999999999999999999' },
    { type: 'viewing' },
    [],
    [[]],
    null,
    1,
    'ping',
    true,
    {},
  ]
  const texts = [
    ...frames.map((frame) => JSON.stringify(frame)),
    '',
    'ping',
    '{',
    '{"type":"ping"',
    '\u0000',
    'NaN',
    '{"__proto__":{"type":"ping"}}',
  ]
  it.each(texts)('%s ends the socket with an error that says nothing', async (text) => {
    const client = await connect(server, headers)
    client.socket.send(text)
    await eventually(() => client.closed() === 1008)
    expect(client.frames.at(-1)).toEqual({ type: 'error', code: 'badFrame' })
  })

  it('a binary frame ends the socket, though its bytes would be a good text', async () => {
    const client = await connect(server, headers)
    client.socket.send(Buffer.from('{"type":"ping"}'), { binary: true })
    await eventually(() => client.closed() === 1008)
  })

  it('a conversation that is not the agent’s is no different from one that does not exist', async () => {
    const foreign = await createConversation(test.db.pool)
    const client = await connect(server, headers)
    for (const id of [foreign.id, '987654321']) {
      client.socket.send(JSON.stringify({ type: 'typing', conversation: id, typing: true }))
      client.socket.send(JSON.stringify({ type: 'viewing', conversation: id }))
    }
    client.socket.send('{"type":"ping"}')
    await eventually(() => client.frames.at(-1)?.type === 'pong')
    expect(client.frames.map((frame) => frame.type)).toEqual(['ready', 'pong'])
    client.socket.terminate()
  })

  it('a flood of good frames is cut off', async () => {
    const client = await connect(server, headers)
    for (let i = 0; i < 300; i++) client.socket.send('{"type":"ping"}')
    await eventually(() => client.closed() === 1013)
    await stillServes()
  })
})

describe('A2: broken and endless streams', () => {
  it('a frame larger than the limit closes the socket', async () => {
    const client = await connect(server, headers)
    client.socket.send(`{"type":"${'x'.repeat(20_000)}"}`)
    await eventually(() => client.closed() === 1009)
  })

  it.each([
    ['a million fragments of one byte', Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x61])],
    ['a million empty fragments', Buffer.from([0x00, 0x80, 0, 0, 0, 0])],
  ])('%s close the socket, the process stays and its memory is bounded', async (_name, fragment) => {
    const socket = await rawSocket()
    const before = process.memoryUsage.rss()
    socket.write(Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x61]))
    const many = Buffer.concat(Array.from({ length: 10_000 }, () => fragment))
    for (let i = 0; i < 100 && !socket.destroyed; i++) {
      if (!socket.write(many))
        await new Promise((resolve) => {
          socket.once('drain', resolve)
          socket.once('close', resolve)
        })
    }
    await closed(socket)
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * MB)
    await stillServes()
  })

  it.each([
    ['unmasked', Buffer.from([0x81, 0x01, 0x61])],
    ['with reserved bits', Buffer.from([0xf1, 0x81, 0, 0, 0, 0, 0x61])],
    ['of an unknown kind', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
    ['with broken UTF-8', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff])],
    ['that continues nothing', Buffer.from([0x80, 0x80, 0, 0, 0, 0])],
    ['of random bytes', randomBytes(64 * 1024)],
    ['claiming 2^63 bytes', Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ])('a frame %s closes the socket', async (_name, bytes) => {
    const socket = await rawSocket()
    socket.write(bytes)
    await closed(socket)
    await stillServes()
  })

  it('a peer that never answers a ping is cut', async () => {
    const silent = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/live`, { headers, autoPong: false })
    const alive = await connect(server, headers)
    let ended = false
    silent.on('close', () => {
      ended = true
    })
    silent.on('error', () => {})
    await eventually(() => ended, { timeoutMs: 3_000 })
    expect(alive.closed()).toBeUndefined()
    alive.socket.terminate()
  })

  it('a handshake that never finishes holds up nobody', async () => {
    const { port } = new URL(server.url)
    const half = Array.from({ length: 50 }, () => dial(Number(port), '127.0.0.1').on('error', () => {}))
    for (const socket of half) socket.write('GET /api/v1/live HTTP/1.1\r\nUpgrade: websocket\r\nX: ')
    await stillServes()
    for (const socket of half) socket.destroy()
  })

  it('sockets beyond the limit of one agent are refused, others are not', async () => {
    const few = await liveServer(test.db, (app, deps) => registerLive(app, deps, { socketsEach: 3 }))
    const clients = await Promise.all([1, 2, 3].map(() => connect(few, headers)))
    const fourth = await connect(few, headers)
    await eventually(() => fourth.closed() === 1013)
    expect(fourth.frames).toEqual([{ type: 'error', code: 'tooMany' }])
    const other = await connect(few, await bearer(test.db, await createAgent(test.db.pool)))
    expect(other.frames[0]?.type).toBe('ready')
    expect(clients.map((client) => client.closed())).toEqual([undefined, undefined, undefined])
    await few.close()
  })
})
