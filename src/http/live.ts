import type { FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { Principal } from '../domain/principal.ts'
import { type Heartbeat, startHeartbeat } from '../realtime/heartbeat.ts'
import { createHintEncoder, type HintEncoder } from '../realtime/hint-merge.ts'
import { createOutlet } from '../realtime/outlet.ts'
import { openingFor } from '../realtime/snapshot.ts'
import { personOf } from '../store/ephemeral.ts'
import type { FeedEntry } from '../store/feed.ts'
import type { Api } from './api.ts'
import type { HttpDeps } from './deps.ts'
import { principalOf } from './guard.ts'
import { forbidden } from './http-error.ts'
import { keepPresence, type PresenceOptions } from './live-presence.ts'
import { credentialsOf, keepAuthorized } from './live-revocation.ts'
import { createLiveSocket, type LiveSocket, leaveView, mayGoOn, readFrame, seesRow, takeFrame } from './live-socket.ts'
import { isOwnOrigin } from './same-origin.ts'

const MAX_SOCKETS_EACH = 40
/** Rows held for one socket while it is told what it missed. */
const MAX_HELD = 2_000

export interface LiveOptions {
  readonly heartbeatMs?: number
  readonly socketsEach?: number
  /** How long a socket may leave what it is told unread. */
  readonly stuckMs?: number
  readonly presence?: PresenceOptions
}

/** WS /live: what changed, as ids and versions. Content is fetched over HTTP, by whoever may see it. */
export function registerLive(app: Api, deps: HttpDeps, options: LiveOptions = {}): void {
  const sockets = new Set<LiveSocket>()
  const heartbeat = startHeartbeat(options.heartbeatMs)
  const encode = createHintEncoder()
  const presence = keepPresence(deps, sockets, options.presence)
  const authorization = keepAuthorized(deps, sockets)
  app.get(
    '/live',
    {
      websocket: true,
      config: { access: 'read' },
      schema: {
        summary: 'WebSocket: what changed, as ids and versions',
        querystring: z.strictObject({ since: z.string().max(40).optional() }),
      },
      // A page elsewhere can open a socket with our cookie: the browser says whose page it is.
      preValidation: async (request) => {
        if (!isOwnOrigin(request, deps.publicUrl)) throw forbidden('This request comes from another website.')
      },
    },
    (socket, request) => {
      const live = accept(deps, { socket, request, sockets, heartbeat, encode }, options)
      if (live !== null) authorization.watch(live, credentialsOf(request))
    },
  )
  app.addHook('preClose', async () => {
    presence.close()
    heartbeat.close()
    authorization.close()
    for (const { socket } of sockets) socket.terminate()
  })
}

interface Arrival {
  readonly socket: WebSocket
  readonly request: FastifyRequest
  readonly sockets: Set<LiveSocket>
  readonly heartbeat: Heartbeat
  readonly encode: HintEncoder
}

function accept(deps: HttpDeps, arrival: Arrival, options: LiveOptions): LiveSocket | null {
  const { socket, request, sockets, heartbeat } = arrival
  const principal = principalOf(request)
  const ids = { agent: principal.agentId, principal: `${principal.kind}:${principal.id}` }
  const log = (event: string) => deps.log.info({ event, ...ids }, 'A live socket was closed.')
  const outlet = createOutlet(socket, { log, encode: arrival.encode, stuckMs: options.stuckMs })
  socket.on('error', () => socket.terminate())
  const same = [...sockets].filter((other) => sameOwner(other.principal, principal)).length
  if (same >= (options.socketsEach ?? MAX_SOCKETS_EACH)) {
    outlet.end('tooMany')
    return null
  }
  const live = createLiveSocket(socket, outlet, principal)
  sockets.add(live)
  heartbeat.add(socket)
  // One frame after the other, or a slow look-up would let a later one overtake.
  let queue = Promise.resolve()
  socket.on('message', (data, isBinary) => {
    const frame = readFrame(data, isBinary)
    if (frame === null || !mayGoOn(live)) return outlet.end(frame === null ? 'badFrame' : 'tooMany')
    queue = queue.then(() => takeFrame(deps, live, frame)).catch(() => {})
  })
  const stop = follow(deps, live, (request.query as { since?: string }).since)
  socket.once('close', () => {
    sockets.delete(live)
    stop()
    queue = queue.then(() => leaveView(deps.db, live)).catch(() => {})
  })
  return live
}

function sameOwner(one: Principal, other: Principal): boolean {
  return one.agentId === null ? one.id === other.id && one.kind === other.kind : one.agentId === other.agentId
}

/** Subscribes first and catches up second: rows that arrive meanwhile are held, so that there is no gap between the two. */
function follow(deps: HttpDeps, live: LiveSocket, since: string | undefined): () => void {
  let held: FeedEntry[] | undefined = []
  let stop = () => {}
  const onRows = (rows: readonly FeedEntry[]) => {
    if (held === undefined) live.outlet.hints(rows)
    else if (held.push(...rows) > MAX_HELD) live.outlet.end('tooSlow')
  }
  const open = async () => {
    await deps.hub.ready
    if (live.socket.readyState !== live.socket.OPEN) return
    stop = deps.hub.subscribe({ sees: (row) => seesRow(live.principal, row), onRows })
    live.person = await personOf(deps.db.pool, live.principal.agentId)
    const opening = await openingFor(deps.db.pool, { since, until: deps.hub.position }, live.principal)
    live.outlet.begin(opening.position, opening.resync)
    live.outlet.hints(opening.rows)
    live.outlet.hints(held ?? [])
    held = undefined
  }
  // Without the database nothing can be promised: the browser comes again.
  open().catch(() => live.socket.terminate())
  return () => stop()
}
