import type { FastifyRequest } from 'fastify'
import type { RawData, WebSocket } from 'ws'
import { z } from 'zod'
import { type Heartbeat, startHeartbeat } from '../realtime/heartbeat.ts'
import { seenVisitor } from '../store/continuation.ts'
import type { Visitor } from '../store/visitor.ts'
import { lettersOf } from '../store/visitor-messages.ts'
import { type VisitorFrame, visitorFrame } from '../wire/visitor.ts'
import type { Api } from './api.ts'
import { HttpError } from './http-error.ts'
import { placesOf, refsOf, type Visited, visitedOf, visitorOf } from './visitor-door.ts'
import { acknowledge } from './visitor-messages.ts'
import { sendFrame, type VisitorSocket } from './visitor-sockets.ts'
import type { VisitorDeps } from './widget.ts'

const MAX_EACH = 20
const MAX_PER_IP = 1_000
/** Frames in ten seconds; a page that types, acknowledges and beats sends a handful. */
const MAX_FRAMES = 100
/** The same word about typing is not passed on more often, ms. */
const TYPING_MS = 1_500

interface Live extends VisitorSocket {
  readonly visited: Visited
  readonly visitor: Visitor
  window: { since: number; frames: number }
  typing: { typing: boolean; at: number }
}

declare module 'fastify' {
  interface FastifyRequest {
    liveVisitor: Visitor | null
  }
}

export function registerVisitorLive(app: Api, deps: VisitorDeps): void {
  const heartbeat = startHeartbeat()
  app.decorateRequest('liveVisitor', null)
  app.get(
    '/live',
    {
      websocket: true,
      schema: { querystring: z.strictObject({ token: z.string().max(512) }) },
      // Refused before the upgrade, where an answer still has a status.
      preHandler: async (request) => {
        const visitor = await visitorOf(deps, request, (request.query as { token: string }).token)
        const { inboxId } = visitedOf(request).open
        deps.limit('look', { inboxId, ip: request.ip, visitorId: visitor.id })
        const open = deps.sockets.countFor({ visitorId: visitor.id, ip: request.ip })
        if (open.visitor >= MAX_EACH || open.ip >= MAX_PER_IP) {
          throw new HttpError(429, 'rateLimited', 'Too many connections.', { retryAfter: 30 })
        }
        request.liveVisitor = visitor
      },
    },
    (socket, request) => accept(deps, heartbeat, socket, request),
  )
  app.addHook('preClose', async () => {
    heartbeat.close()
    deps.sockets.close()
  })
}

function accept(deps: VisitorDeps, heartbeat: Heartbeat, socket: WebSocket, request: FastifyRequest): void {
  const visitor = request.liveVisitor
  socket.on('error', () => socket.terminate())
  if (!visitor) {
    socket.terminate()
    return
  }
  const live: Live = {
    socket,
    visitorId: visitor.id,
    ip: request.ip,
    visited: visitedOf(request),
    visitor,
    window: { since: performance.now(), frames: 0 },
    typing: { typing: false, at: 0 },
  }
  deps.sockets.add(live)
  heartbeat.add(socket)
  let queue = locate(deps, live).then(
    () => sendFrame(socket, { type: 'ready' }),
    () => socket.terminate(),
  )
  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? null : readFrame(data)
    if (!frame || !mayGoOn(live)) return end(socket, frame ? 'tooMany' : 'badFrame')
    queue = queue.then(() => takeFrame(deps, live, frame)).catch(() => {})
  })
}

async function locate(deps: VisitorDeps, live: Live): Promise<void> {
  const places = (await placesOf(deps, live.visited, live.visitor)).map((place) => place.threadId)
  const { open } = live.visited
  const letters = open.adapter.continues?.(open.settings) ? await lettersOf(deps.db.pool, places) : null
  deps.sockets.settle(live.visitorId, [...places, ...(letters ?? [])])
  // Who is here needs no letter.
  if (letters !== null && places.length > 0) await seenVisitor(deps.db.pool, places)
}

/** null: not a frame of ours, whatever it was. */
function readFrame(data: RawData): VisitorFrame | null {
  try {
    const parsed = visitorFrame.safeParse(JSON.parse(String(data)))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function mayGoOn({ window }: Live): boolean {
  const now = performance.now()
  if (now - window.since > 10_000) {
    window.since = now
    window.frames = 0
  }
  window.frames += 1
  return window.frames <= MAX_FRAMES
}

async function takeFrame(deps: VisitorDeps, live: Live, frame: VisitorFrame): Promise<void> {
  const { socket, visited, visitor } = live
  if (frame.type === 'ping') {
    // A first message that went in through another process made the thread meanwhile.
    const { open } = live.visited
    const continues = !!open.adapter.continues?.(open.settings)
    if (continues || !deps.sockets.knowsThreads(live.visitorId)) await locate(deps, live)
    return sendFrame(socket, { type: 'pong' })
  }
  if (frame.type === 'ack') {
    await acknowledge(deps, { visited, visitor, upTo: frame.upTo, kind: 'delivered' })
    return
  }
  const now = performance.now()
  if (live.typing.typing === frame.typing && now - live.typing.at < TYPING_MS) return
  live.typing = { typing: frame.typing, at: now }
  const sink = await deps.ingest.sinkFor(visited.open.inboxId)
  sink.ephemeral({ thread: visited.door.thread(refsOf(visitor)[0]).key, typing: frame.typing })
}

function end(socket: WebSocket, code: 'badFrame' | 'tooMany'): void {
  socket.removeAllListeners('message')
  sendFrame(socket, { type: 'error', code })
  socket.close(1008)
  // A peer that reads nothing never answers the closing.
  setTimeout(() => socket.terminate(), 500).unref()
}
