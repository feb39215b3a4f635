import type { FastifyRequest } from 'fastify'
import { actorOf } from '../../domain/principal.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { seesConversation } from '../../store/conversation-find.ts'
import { type DraftRow, deleteDraft, findDraft, saveDraft } from '../../store/draft.ts'
import { findFiles } from '../../store/file.ts'
import { privateDoor } from '../../wire/conversation.ts'
import { type Draft, draft, draftAnswer, draftBody } from '../../wire/draft.ts'
import { preview, previewBody } from '../../wire/message.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { agentOf, principalOf } from '../guard.ts'
import { badField, HttpError, notFound } from '../http-error.ts'
import { previewOf } from '../preview.ts'
import { privateDoorOf } from '../private-door.ts'

export function registerComposing(app: Api, deps: HttpDeps, links: FileLinks): void {
  const { pool } = deps.db
  const keyOf = async (request: FastifyRequest, conversationId: string) => {
    if (!(await seesConversation(pool, conversationId, principalOf(request)))) throw notFound('This conversation')
    return { conversationId, agentId: agentOf(request) }
  }
  app.post(
    '/conversations/:id/preview',
    {
      config: { access: 'read' },
      schema: { summary: 'What would be sent', params: idParams, body: previewBody, response: { 200: preview } },
    },
    async (request) => {
      const { id } = request.params
      if (!(await seesConversation(pool, id, principalOf(request)))) throw notFound('This conversation')
      return previewOf(deps, id, actorOf(principalOf(request)), request.body)
    },
  )
  app.get(
    '/conversations/:id/private-door',
    {
      config: { access: 'read' },
      schema: { summary: 'Words that ask them to go on in private', params: idParams, response: { 200: privateDoor } },
    },
    async (request) => {
      const { id } = request.params
      if (!(await seesConversation(pool, id, principalOf(request)))) throw notFound('This conversation')
      return privateDoorOf(deps, id)
    },
  )
  app.get(
    '/conversations/:id/draft',
    { config: { access: 'read' }, schema: { summary: 'My draft', params: idParams, response: { 200: draftAnswer } } },
    async (request) => {
      const row = await findDraft(pool, await keyOf(request, request.params.id))
      return { draft: row && (await draftView(deps, row, links)) }
    },
  )
  app.put(
    '/conversations/:id/draft',
    {
      config: { access: 'write' },
      schema: { summary: 'Keep my draft', params: idParams, body: draftBody, response: { 200: draft } },
    },
    async (request) => {
      const key = await keyOf(request, request.params.id)
      const { attachments = [], replyTo = null, basedOn = null, letter = null, ...rest } = request.body
      const owner = actorOf(principalOf(request))
      const files = await findFiles(pool, attachments)
      if (files.length !== attachments.length || files.some((file) => file.owner !== owner)) {
        throw badField('attachments', 'names a file that is not yours')
      }
      const row = await saveDraft(pool, key, { ...rest, attachments, replyTo, basedOn, letter })
      if (row) return draftView(deps, row, links)
      const current = await findDraft(pool, key)
      const details = { draft: current && (await draftView(deps, current, links)) }
      throw new HttpError(409, 'staleDraft', 'This draft was changed or sent elsewhere.', { details })
    },
  )
  app.delete(
    '/conversations/:id/draft',
    { config: { access: 'write' }, schema: { summary: 'Discard my draft', params: idParams, response: noContent } },
    async (request, reply) => {
      await deleteDraft(pool, await keyOf(request, request.params.id))
      return reply.code(204).send()
    },
  )
}

async function draftView(deps: HttpDeps, row: DraftRow, links: FileLinks): Promise<Draft> {
  const files = await findFiles(deps.db.pool, row.attachments)
  const attachments = files.map(({ id, name, type, size }) => ({ id, name, type, size, url: links.urlOf(id) }))
  return { ...row, attachments, updatedAt: row.updatedAt.toISOString() }
}
