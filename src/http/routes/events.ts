import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import type { Principal } from '../../domain/principal.ts'
import type { Hub } from '../../realtime/hub.ts'
import { eventOf, feedHead, feedSlice } from '../../store/feed.ts'
import { feedPage, feedQuery } from '../../wire/feed.ts'
import type { Api } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { badField, HttpError } from '../http-error.ts'
import { seesRow } from '../live-socket.ts'

const DEFAULT_LIMIT = 100
/** Requests one agent or token may keep waiting. */
const MAX_WAITING = 20

/** GET /events: the durable feed, from any position, as often as somebody asks. */
export function registerEvents(app: Api, deps: HttpDeps): void {
  const waiting = new Map<string, number>()
  app.get(
    '/events',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Each change once, in order per conversation',
        querystring: feedQuery,
        response: { 200: feedPage },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request)
      const { after = '0', wait = 0 } = request.query
      if (after.length > 16) throw badField('after', 'is not a position of this feed')
      const first = await pageOf(deps, request.query, principal)
      if (first.items.length > 0 || wait === 0 || first.next !== first.head) return first
      const leave = enter(waiting, `${principal.kind}:${principal.id}`)
      try {
        await change(deps.hub, { principal, after: first.next, ms: wait * 1000 }, reply)
      } finally {
        leave()
      }
      return pageOf(deps, { ...request.query, after: first.next }, principal)
    },
  )
}

async function pageOf(deps: HttpDeps, query: z.infer<typeof feedQuery>, principal: Principal) {
  const { after = '0', limit = DEFAULT_LIMIT } = query
  const { rows, next, head } = await feedSlice(deps.db.pool, { after, limit }, principal)
  if (Number(after) > Number(head) && Number(after) > Number(await feedHead(deps.db.pool))) {
    const message = `The feed ends at ${head}; this position is of another database. Begin again with what you hold.`
    throw new HttpError(409, 'positionAhead', message, { details: { head } })
  }
  return { items: rows.map(eventOf), next, head }
}

function enter(waiting: Map<string, number>, who: string): () => void {
  const n = (waiting.get(who) ?? 0) + 1
  if (n > MAX_WAITING) {
    throw new HttpError(429, 'rateLimited', 'Too many requests of yours wait for events already.', { retryAfter: 5 })
  }
  waiting.set(who, n)
  return () => {
    const left = (waiting.get(who) ?? 1) - 1
    if (left === 0) waiting.delete(who)
    else waiting.set(who, left)
  }
}

interface Awaited {
  readonly principal: Principal
  readonly after: string
  readonly ms: number
}

/** Until something visible came after `after`, the time is over or nobody waits any more. */
function change(hub: Hub, { principal, after, ms }: Awaited, reply: FastifyReply): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      reply.raw.off('close', done)
      stop()
      resolve()
    }
    const timer = setTimeout(done, ms)
    reply.raw.once('close', done)
    const stop = hub.subscribe({ sees: (row) => seesRow(principal, row), onRows: done })
    // What came between the look at the table and here was told to nobody yet, or is already behind the hub.
    if (Number(hub.position) > Number(after)) done()
  })
}
