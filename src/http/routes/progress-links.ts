import { randomBytes } from 'node:crypto'
import { actorOf } from '../../domain/principal.ts'
import {
  insertProgressLink,
  type ProgressLinkRow,
  progressLinksOf,
  progressPlace,
  revokeProgressLink,
} from '../../store/progress-link.ts'
import { madeProgressLink, progressLinks } from '../../wire/progress.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { HttpError, notFound } from '../http-error.ts'

/** The addresses under which a customer sees their case without signing in. */
export function registerProgressLinks(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/conversations/:id/progress-links',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Addresses of its progress page, newest first',
        params: idParams,
        response: { 200: progressLinks },
      },
    },
    async (request) => {
      const place = await progressPlace(pool, request.params.id, principalOf(request))
      if (!place) throw notFound('This conversation')
      return { items: (await progressLinksOf(pool, place.id)).map(view), possible: place.may }
    },
  )
  app.post(
    '/conversations/:id/progress-links',
    {
      config: { access: 'write' },
      schema: {
        summary: 'A new address of its progress page; it is told once',
        params: idParams,
        response: { 201: madeProgressLink },
      },
    },
    async (request, reply) => {
      const who = principalOf(request)
      const place = await progressPlace(pool, request.params.id, who)
      if (!place) throw notFound('This conversation')
      if (!place.may) {
        throw new HttpError(409, 'noProgressPage', 'There is no progress page where others read along, or here at all.')
      }
      const token = randomBytes(16).toString('base64url')
      const { id: conversationId, threadId, identityId } = place
      const made = { conversationId, threadId, identityId, token, createdBy: actorOf(who), now: deps.clock() }
      const id = await insertProgressLink(pool, made)
      const row = { id, conversationId, createdBy: made.createdBy, createdAt: made.now, revokedAt: null }
      reply.code(201).header('cache-control', 'no-store')
      return { ...view(row), url: `${deps.publicUrl}/t/${token}` }
    },
  )
  app.delete(
    '/progress-links/:id',
    {
      config: { access: 'write' },
      schema: { summary: 'Nobody sees it under this address any more', params: idParams, response: noContent },
    },
    async (request, reply) => {
      const done = await revokeProgressLink(pool, request.params.id, principalOf(request), deps.clock())
      if (!done) throw notFound('This address')
      return reply.code(204).send()
    },
  )
}

function view({ id, createdBy, createdAt, revokedAt }: ProgressLinkRow) {
  return { id, createdBy, createdAt: createdAt.toISOString(), revokedAt: revokedAt?.toISOString() ?? null }
}
