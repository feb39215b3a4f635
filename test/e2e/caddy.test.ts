import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { hashPassword } from '../../src/security/password.ts'
import type { ServerFrame } from '../../src/wire/live.ts'
import { checkout } from '../support/cli-process.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createAgent } from '../support/factories.ts'
import { type HttpServer, httpServer, type Loose, password } from '../support/http-server.ts'

// Debian's own Caddy with our Caddyfile: the one thing between the public and the program that is not ours.
let ground: TestDatabase
let server: HttpServer
let caddy: ChildProcess
let origin: string
let ca: Buffer
let said = ''
const folder = mkdtempSync(join(tmpdir(), 'tributary-caddy-'))

beforeAll(async () => {
  execFileSync('caddy', ['version'])
  ground = await testDatabase()
  const [http, https] = [await freePort(), await freePort()]
  origin = `https://localhost:${https}`
  server = await httpServer(ground.db, { publicUrl: origin, trustProxy: ['127.0.0.1'] })
  const options = `{\n admin off\n skip_install_trust\n http_port ${http}\n https_port ${https}\n default_bind 127.0.0.1\n}\n`
  writeFileSync(join(folder, 'Caddyfile'), options + readFileSync(join(checkout, 'Caddyfile'), 'utf8'))
  const env = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  caddy = spawn('caddy', ['run', '--config', join(folder, 'Caddyfile')], {
    env: { ...env, DOMAIN: 'localhost', UPSTREAM: new URL(server.url).host },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  caddy.stderr?.on('data', (chunk) => {
    said += String(chunk)
  })
  const root = join(folder, 'caddy/pki/authorities/local/root.crt')
  await eventually(
    async () => {
      ca = readFileSync(root)
      expect((await ask('GET', '/readyz')).status, said).toBe(200)
    },
    { timeoutMs: 20_000 },
  )
})
afterAll(async () => {
  caddy?.kill('SIGTERM')
  await server?.close()
  await ground?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

interface Wish {
  readonly headers?: Record<string, string>
  readonly body?: Buffer | string
}

function ask(method: string, path: string, { headers = {}, body }: Wish = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    const options = { method, ca, host: '127.0.0.1', servername: 'localhost', localAddress: '127.0.0.7' }
    const sent = request(
      `${origin}${path}`,
      { ...options, headers: { host: new URL(origin).host, ...headers } },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(chunks) }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const jsonOf = (bytes: Buffer): Loose => JSON.parse(bytes.toString())

async function signIn(more: Record<string, string> = {}) {
  const email = `${randomBytes(6).toString('hex')}@example.org`
  await createAgent(ground.db.pool, { email, passwordHash: await hashPassword(password) })
  const answer = await ask('POST', '/api/v1/session', {
    headers: { 'content-type': 'application/json', origin, ...more },
    body: JSON.stringify({ email, password }),
  })
  expect(answer.status).toBe(201)
  const set = String(answer.headers['set-cookie'])
  return { set, cookie: set.split(';')[0] ?? '', csrf: String(jsonOf(answer.bytes).csrfToken) }
}

test('pages, a Secure cookie, and the address of the client, whatever the client claims', async () => {
  const { set, cookie } = await signIn({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' })
  expect(set).toContain('Secure')
  const sessions = jsonOf((await ask('GET', '/api/v1/me/sessions', { headers: { cookie } })).bytes)
  expect(sessions.items[0].address).toBe('127.0.0.7')
  expect((await ask('GET', '/metrics')).status).toBe(404)
  expect((await ask('GET', '/healthz')).headers['strict-transport-security']).toContain('max-age')
})

test('a live socket stays open and hears at once; a page of another website gets none', async () => {
  const { cookie, csrf } = await signIn()
  const url = `${origin.replace('https', 'wss')}/api/v1/live`
  const open = (from: string) => new WebSocket(url, { ca, headers: { cookie, origin: from } })
  const refused = await new Promise((resolve) => open('https://evil.example').once('error', resolve))
  expect(String(refused)).toContain('403')
  const socket = open(origin)
  const frames: ServerFrame[] = []
  socket.on('message', (data) => frames.push(JSON.parse(String(data)) as ServerFrame))
  await eventually(() => frames[0]?.type === 'ready')
  const put = await ask('PUT', '/api/v1/me/availability', {
    headers: { cookie, origin, 'x-csrf-token': csrf, 'content-type': 'application/json' },
    body: '{"state":"online"}',
  })
  expect(put.status).toBe(204)
  await eventually(() => expect(frames.at(-1)).toMatchObject({ type: 'presence', availability: 'online' }))
  socket.send('{"type":"ping"}')
  await eventually(() => frames.at(-1)?.type === 'pong')
  socket.terminate()
})

test('the largest file goes through and comes back whole; what is larger is refused', async () => {
  const { cookie, csrf } = await signIn()
  const upload = (bytes: Buffer) => {
    const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')])
    const headers = { cookie, origin, 'x-csrf-token': csrf, 'content-type': 'multipart/form-data; boundary=b' }
    return ask('POST', '/api/v1/files', { headers: { ...headers, 'content-length': String(body.length) }, body })
  }
  const bytes = randomBytes(25_000_000)
  const made = await upload(bytes)
  expect(made.status, made.bytes.toString()).toBe(201)
  const got = await ask('GET', new URL(jsonOf(made.bytes).url, origin).pathname, { headers: { cookie } })
  expect(got.bytes.equals(bytes)).toBe(true)
  const tooLarge = await upload(randomBytes(27_000_000)).catch(() => ({ status: 413 }))
  expect(tooLarge.status).toBe(413)
})
