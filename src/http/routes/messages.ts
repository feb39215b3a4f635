import { resolveDelivery } from '../../delivery/resolve.ts'
import { actorOf } from '../../domain/principal.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { conversationOf, seesConversation } from '../../store/conversation-find.ts'
import { findMessage, listMessages, listVersions } from '../../store/message-list.ts'
import {
  firstMessage,
  message,
  messageAnswer,
  messageQuery,
  messageVersion,
  newMessage,
  resolveBody,
} from '../../wire/message.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams } from '../api.ts'
import { actorView, messageView } from '../conversation-view.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireInbox } from '../guard.ts'
import { HttpError, notFound } from '../http-error.ts'
import { answerConversation, beginConversation } from '../written-reply.ts'

export function registerMessages(app: Api, deps: HttpDeps, links: FileLinks): void {
  const { pool } = deps.db
  app.get(
    '/conversations/:id/messages',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Ascending by seq; the newest page first',
        params: idParams,
        querystring: messageQuery,
        response: { 200: page(message) },
      },
    },
    async (request) => {
      const { id } = request.params
      if (!(await seesConversation(pool, id, principalOf(request)))) throw notFound('This conversation')
      const { before, after, limit = 50 } = request.query
      const rows = await listMessages(pool, id, { before, after, limit: limit + 1 })
      const shown = after === undefined ? rows.slice(-limit) : rows.slice(0, limit)
      const edge = after === undefined ? shown.at(0) : shown.at(-1)
      return {
        items: shown.map((row) => messageView(row, links.urlOf)),
        next: rows.length > limit && edge ? edge.seq : null,
      }
    },
  )
  app.post(
    '/conversations/:id/messages',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Reply or note',
        params: idParams,
        body: newMessage,
        response: { 200: messageAnswer, 201: messageAnswer },
      },
    },
    async (request, reply) => {
      const made = await answerConversation(deps, principalOf(request), request.params.id, request.body)
      const row = await findMessage(pool, made.messageId)
      if (!row) throw notFound('This message')
      return reply.code(made.created ? 201 : 200).send({ message: messageView(row, links.urlOf) })
    },
  )
  registerFirst(app, deps, links)
  registerMessageDetails(app, deps, links)
}

/** Nobody has written yet. */
function registerFirst(app: Api, deps: HttpDeps, links: FileLinks): void {
  app.post(
    '/conversations',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Write first, where the channel can',
        body: firstMessage,
        response: { 200: messageAnswer, 201: messageAnswer },
      },
    },
    async (request, reply) => {
      requireInbox(request, request.body.inboxId)
      const made = await beginConversation(deps, principalOf(request), request.body)
      const row = await findMessage(deps.db.pool, made.messageId)
      if (!row) throw notFound('This message')
      return reply.code(made.created ? 201 : 200).send({ message: messageView(row, links.urlOf) })
    },
  )
}

function registerMessageDetails(app: Api, deps: HttpDeps, links: FileLinks): void {
  const { pool } = deps.db
  app.get(
    '/messages/:id/versions',
    {
      config: { access: 'read' },
      schema: { summary: 'Before it was edited', params: idParams, response: { 200: page(messageVersion) } },
    },
    async (request) => {
      const who = principalOf(request)
      const { id } = request.params
      if (!(await conversationOf(pool, 'message', id, who))) throw notFound('This message')
      const rows = await listVersions(pool, id, who.role !== 'agent')
      const items = rows.map(({ version, text, at, actor, actorName }) => ({
        version,
        text,
        at: at.toISOString(),
        by: actorView(actor, actorName),
      }))
      return { items, next: null }
    },
  )
  app.post(
    '/deliveries/:id/resolve',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Settle what the platform did not confirm',
        params: idParams,
        body: resolveBody,
        response: { 200: messageAnswer },
      },
    },
    async (request) => {
      const who = principalOf(request)
      const deliveryId = request.params.id
      if (!(await conversationOf(pool, 'delivery', deliveryId, who))) throw notFound('This delivery')
      const result = await resolveDelivery(deps.db, { deliveryId, as: request.body.as, actor: actorOf(who) })
      if (result.kind === 'unknown') throw notFound('This delivery')
      if (result.kind === 'settled') {
        throw new HttpError(409, 'settled', 'There is nothing to settle any more.', {
          details: { state: result.state },
        })
      }
      const row = await findMessage(pool, result.delivery.messageId)
      if (!row) throw notFound('This message')
      return { message: messageView(row, links.urlOf) }
    },
  )
}
