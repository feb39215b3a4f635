import { randomBytes } from 'node:crypto'
import { connect as dial, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type LiveOptions, registerLive } from '../../src/http/live.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createAgent, createInbox } from '../support/factories.ts'
import { bearer, connect, type LiveServer, liveServer, publish } from '../support/live-server.ts'

// Sockets of the file system: their buffers are a fixed 200 KiB, TCP's grow to megabytes that hide what a process keeps.
const KB = 1024
const STUCK = 200
let test: TestDatabase
let inboxId: string
let headers: { authorization: string }
const servers: LiveServer[] = []
const sockets: Socket[] = []

beforeAll(async () => {
  test = await testDatabase()
  inboxId = await createInbox(test.db.pool)
  headers = await bearer(test.db, await createAgent(test.db.pool, { inboxes: [inboxId] }))
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) await server.close()
})
afterAll(() => test.close())

function memory(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function open(options: LiveOptions): Promise<{ server: LiveServer; path: string }> {
  const path = join(tmpdir(), `live-${randomBytes(6).toString('hex')}.sock`)
  const server = await liveServer(
    test.db,
    (app, deps) => registerLive(app, deps, { socketsEach: 1_000, ...options }),
    {},
    { path },
  )
  servers.push(server)
  return { server, path }
}

async function neverReads(path: string): Promise<Socket> {
  const socket = dial(path)
  sockets.push(socket)
  socket.on('error', () => {})
  socket.write(
    [
      'GET /api/v1/live HTTP/1.1',
      'Host: x',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      `Authorization: ${headers.authorization}`,
      '',
      '',
    ].join('\r\n'),
  )
  await new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.pause()
  return socket
}

/** Changes of `spread` conversations; the newest version of each is `rounds`. */
async function flood(rounds: number, spread: number): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    const rows = Array.from({ length: spread }, (_, i) => ({
      kind: 'conversation.updated' as const,
      inboxId,
      conversationId: String(1_000_000 + i),
      version: round,
    }))
    await publish(test.db, ...rows)
  }
}

describe('F10: sockets that never read', () => {
  it(`${STUCK} of them cost less than 64 KiB each, and the others hear everything as before`, async () => {
    const { server, path } = await open({ heartbeatMs: 60_000, stuckMs: 60_000 })
    const reader = await connect(server, headers)
    await Promise.all(Array.from({ length: STUCK }, () => neverReads(path)))
    await flood(2, 600)
    const before = memory()
    const rss = process.memoryUsage.rss()
    await flood(40, 600)
    await eventually(() => reader.versions().size === 600 && [...reader.versions().values()].every((v) => v === 40), {
      timeoutMs: 10_000,
    })
    expect((memory() - before) / STUCK).toBeLessThan(64 * KB)
    // With what the flood itself left to be collected.
    expect((process.memoryUsage.rss() - rss) / STUCK).toBeLessThan(256 * KB)
    reader.socket.terminate()
  })

  it('one that reads again is told to fetch afresh, or gets the newest of each conversation, and then goes on', async () => {
    const { server } = await open({ heartbeatMs: 60_000, stuckMs: 60_000 })
    for (const [rounds, spread] of [
      [120, 50],
      [30, 900],
    ] as const) {
      const slow = await connect(server, headers)
      slow.socket.pause()
      await flood(rounds, spread)
      await eventually(
        async () => (await test.db.pool.query('select 1 from feed where position is null')).rows.length === 0,
      )
      const { rows } = await test.db.pool.query('select position from feed_head')
      await eventually(() => server.deps.hub.position === rows[0].position)
      slow.socket.resume()
      await eventually(() => slow.position() === server.deps.hub.position)
      const hints = slow.frames.filter((frame) => frame.type === 'hint')
      expect(hints.length).toBeLessThan(rounds)
      if (spread > 500) expect(slow.frames.some((frame) => frame.type === 'resync')).toBe(true)
      else expect([...slow.versions().values()]).toEqual(Array.from({ length: spread }, () => rounds))
      await flood(1, 1)
      await eventually(() => slow.frames.at(-1)?.type === 'hint' && slow.versions().get('1000000') === 1)
      slow.socket.terminate()
    }
  })

  it('one that leaves too much unread for too long is cut', async () => {
    const { path } = await open({ heartbeatMs: 60_000, stuckMs: 200 })
    const stuck = await neverReads(path)
    let cut = false
    stuck.on('close', () => {
      cut = true
    })
    await eventually(
      async () => {
        await flood(20, 100)
        // A closed peer shows only when somebody writes; nothing is read.
        if (!stuck.destroyed) stuck.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]))
        return cut
      },
      { timeoutMs: 15_000 },
    )
  })

  it('one that does not answer the heartbeat because it does not read is cut', async () => {
    const { path } = await open({ heartbeatMs: 200, stuckMs: 60_000 })
    const stuck = await neverReads(path)
    let cut = false
    stuck.on('close', () => {
      cut = true
    })
    await eventually(() => {
      if (!stuck.destroyed) stuck.write(Buffer.from([0x8a]))
      return cut
    })
  })
})
