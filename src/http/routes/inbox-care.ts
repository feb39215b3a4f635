import { principalKey } from '../../domain/principal.ts'
import { retryQuarantined } from '../../ingest/quarantine.ts'
import { transaction } from '../../store/database.ts'
import { getInbox } from '../../store/inbox.ts'
import { readHealth } from '../../store/inbox-health.ts'
import { dismissQuarantined, getQuarantined, listQuarantine } from '../../store/quarantine.ts'
import { announceRevoked } from '../../store/session.ts'
import { inboxMembers as membersOf, setInboxMembers } from '../../store/team.ts'
import { health, inboxMembers, inboxMembersBody, quarantineItem, quarantineRetry } from '../../wire/inbox.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, idQuery, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireInbox, requireLead } from '../guard.ts'
import { notFound } from '../http-error.ts'
import { healthView } from '../inbox-view.ts'
import { decodeIdCursor, pageOf } from '../page-cursor.ts'
import { budgetsLeft } from '../send-budgets.ts'

export function registerInboxCare(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/inboxes/:id/health',
    {
      config: { access: 'read' },
      schema: { summary: 'Is it receiving?', params: idParams, response: { 200: health } },
    },
    async (request) => {
      const { id } = request.params
      requireInbox(request, id)
      const [row, report] = [await getInbox(pool, id), (await readHealth(pool, [id])).get(id)]
      if (!row || !report) throw notFound('This inbox')
      return healthView(deps, { row, report, budgets: await budgetsLeft(deps, id) })
    },
  )
  app.get(
    '/inboxes/:id/quarantine',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Events that could not be applied',
        params: idParams,
        querystring: idQuery,
        response: { 200: page(quarantineItem) },
      },
    },
    async (request) => {
      const { id } = request.params
      requireInbox(request, id)
      requireLead(request)
      const limit = request.query.limit ?? 25
      const rows = await listQuarantine(pool, id, { limit: limit + 1, before: decodeIdCursor(request.query.next) })
      const view = (row: (typeof rows)[number]) => ({ ...row, receivedAt: row.receivedAt.toISOString() })
      return pageOf(rows, limit, view, (row) => ({ id: row.id }))
    },
  )
  app.post(
    '/quarantine/:id/retry',
    {
      config: { access: 'write' },
      schema: { summary: 'Apply it now', params: idParams, response: { 200: quarantineRetry } },
    },
    async (request) => {
      const waiting = await getQuarantined(pool, request.params.id)
      // The same words for what is hidden and for what is not there.
      if (!waiting || !principalOf(request).inboxIds.includes(waiting.inboxId)) throw notFound('This event')
      requireLead(request)
      const outcome = await retryQuarantined(deps.db, waiting.id, deps.clock())
      if (!outcome) throw notFound('This event')
      return { outcome: outcome.kind, ...(outcome.kind === 'quarantined' && { reason: outcome.reason }) }
    },
  )
  registerDismissal(app, deps)
  registerMembers(app, deps)
}

function registerDismissal(app: Api, deps: HttpDeps): void {
  app.post(
    '/quarantine/:id/dismiss',
    { config: { access: 'admin' }, schema: { summary: 'Give it up', params: idParams, response: noContent } },
    async (request, reply) => {
      const { id } = request.params
      const waiting = await getQuarantined(deps.db.pool, id)
      if (!waiting || !principalOf(request).inboxIds.includes(waiting.inboxId)) throw notFound('This event')
      if (!(await dismissQuarantined(deps.db.pool, id))) throw notFound('This event')
      const facts = { inbox: waiting.inboxId, inboundEvent: id, by: principalKey(principalOf(request)) }
      deps.log.info({ event: 'quarantine.dismissed', ...facts }, 'Somebody gave up what could not be applied.')
      return reply.code(204).send()
    },
  )
}

function registerMembers(app: Api, deps: HttpDeps): void {
  app.get(
    '/inboxes/:id/members',
    {
      config: { access: 'read' },
      schema: { summary: 'Who sees it', params: idParams, response: { 200: inboxMembers } },
    },
    async (request) => {
      requireInbox(request, request.params.id)
      return members(deps, request.params.id)
    },
  )
  app.put(
    '/inboxes/:id/members',
    {
      config: { access: 'admin' },
      schema: { summary: 'Say who sees it', params: idParams, body: inboxMembersBody, response: { 200: inboxMembers } },
    },
    async (request) => {
      const { id } = request.params
      if (!(await getInbox(deps.db.pool, id))) throw notFound('This inbox')
      await transaction(deps.db, async (tx) => {
        for (const agentId of await setInboxMembers(tx, id, request.body.agentIds)) {
          await announceRevoked(tx, 'agent', agentId)
        }
      })
      return members(deps, id)
    },
  )
}

async function members(deps: HttpDeps, id: string) {
  const row = await getInbox(deps.db.pool, id)
  if (!row) throw notFound('This inbox')
  return { agentIds: await membersOf(deps.db.pool, id), teamId: row.teamId }
}
