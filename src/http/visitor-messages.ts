import type { FastifyReply } from 'fastify'
import type { InboundMessage, OutboundFile } from '../channel/contract.ts'
import { findFiles } from '../store/file.ts'
import type { Visitor } from '../store/visitor.ts'
import {
  lettersOf,
  messagesAfter,
  messagesBefore,
  openDeliveries,
  ownUpTo,
  seenUpTo,
  threadEnds,
  visitorMessage,
} from '../store/visitor-messages.ts'
import {
  visitorMessageAnswer,
  visitorMessageBody,
  visitorMessageQuery,
  visitorMessages,
  visitorReadAnswer,
  visitorReadBody,
} from '../wire/visitor.ts'
import type { Api } from './api.ts'
import { badField, HttpError } from './http-error.ts'
import { placesOf, refsOf, type Visited, visitedOf, visitorOf } from './visitor-door.ts'
import { vouchForSignedIn } from './visitor-email.ts'
import { visitorView } from './visitor-view.ts'
import type { VisitorDeps } from './widget.ts'

const PAGE = 50

export function registerVisitorMessages(app: Api, deps: VisitorDeps): void {
  app.post(
    '/messages',
    { schema: { body: visitorMessageBody, response: { 200: visitorMessageAnswer, 201: visitorMessageAnswer } } },
    async (request, reply) => {
      const visited = visitedOf(request)
      const visitor = await visitorOf(deps, request)
      deps.limit('message', { inboxId: visited.open.inboxId, ip: request.ip, visitorId: visitor.id })
      const { clientId, text, language, attachments = [] } = request.body
      checkLimits(visited, text, attachments)
      const message = visited.door.message({
        visitor: refsOf(visitor)[0],
        clientId: clientId.toLowerCase(),
        text,
        attachments: await ownFiles(deps, visitor, attachments),
        at: deps.clock(),
        ...(language !== undefined && { language }),
      })
      return commitMessage(deps, reply, { visited, visitor, message })
    },
  )

  app.get(
    '/messages',
    { schema: { querystring: visitorMessageQuery, response: { 200: visitorMessages } } },
    async (request, reply) => {
      const visited = visitedOf(request)
      const visitor = await visitorOf(deps, request)
      deps.limit('look', { inboxId: visited.open.inboxId, ip: request.ip, visitorId: visitor.id })
      reply.header('cache-control', 'no-store')
      const { after, before = null, limit = PAGE } = request.query
      return messagePage(deps, { visited, visitor, after, before, limit })
    },
  )

  app.put('/read', { schema: { body: visitorReadBody, response: { 200: visitorReadAnswer } } }, async (request) => {
    const visited = visitedOf(request)
    const visitor = await visitorOf(deps, request)
    deps.limit('look', { inboxId: visited.open.inboxId, ip: request.ip, visitorId: visitor.id })
    return { readUpTo: await acknowledge(deps, { visited, visitor, upTo: request.body.upTo, kind: 'read' }) }
  })
}

export function checkLimits({ open }: Visited, text: string, attachments: readonly string[]): void {
  const capabilities = open.adapter.capabilities(open.settings)
  const { maxPerMessage } = capabilities.attachments
  if (text.length > capabilities.text.max)
    throw badField('text', `may have at most ${capabilities.text.max} characters`)
  if (text.trim() === '' && attachments.length === 0) throw badField('text', 'must not be empty')
  if (attachments.length > maxPerMessage) throw badField('attachments', `may be at most ${maxPerMessage}`)
  if (new Set(attachments).size < attachments.length) throw badField('attachments', 'must not repeat')
}

/** Only what this visitor uploaded; somebody else's file looks like one that does not exist. */
export async function ownFiles(deps: VisitorDeps, visitor: Visitor, ids: readonly string[]): Promise<OutboundFile[]> {
  const files = await findFiles(deps.db.pool, ids)
  const own = files.filter((file) => file.owner === `visitor:${visitor.id}`)
  if (own.length < ids.length) throw new HttpError(422, 'unknownFile', 'A file of this message does not exist.')
  return own.map(({ id, name, type, size }) => ({ id, name, type, size }))
}

