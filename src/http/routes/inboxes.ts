import { createInbox, updateInbox } from '../../ingest/save-inbox.ts'
import { getInbox, listInboxes, removeInbox, retryInbox } from '../../store/inbox.ts'
import { inbox, inboxPatch, inboxTest, inboxTestResult, newInbox } from '../../wire/inbox.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireInbox } from '../guard.ts'
import { notFound } from '../http-error.ts'
import { testInbox } from '../inbox-test.ts'
import { inboxViews } from '../inbox-view.ts'

export function registerInboxes(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/inboxes',
    { config: { access: 'read' }, schema: { summary: 'The inboxes I see', response: { 200: page(inbox) } } },
    async (request) => {
      const who = principalOf(request)
      return { items: await inboxViews(deps, await listInboxes(pool, who.inboxIds), who), next: null }
    },
  )
  app.get(
    '/inboxes/:id',
    {
      config: { access: 'read' },
      schema: { summary: 'One inbox; secrets read "•••"', params: idParams, response: { 200: inbox } },
    },
    async (request) => {
      requireInbox(request, request.params.id)
      const row = await getInbox(pool, request.params.id)
      const [view] = row ? await inboxViews(deps, [row], principalOf(request)) : []
      if (!view) throw notFound('This inbox')
      return view
    },
  )
  registerInboxChanges(app, deps)
}

function registerInboxChanges(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.post(
    '/inboxes',
    { config: { access: 'admin' }, schema: { summary: 'Add an inbox', body: newInbox, response: { 201: inbox } } },
    async (request, reply) => {
      const row = await createInbox(deps, request.body)
      const [view] = await inboxViews(deps, [row], principalOf(request))
      if (!view) throw notFound('This inbox')
      return reply.code(201).send(view)
    },
  )
  app.patch(
    '/inboxes/:id',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Change it; a secret sent as "•••" stays',
        params: idParams,
        body: inboxPatch,
        response: { 200: inbox },
      },
    },
    async (request) => {
      const row = await updateInbox(deps, request.params.id, request.body)
      const [view] = row ? await inboxViews(deps, [row], principalOf(request)) : []
      if (!view) throw notFound('This inbox')
      return view
    },
  )
  app.delete(
    '/inboxes/:id',
    {
      config: { access: 'admin' },
      schema: { summary: 'Remove it; its conversations stay', params: idParams, response: noContent },
    },
    async (request, reply) => {
      if (!(await removeInbox(pool, request.params.id))) throw notFound('This inbox')
      return reply.code(204).send()
    },
  )
  app.post(
    '/inboxes/test',
    {
      config: { access: 'admin' },
      schema: { summary: 'Would these settings connect?', body: inboxTest, response: { 200: inboxTestResult } },
    },
    (request) => testInbox(deps, request.body),
  )
  app.post(
    '/inboxes/:id/retry',
    {
      config: { access: 'admin' },
      schema: { summary: 'Try again with the same settings', params: idParams, response: noContent },
    },
    async (request, reply) => {
      if (!(await retryInbox(pool, request.params.id))) throw notFound('This inbox')
      return reply.code(204).send()
    },
  )
}
