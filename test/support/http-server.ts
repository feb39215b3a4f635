import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { Registry } from 'prom-client'
import type { Scope } from '../../src/domain/principal.ts'
import { createFiles } from '../../src/files/files.ts'
import type { HttpDeps } from '../../src/http/deps.ts'
import { buildServer } from '../../src/http/server.ts'
import { createConnections } from '../../src/ingest/connections.ts'
import { createIngestMetrics } from '../../src/ingest/ingest-metrics.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { createOpenSinks } from '../../src/ingest/sink.ts'
import { startHub } from '../../src/realtime/hub.ts'
import { parseOutboundAllow } from '../../src/security/outbound-address.ts'
import { hashPassword } from '../../src/security/password.ts'
import { createSealer } from '../../src/security/seal.ts'
import type { Database } from '../../src/store/database.ts'
import { createToken } from '../../src/store/token.ts'
import { type AgentWish, createAgent, createInbox, type InboxWish } from './factories.ts'
import { loopChannel } from './loop-channel/adapter.ts'

export const password = 'correct horse battery'
export const apiToken = 'the-token-of-the-environment-0123456789'
const log = pino({ level: 'silent' })

export interface HttpServer {
  readonly url: string
  readonly deps: HttpDeps
  readonly call: Caller
  close(): Promise<void>
}

/** The whole HTTP side on a database of the test's own; nothing is received or sent in the background. */
export async function httpServer(db: Database, more: Partial<HttpDeps> = {}): Promise<HttpServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-http-'))
  const sealer = createSealer('0123456789abcdef0123456789abcdef')
  const clock = () => new Date()
  const registry = new Registry()
  const ground = { db, sealer, log, clock, channels: [loopChannel], outboundAllow: parseOutboundAllow(['127.0.0.1']) }
  const publicUrl = more.publicUrl ?? 'http://inbox.example'
  const files = await createFiles(db, folder)
  const connections = createConnections({ ...ground, publicUrl, files })
  const hub = startHub({ db, log })
  const ingest = createOpenSinks({
    record: (input) => recordInbound(db, { ...input, now: clock() }),
    ephemeral: () => {},
    stored: () => {},
    metrics: createIngestMetrics(registry),
  })
  const deps = {
    ...ground,
    connections,
    hub,
    ingest,
    files,
    registry,
    publicUrl,
    trustProxy: false,
    metrics: true,
    apiToken,
    ...more,
  }
  const app = await buildServer(deps)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const close = async () => {
    await app.close()
    await hub.close()
    await connections.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { url, deps, call: callerOf(url, {}), close }
}

/** JSON that a test looks into field by field; what is not there fails the comparison. */
export type Loose = ReturnType<typeof JSON.parse>
export interface Answer {
  readonly status: number
  readonly body: Loose
  readonly headers: Headers
  readonly text: string
}
export type Caller = (line: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>

/** `call('POST /tags', { name: 'vip' })`; a path that does not begin with a slash of its own lies under /api/v1. */
export function callerOf(url: string, usual: Record<string, string>): Caller {
  return async (line, body, headers = {}) => {
    const [method = 'GET', path = '/'] = line.split(' ')
    const json = body !== undefined && !(body instanceof FormData) && typeof body !== 'string'
    const response = await fetch(`${url}${path.startsWith('//') ? path.slice(1) : `/api/v1${path}`}`, {
      method,
      redirect: 'manual',
      headers: { ...(json && { 'content-type': 'application/json' }), ...usual, ...headers },
      ...(body !== undefined && { body: json ? JSON.stringify(body) : (body as string | FormData) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text ? JSON.parse(text) : undefined,
    }
  }
}

export interface Person {
  readonly id: string
  readonly email: string
  readonly call: Caller
  readonly cookie: string
  readonly csrf: string
}

/** Somebody with a password, signed in over HTTP as a browser would be. */
export async function signedIn(server: HttpServer, wish: AgentWish = {}): Promise<Person> {
  const email = wish.email ?? `person-${crypto.randomUUID()}@example.org`
  const id = await createAgent(server.deps.db.pool, { ...wish, email, passwordHash: await hashPassword(password) })
  return { id, email, ...(await signIn(server, email, password)) }
}

export async function signIn(server: HttpServer, email: string, secret: string) {
  const answer = await server.call('POST /session', { email, password: secret })
  if (answer.status !== 201) throw new Error(`sign-in answered ${answer.status} ${answer.text}`)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const csrf = String(answer.body.csrfToken)
  return { cookie, csrf, call: callerOf(server.url, { cookie, 'x-csrf-token': csrf }) }
}

export async function withToken(
  server: HttpServer,
  agentId: string | null,
  scopes: Scope[] = ['read', 'write', 'admin'],
) {
  const token = await createToken(server.deps.db.pool, { name: 'test', scopes, agentId })
  return { id: token.id, secret: token.secret, call: callerOf(server.url, { authorization: `Bearer ${token.secret}` }) }
}

/** An inbox of the loop channel whose settings can be read; its platform is not there. */
export function readableInbox(db: Database, wish: InboxWish = {}): Promise<string> {
  const secrets = { token: 'loop-token-1', webhookSecret: 'loop-secret-1' }
  return createInbox(db.pool, { settings: { apiUrl: 'http://127.0.0.1:9', ...secrets }, ...wish })
}

/** For what fetch refuses to send. */
export function rawRequest(
  url: string,
  options: { method: string; path: string; headers?: Record<string, string | string[]>; body?: string },
) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: options.method, path: options.path, headers: options.headers ?? {} },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      },
    )
    request.on('error', reject)
    request.end(options.body)
  })
}