interface Said {
  readonly visited: Visited
  readonly visitor: Visitor
  readonly message: InboundMessage
}

/** Answers only after the commit: until then the page must keep the words and send them again. */
export async function commitMessage(deps: VisitorDeps, reply: FastifyReply, { visited, visitor, message }: Said) {
  const { inboxId } = visited.open
  const sink = await deps.ingest.sinkFor(inboxId)
  const { outcomes } = await sink.commit({ events: [message] })
  const places = await placesOf(deps, visited, visitor)
  const threads = places.map((place) => place.threadId)
  deps.sockets.settle(visitor.id, [...threads, ...(await lettersOf(deps.db.pool, threads))])
  await vouchForSignedIn(deps, visited, visitor)
  const row = await visitorMessage(deps.db.pool, threads, message.externalId)
  if (!row) throw new HttpError(422, 'notStored', 'This message could not be taken. It was kept for an administrator.')
  reply.code(outcomes[0]?.kind === 'applied' ? 201 : 200).header('cache-control', 'no-store')
  return { message: visitorView(row, { inboxId, urls: deps.urls }) }
}

interface PageWish {
  readonly visited: Visited
  readonly visitor: Visitor
  readonly after: string | undefined
  readonly before: string | null
  readonly limit: number
}

async function messagePage(deps: VisitorDeps, { visited, visitor, after, before, limit }: PageWish) {
  const q = deps.db.pool
  const places = (await placesOf(deps, visited, visitor)).map((place) => place.threadId)
  const letters = await lettersOf(q, places)
  const threads = [...places, ...letters]
  const known = after === undefined ? null : readCursor(after)
  const from = threads.map(
    (id, index) => (index < places.length ? known?.places[index] : known?.letters.get(id)) ?? '0',
  )
  // Asked first: what commits between the two is fetched twice rather than never.
  const ends = known ? from : await threadEnds(q, threads)
  const rows = known
    ? await messagesAfter(q, threads, from, limit + 1)
    : await messagesBefore(q, threads, before, limit + 1)
  const more = rows.length > limit
  const items = known ? rows.slice(0, limit) : rows.slice(-limit)
  const cursor = ends.map((end, n) => items.findLast((row) => known && row.threadId === threads[n])?.id ?? end)
  const tail = letters.map((id, n) => `${id}-${cursor[places.length + n]}`).join('.')
  return {
    items: items.map((row) => visitorView(row, { inboxId: visited.open.inboxId, urls: deps.urls })),
    cursor: `${cursor.slice(0, places.length).join('.') || '0'}${tail && `~${tail}`}`,
    more,
    seenUpTo: await seenUpTo(q, places),
  }
}

/** Places by their order, which does not change; letters by their thread, as more of them come. */
function readCursor(cursor: string): { places: string[]; letters: Map<string, string> } {
  const [places = '', letters = ''] = cursor.split('~')
  const pairs = letters.split('.').map((pair) => pair.split('-') as [string, string])
  return { places: places.split('.'), letters: new Map(pairs) }
}

export interface Acknowledgement {
  readonly visited: Visited
  readonly visitor: Visitor
  readonly upTo: string
  readonly kind: 'read' | 'delivered'
}

/**
 * A receipt for each part of ours up to `upTo`; answers how far that is. Each names its own part, so that one which overtakes
 * its delivery waits for it: a page may show a reply before it counts as sent.
 */
export async function acknowledge(deps: VisitorDeps, { visited, visitor, upTo, kind }: Acknowledgement) {
  const places = await placesOf(deps, visited, visitor)
  const refs = new Map(places.map((place) => [place.threadId, place.ref]))
  const threads = [...refs.keys()]
  const open = await openDeliveries(deps.db.pool, threads, upTo, kind)
  if (open.length > 0) {
    const at = deps.clock()
    const events = open.map(({ id, threadId }) =>
      visited.door[kind]({ visitor: refs.get(threadId)!, externalId: id, at }),
    )
    const sink = await deps.ingest.sinkFor(visited.open.inboxId)
    await sink.commit({ events })
  }
  return ownUpTo(deps.db.pool, threads, upTo)
}
