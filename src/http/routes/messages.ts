import { reply as writeReply } from '../../delivery/reply.ts'
import { ReplyConflict, type ReplyInput, ReplyRejected } from '../../delivery/reply-input.ts'
import { resolveDelivery } from '../../delivery/resolve.ts'
import { actorOf, type Principal } from '../../domain/principal.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { conversationOf, seesConversation } from '../../store/conversation-find.ts'
import { findMessage, listMessages, listVersions } from '../../store/message-list.ts'
import type { Recipient } from '../../wire/letter.ts'
import {
  message,
  messageAnswer,
  messageQuery,
  messageVersion,
  type NewMessage,
  newMessage,
  resolveBody,
} from '../../wire/message.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams } from '../api.ts'
import { actorView, messageView } from '../conversation-view.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { conflict, HttpError, notFound } from '../http-error.ts'

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
      const made = await write(deps, principalOf(request), request.params.id, request.body)
      const row = await findMessage(pool, made.messageId)
      if (!row) throw notFound('This message')
      return reply.code(made.created ? 201 : 200).send({ message: messageView(row, links.urlOf) })
    },
  )
  registerMessageDetails(app, deps, links)
}

async function write(deps: HttpDeps, who: Principal, id: string, body: NewMessage) {
  if (!(await seesConversation(deps.db.pool, id, who))) throw notFound('This conversation')
  try {
    return await writeReply(deps, replyInput(who, id, body))
  } catch (error) {
    if (error instanceof ReplyConflict) throw conflict(error.causes, error.version)
    if (error instanceof ReplyRejected) throw rejected(error)
    throw error
  }
}

function replyInput(who: Principal, conversationId: string, body: NewMessage): ReplyInput {
  const { kind, text, clientId, attachments, replyTo, basedOn, force, subject } = body
  const recipients = recipientsOf(body)
  return {
    conversationId,
    kind,
    text,
    clientId,
    author: { type: 'agent', key: actorOf(who), priority: 'person', ...(who.agentId !== null && { id: who.agentId }) },
    attachmentFileIds: attachments ?? [],
    ...(replyTo && { replyTo }),
    ...(basedOn !== undefined && { basedOn }),
    ...(force !== undefined && { force }),
    ...(subject !== undefined && { subject }),
    ...(recipients && { recipients }),
  }
}

function recipientsOf({ to, cc, bcc }: NewMessage): ReplyInput['recipients'] {
  const named = (list: readonly Recipient[]) => list.map(({ name = '', address }) => ({ name, address }))
  return { ...(to && { to: named(to) }), ...(cc && { cc: named(cc) }), ...(bcc && { bcc: named(bcc) }) }
}

function rejected(error: ReplyRejected): HttpError {
  if (error.code === 'unknownConversation') return notFound('This conversation')
  if (error.code === 'clientIdTaken' || error.code === 'merged') return new HttpError(409, error.code, error.message)
  if (error.code === 'tooLarge') return new HttpError(413, error.code, error.message)
  if (error.code === 'empty') return new HttpError(400, error.code, error.message)
  return new HttpError(422, error.code, error.message)
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
