import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation } from '../support/factories.ts'
import { apiToken, type HttpServer, httpServer, type Person, rawRequest, signedIn } from '../support/http-server.ts'
import { startLoopPlatform } from '../support/loop-channel/platform.ts'
import { signLoopWebhook } from '../support/loop-channel/webhook.ts'

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

const json = { 'content-type': 'application/json' }
const errorShape = { error: { code: expect.any(String), message: expect.any(String) } }

describe('a body', () => {
  it('that is not JSON, or not the JSON it should be, is a clear 400', async () => {
    const broken = [
      '{',
      '{"name":',
      '{"name":"x"',
      '}',
      'undefined',
      'NaN',
      "{'name':'x'}",
      '{"name":"x"}{"name":"y"}',
      '\u0000',
      '{"a":1,}',
      '{"__proto__":{"isAdmin":true},"name":"x"}',
      '{"constructor":{"prototype":{"isAdmin":true}},"name":"x"}',
      '['.repeat(50_000),
      '{"a":'.repeat(50_000),
      `{"name":${'9'.repeat(10_000)}}`,
      '"\\ud800"',
      '',
    ]
    for (const body of broken) {
      const answer = await boss.call('POST /tags', body, json)
      expect([body.slice(0, 40), answer.status]).toEqual([body.slice(0, 40), 400])
      expect(answer.body).toMatchObject(errorShape)
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it('of 30 MB is refused, unread where nobody is signed in, and others do not notice', async () => {
    const huge = `{"name":"${'x'.repeat(30 * 1024 * 1024)}"}`
    const waits: number[] = []
    let done = false
    const others = (async () => {
      while (!done) {
        const started = performance.now()
        expect((await boss.call('GET /me')).status).toBe(200)
        waits.push(performance.now() - started)
      }
    })()
    const send = (line: string, headers: Record<string, string> = {}) =>
      server.call(line, huge, { ...json, ...headers }).then(
        (answer) => answer.status,
        () => 'cut',
      )
    const signed = { cookie: boss.cookie, 'x-csrf-token': boss.csrf }
    expect([413, 'cut']).toContain(await send('POST /session'))
    expect([401, 'cut']).toContain(await send('POST /tags'))
    expect([413, 'cut']).toContain(await send('POST /tags', signed))
    expect([413, 'cut']).toContain(await send('POST //hooks/1'))
    expect([404, 413, 'cut']).toContain(await send('POST //nowhere'))
    done = true
    await others
    expect(Math.max(...waits)).toBeLessThan(1_000)
  })

  it('of another kind is a 415, and odd framing is refused', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'text/html',
    ]) {
      const answer = await boss.call('POST /tags', 'name=x', { 'content-type': type })
      expect([type, answer.status >= 400 && answer.status < 500]).toEqual([type, true])
    }
    expect((await boss.call('POST /tags', 'name=x', { 'content-type': 'text/plain' })).body.error.code).toBe(
      'unsupportedMediaType',
    )
    const smuggled = await talk(
      'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    )
    expect(smuggled).toMatch(/^HTTP\/1\.1 400/)
    expect(await talk('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/)
    expect(await talk('\u0016\u0003\u0001\u0002garbage\r\n\r\n')).toMatch(/^(HTTP\/1\.1 400|$)/)
    expect(await talk(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/)
  })
})

function talk(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    let answer = ''
    socket.on('data', (data) => {
      answer += data
      if (answer.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })
}

describe('an address', () => {
  it('that is known answers 405 to another method, an unknown one 404', async () => {
    const wrong = await boss.call('DELETE /conversations')
    expect([wrong.status, wrong.headers.get('allow')?.split(', ').sort()]).toEqual([405, ['GET', 'HEAD', 'POST']])
    expect((await boss.call('POST /me')).body.error.code).toBe('methodNotAllowed')
    expect((await boss.call('GET /nowhere')).body).toMatchObject(errorShape)
    expect((await boss.call('GET /nowhere')).status).toBe(404)
    for (const path of [
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/..%2f..%2fpackage.json',
      '/\\..\\x',
      '/%',
      '/%ff',
      '/api/v1/%00',
    ]) {
      const answer = await rawRequest(server.url, { method: 'GET', path })
      expect([path, [400, 404].includes(answer.status), answer.text.includes('root:')]).toEqual([path, true, false])
    }
    expect(
      (await rawRequest(server.url, { method: 'GET', path: `/api/v1/conversations/${'1'.repeat(600)}` })).status,
    ).toBeLessThan(500)
  })

  it('says to browsers what they must not do', async () => {
    const { headers } = await server.call('GET //healthz')
    expect(headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('strict-transport-security')).toBeNull()
  })
})

describe('clients that never finish', () => {
  it('are cut, and others are served meanwhile', async () => {
    const sockets = Array.from({ length: 200 }, (_, n) => halfOpen(n))
    await eventually(() => sockets.every((socket) => !socket.connecting))
    for (let n = 0; n < 20; n++) expect((await boss.call('GET /me')).status).toBe(200)
    // One byte now and then keeps a socket busy but not complete.
    const drip = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write('a')
    }, 1_000)
    await eventually(() => sockets.every((socket) => socket.destroyed), { timeoutMs: 20_000 })
    clearInterval(drip)
    expect((await boss.call('GET /me')).status).toBe(200)
  }, 40_000)
})

function halfOpen(n: number): Socket {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.on('data', () => {})
  socket.on('end', () => socket.destroy())
  socket.write(n % 2 === 0 ? 'POST /hooks/1 HTTP/1.1\r\nHost: x\r\nX-Slow: ' : 'GET /api/v1/me HTT')
  return socket
}

describe('the way in for platforms', () => {
  const at = Date.now() + 60_000
  const updates = (id: string) =>
    JSON.stringify({
      updates: [
        {
          type: 'message',
          id,
          chat: { id: 'c1' },
          at,
          from: { id: 'u1' },
          message: `m${id}`,
          text: 'hello',
        },
      ],
    })

  it('hands the raw bytes to the channel, with every signature that came, and answers after the commit', async () => {
    const platform = await startLoopPlatform()
    const settings = platform.settings({ receive: 'webhook' })
    const made = await boss.call('POST /inboxes', { channel: 'loop', name: 'Hook', settings })
    const path = `/hooks/${made.body.id}`
    const send = (signature: string | string[] | undefined, body: string, method = 'POST') => {
      const length = { 'content-length': String(Buffer.byteLength(body)) }
      const headers = { ...length, ...(signature !== undefined && { 'x-loop-signature': signature }) }
      return rawRequest(server.url, { method, path, body, headers })
    }
    const stored = async () => {
      const { rows } = await base.db.pool.query('select event_id from inbound_event where inbox_id = $1', [
        made.body.id,
      ])
      return rows.map((row: { event_id: string }) => row.event_id)
    }
    const sign = (text: string) => signLoopWebhook(settings.webhookSecret, text)
    const good = sign(updates('1'))
    const forged: [string | string[] | undefined, string][] = [
      [undefined, updates('1')],
      ['', updates('1')],
      [good.slice(0, -1), updates('1')],
      [good, updates('2')],
      [good, `${updates('1')} `],
      [[good, good], updates('1')],
      [signLoopWebhook('another secret', updates('1')), updates('1')],
    ]
    for (const [signature, body] of forged) {
      expect([signature, body.length, (await send(signature, body)).status]).toEqual([signature, body.length, 401])
    }
    expect(await stored()).toEqual([])
    expect((await send(good, updates('1'))).status).toBe(200)
    expect((await send(good, updates('1'))).status).toBe(200)
    expect(await stored()).toEqual(['1'])
    expect((await send(sign('not json'), 'not json')).status).toBe(400)
    expect((await send(good, updates('1'), 'PUT')).status).toBe(405)
    expect((await rawRequest(server.url, { method: 'POST', path: '/hooks/999999', body: 'x' })).status).toBe(404)
    expect((await rawRequest(server.url, { method: 'POST', path: '/hooks/abc', body: 'x' })).status).toBe(404)
    await platform.close()
  })
})

describe('without the database', () => {
  it('everything says 503 with a time to come back, and recovers by itself', async () => {
    const { pausableDatabase } = await import('../support/pausable-database.ts')
    const { openDatabase } = await import('../../src/store/database.ts')
    const way = await pausableDatabase(base.target)
    const db = await openDatabase(way.target, { poolSize: 2 })
    const other = await httpServer(db)
    const root = { authorization: `Bearer ${apiToken}` }
    const { id } = await createConversation(base.db.pool)
    expect((await other.call(`GET /conversations/${id}`, undefined, root)).status).toBe(200)
    way.cut()
    for (const path of ['/me', '/conversations', `/conversations/${id}`, '//readyz']) {
      const answer = await other.call(`GET ${path}`, undefined, root)
      expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '1'])
      expect(answer.body).toMatchObject(errorShape)
    }
    expect((await other.call('POST /session', { email: 'a@b.c', password: 'x' })).status).toBe(503)
    expect((await other.call('GET //healthz')).status).toBe(200)
    way.restore()
    await eventually(async () => (await other.call('GET /me', undefined, root)).status === 200)
    expect((await other.call('GET //readyz')).status).toBe(200)
    await other.close()
    await db.close()
    way.close()
  })
})
