import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import websocket from '@fastify/websocket'
import { fastify } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import pino from 'pino'
import WebSocket from 'ws'
import type { Api } from '../../src/http/api.ts'
import type { HttpDeps } from '../../src/http/deps.ts'
import { answerError } from '../../src/http/error-answer.ts'
import { guard } from '../../src/http/guard.ts'
import { startHub } from '../../src/realtime/hub.ts'
import { startSequencer } from '../../src/realtime/sequencer.ts'
import { createSealer } from '../../src/security/seal.ts'
import { type Database, transaction } from '../../src/store/database.ts'
import { type FeedRow, insertFeed, notify } from '../../src/store/feed-insert.ts'
import { createToken } from '../../src/store/token.ts'
import type { ServerFrame } from '../../src/wire/live.ts'
import { eventually } from './eventually.ts'

const local = { host: '127.0.0.1', port: 0 }
const log = pino({ level: 'silent' })

export interface LiveServer {
  readonly url: string
  readonly deps: HttpDeps
  close(): Promise<void>
}

/** The feed's own routes on a server of their own, with everything that makes them move. */
export async function liveServer(
  db: Database,
  routes: (app: Api, deps: HttpDeps) => void,
  more: Partial<HttpDeps> = {},
  listenOn: { readonly host: string; readonly port: number } | { readonly path: string } = local,
): Promise<LiveServer> {
  const sequencer = startSequencer({ db, log })
  const hub = startHub({ db, log })
  const sealer = createSealer('0123456789abcdef0123456789abcdef')
  const base = { db, hub, log, sealer, clock: () => new Date(), publicUrl: 'http://inbox.example' }
  const deps = { ...base, ...more } as unknown as HttpDeps
  const app = fastify({ forceCloseConnections: true })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  await app.register(cookie)
  await app.register(websocket, { options: { maxPayload: 16 * 1024, perMessageDeflate: false } })
  await app.register(
    async (api) => {
      guard(api, deps)
      routes(api.withTypeProvider<ZodTypeProvider>() as unknown as Api, deps)
    },
    { prefix: '/api/v1' },
  )
  await app.listen(listenOn)
  await hub.ready
  const close = async () => {
    await app.close()
    await hub.close()
    await sequencer.close()
  }
  return { url: addressOf(app.server.address()), deps, close }
}

function addressOf(address: AddressInfo | string | null): string {
  // The form in which ws wants a socket of the file system, once http is replaced by ws.
  return typeof address === 'string' ? `http+unix:${address}:` : `http://127.0.0.1:${address?.port}`
}

export async function bearer(db: Database, agentId: string | null): Promise<{ authorization: string }> {
  const { secret } = await createToken(db.pool, { name: 'test', scopes: ['read', 'write', 'admin'], agentId })
  return { authorization: `Bearer ${secret}` }
}

export interface LiveClient {
  readonly socket: WebSocket
  readonly frames: ServerFrame[]
  /** Close code once closed. */
  readonly closed: () => number | undefined
  /** The newest position heard. */
  position(): string
  versions(): Map<string, number>
}

export async function connect(
  server: Pick<LiveServer, 'url'>,
  headers: Record<string, string>,
  since?: string,
): Promise<LiveClient> {
  const query = since === undefined ? '' : `?since=${encodeURIComponent(since)}`
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/live${query}`, { headers })
  const frames: ServerFrame[] = []
  let code: number | undefined
  let refused: Error | undefined
  socket.on('message', (data) => frames.push(JSON.parse(String(data)) as ServerFrame))
  socket.on('close', (closed) => {
    code = closed
  })
  socket.on('error', (error) => {
    refused = error
  })
  await eventually(() => frames.length > 0 || code !== undefined)
  if (frames.length === 0) throw refused ?? new Error(`closed with ${code}`)
  return {
    socket,
    frames,
    closed: () => code,
    position: () => frames.reduce((last, frame) => ('position' in frame ? frame.position : last), '0'),
    versions: () => versionsOf(frames),
  }
}

export function versionsOf(frames: readonly ServerFrame[]): Map<string, number> {
  const versions = new Map<string, number>()
  for (const frame of frames) {
    if (frame.type !== 'hint') continue
    for (const { conversation, version } of frame.conversations) versions.set(conversation, version)
  }
  return versions
}

/** As T1 to T4 do it: rows and notification in one transaction. */
export async function publish(db: Database, ...rows: FeedRow[]): Promise<void> {
  await transaction(db, async (tx) => {
    await insertFeed(tx, rows)
    await notify(tx, ['feed'])
  })
}
