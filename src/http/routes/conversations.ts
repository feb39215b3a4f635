import type { Principal } from '../../domain/principal.ts'
import { actorOf } from '../../domain/principal.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { changeConversation } from '../../store/conversation-change.ts'
import {
  countConversations,
  type FoundConversation,
  findConversation,
  listActivities,
  markRead,
  seesConversation,
} from '../../store/conversation-find.ts'
import { listConversations } from '../../store/conversation-list.ts'
import { answersOf } from '../../store/form.ts'
import { runningPromises } from '../../store/promise.ts'
import { findVisitorAddress } from '../../store/visitor-address.ts'
import {
  activity,
  type ConversationDetail,
  type ConversationPatch,
  conversation,
  conversationCounts,
  conversationDetail,
  conversationPatch,
  conversationQuery,
  readBody,
} from '../../wire/conversation.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, idQuery, noContent } from '../api.ts'
import { wayOut } from '../capabilities.ts'
import { filterOf, pageOfQuery, priorities } from '../conversation-filter.ts'
import { activityView, conversationView } from '../conversation-view.ts'
import type { HttpDeps } from '../deps.ts'
import { agentOf, principalOf } from '../guard.ts'
import { badField, conflict, HttpError, notFound } from '../http-error.ts'
import { decodeIdCursor, pageOf } from '../page-cursor.ts'

export function registerConversations(app: Api, deps: HttpDeps, links: FileLinks): void {
  const { pool } = deps.db
  app.get(
    '/conversations',
    {
      config: { access: 'read' },
      schema: { summary: 'The inbox list', querystring: conversationQuery, response: { 200: page(conversation) } },
    },
    async (request) => {
      const who = principalOf(request)
      const list = pageOfQuery(request.query)
      const rows = await listConversations(pool, who, filterOf(request.query, who), list)
      const view = (row: (typeof rows)[number]) => conversationView(row, who.agentId !== null, links.urlOf)
      return pageOf(rows, list.limit - 1, view, (row) => ({ sort: list.sort, at: row.sortKey, id: row.id }))
    },
  )
  app.get(
    '/conversations/counts',
    {
      config: { access: 'read' },
      schema: { summary: 'Numbers beside the views', response: { 200: conversationCounts } },
    },
    (request) => countConversations(pool, principalOf(request)),
  )
  app.get(
    '/conversations/:id',
    {
      config: { access: 'read' },
      schema: { summary: 'One case', params: idParams, response: { 200: conversationDetail } },
    },
    (request) => detail({ ...deps, links }, request.params.id, principalOf(request)),
  )
  app.patch(
    '/conversations/:id',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Status, people, priority, tags',
        params: idParams,
        body: conversationPatch,
        response: { 200: conversationDetail },
      },
    },
    async (request) => {
      await change(deps, principalOf(request), request.params.id, request.body)
      return detail({ ...deps, links }, request.params.id, principalOf(request))
    },
  )
  registerReading(app, deps)
}

function registerReading(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.put(
    '/conversations/:id/read',
    {
      config: { access: 'write' },
      schema: { summary: 'Read up to here', params: idParams, body: readBody, response: noContent },
    },
    async (request, reply) => {
      const agentId = agentOf(request)
      const { id } = request.params
      if (!(await seesConversation(pool, id, principalOf(request)))) throw notFound('This conversation')
      await markRead(pool, id, agentId, request.body.seq)
      return reply.code(204).send()
    },
  )
  app.get(
    '/conversations/:id/activities',
    {
      config: { access: 'read' },
      schema: {
        summary: 'What was changed, newest first',
        params: idParams,
        querystring: idQuery,
        response: { 200: page(activity) },
      },
    },
    async (request) => {
      const { id } = request.params
      if (!(await seesConversation(pool, id, principalOf(request)))) throw notFound('This conversation')
      const limit = request.query.limit ?? 50
      const rows = await listActivities(pool, id, { before: decodeIdCursor(request.query.next), limit: limit + 1 })
      return pageOf(rows, limit, activityView, (row) => ({ id: row.id }))
    },
  )
}

type Linked = HttpDeps & { readonly links: FileLinks }

async function detail({ links, ...deps }: Linked, id: string, who: Principal): Promise<ConversationDetail> {
  const row = await findConversation(deps.db.pool, id, who)
  if (!row) throw notFound('This conversation')
  return {
    ...conversationView(row, who.agentId !== null, links.urlOf),
    ...(await wayOut(deps, row.id)),
    reachedAt: await reachedAt(deps, row),
    lastSeq: Number(row.lastSeq),
    readSeq: Number(row.readSeq),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    claims: await claimOf(deps, row, who),
    mergedInto: row.mergedInto && { id: row.mergedInto.id, number: Number(row.mergedInto.number) },
    slaPolicyId: row.slaPolicyId,
    promises: await promisesOf(deps, row.id),
    answers: await answersOf(deps.db.pool, row.id),
    inboxName: row.inboxName,
    channelName: deps.channels.find((channel) => channel.id === row.channel)?.name ?? row.channel,
  }
}

async function promisesOf(deps: HttpDeps, id: string): Promise<ConversationDetail['promises']> {
  const rows = await runningPromises(deps.db.pool, [id])
  const promises = rows.map(({ kind, dueAt }) => ({ kind, dueAt: dueAt?.toISOString() ?? null }))
  // What stands still comes last.
  return promises.sort((a, b) => ((a.dueAt ?? '~') < (b.dueAt ?? '~') ? -1 : 1))
}

/** Of what they may not see nobody learns even the number. */
async function claimOf(deps: HttpDeps, { claimsConversationId }: FoundConversation, who: Principal) {
  if (claimsConversationId === null) return null
  const row = await findConversation(deps.db.pool, claimsConversationId, who)
  return row && { id: row.id, number: Number(row.number), subject: row.subject }
}

async function reachedAt(deps: HttpDeps, { threadId }: FoundConversation): Promise<ConversationDetail['reachedAt']> {
  const known = await findVisitorAddress(deps.db.pool, threadId)
  const address = known?.address ?? known?.pending
  return address ? { address, confirmed: known?.address === address } : null
}

async function change(deps: HttpDeps, who: Principal, id: string, body: ConversationPatch): Promise<void> {
  const { basedOn, force, priority, snoozedUntil, ...rest } = body
  const result = await changeConversation(deps.db, {
    conversationId: id,
    who,
    actor: actorOf(who),
    patch: {
      ...rest,
      ...(priority !== undefined && { priority: priorities.indexOf(priority) + 1 }),
      ...(snoozedUntil !== undefined && { snoozedUntil: snoozedUntil === null ? null : new Date(snoozedUntil) }),
    },
    basedOn,
    force: force === true,
    now: deps.clock(),
  })
  if (result.kind === 'unknown') throw notFound('This conversation')
  if (result.kind === 'refused') throw badField(result.field, result.message)
  if (result.kind === 'conflict') throw conflict(result.causes, result.version)
  if (result.kind === 'newerConversation') {
    throw new HttpError(409, 'newerConversation', 'The customer has a newer open conversation in the same place.')
  }
}
