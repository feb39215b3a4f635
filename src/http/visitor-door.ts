import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OpenInbox, VisitorDoor, VisitorRef } from '../channel/contract.ts'
import { getInbox } from '../store/inbox.ts'
import { findVisitor, touchVisitor, type Visitor } from '../store/visitor.ts'
import { visitorThreads } from '../store/visitor-messages.ts'
import { id } from '../wire/primitive.ts'
import type { HttpDeps } from './deps.ts'
import { forbidden, HttpError, notFound } from './http-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route under /widget/v1/:inboxId. */
    visited: Visited | null
  }
}

/** The inbox whose visitors ask. */
export interface Visited {
  readonly open: OpenInbox
  readonly door: VisitorDoor
}

/** Finds the inbox and tells the browser whether this website may ask. Before everything else: errors need it as well. */
export async function enterDoor(deps: HttpDeps, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { inboxId } = request.params as { inboxId?: string }
  const open = await openFor(deps, inboxId ?? '')
  const door = open.connection.visitors
  if (!door) throw notFound('This inbox')
  request.visited = { open, door }
  const { origin } = request.headers
  reply.header('vary', 'Origin')
  if (origin === undefined) return
  if (!door.allowsOrigin(origin)) throw forbidden('This website is not among those this inbox serves.')
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after',
  })
}

async function openFor(deps: HttpDeps, inboxId: string): Promise<OpenInbox> {
  if (!id.safeParse(inboxId).success) throw notFound('This inbox')
  try {
    return await deps.connections.get(inboxId)
  } catch (error) {
    const inbox = await getInbox(deps.db.pool, inboxId)
    if (inbox?.enabled !== true) throw notFound('This inbox')
    throw error
  }
}

export function visitedOf(request: FastifyRequest): Visited {
  if (!request.visited) throw notFound('This inbox')
  return request.visited
}

/** Longer than any token of ours: not worth hashing. */
const MAX_TOKEN = 512

/** Whose token it is; the same answer for unknown, expired and another inbox's. */
export async function visitorOf(deps: HttpDeps, request: FastifyRequest, queryToken?: string): Promise<Visitor> {
  const token = queryToken ?? /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const known = token !== '' && token.length <= MAX_TOKEN
  const visitor = known ? await findVisitor(deps.db.pool, visitedOf(request).open.inboxId, token) : null
  if (!visitor) throw new HttpError(401, 'unauthenticated', 'This visitor is not known. Open a new session.')
  if (visitor.stale) await touchVisitor(deps.db.pool, visitor.id)
  return visitor
}

/** The visitor as the channel sees them: signed in first, then as who they were before that. */
export function refsOf({ id: visitorId, identity }: Visitor): readonly [VisitorRef, ...VisitorRef[]] {
  return identity ? [{ id: visitorId, identity }, { id: visitorId }] : [{ id: visitorId }]
}

export interface VisitorPlace {
  readonly threadId: string
  readonly ref: VisitorRef
}

/** The threads that are this visitor's, at most two; none before the first message. */
export async function placesOf(deps: HttpDeps, { open, door }: Visited, visitor: Visitor): Promise<VisitorPlace[]> {
  const refs = new Map(refsOf(visitor).map((ref) => [door.thread(ref).key, ref]))
  const threads = await visitorThreads(deps.db.pool, open.inboxId, [...refs.keys()])
  return threads.map(({ id: threadId, key }) => ({ threadId, ref: refs.get(key)! }))
}
