import type { FastifyRequest } from 'fastify'
import { actorOf } from '../../domain/principal.ts'
import { mergeContacts, unmergeContacts } from '../../store/contact-merge.ts'
import { seenContacts, seesContact } from '../../store/contact-people.ts'
import { dismissSuggestion } from '../../store/contact-suggestion.ts'
import { transaction } from '../../store/database.ts'
import { createLinkCode } from '../../store/link-code.ts'
import {
  linkCode,
  mergedContact,
  otherContactBody,
  unmergeContactBody,
  unmergedContact,
} from '../../wire/contact-link.ts'
import { type Api, idParams, noContent } from '../api.ts'
import { spendAttempt } from '../attempts.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { HttpError, notFound } from '../http-error.ts'

/** Codes one colleague may make within the time in which tries are counted. */
const MOST_CODES = 30

/** Several accounts, one person. */
export function registerContactLinks(app: Api, deps: HttpDeps): void {
  registerMerging(app, deps)
  const { pool } = deps.db
  app.post(
    '/contacts/:id/suggestions/dismiss',
    {
      config: { access: 'write' },
      schema: { summary: 'Not the same person', params: idParams, body: otherContactBody, response: noContent },
    },
    async (request, reply) => {
      const who = principalOf(request)
      const [contactId, otherId] = [request.params.id, request.body.contactId]
      if ((await seenContacts(pool, [contactId, otherId], who)).size < 2) throw notFound('This contact')
      await dismissSuggestion(pool, { contactId, otherId, actor: actorOf(who) })
      return reply.code(204).send()
    },
  )
  app.post(
    '/contacts/:id/link-codes',
    {
      config: { access: 'write' },
      schema: {
        summary: 'A code that the customer writes from another account of theirs',
        params: idParams,
        response: { 201: linkCode },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return reply.code(201).send(await codeFor(deps, request, request.params.id))
    },
  )
}

async function codeFor(deps: HttpDeps, request: FastifyRequest, contactId: string) {
  const who = principalOf(request)
  if (!(await seesContact(deps.db.pool, contactId, who))) throw notFound('This contact')
  const actor = actorOf(who)
  await spendAttempt(deps, { key: `link-codes:${actor}`, max: MOST_CODES })
  const { code, expiresAt } = await transaction(deps.db, (tx) => createLinkCode(tx, { contactId }, actor))
  return { code, expiresAt: expiresAt.toISOString() }
}

function registerMerging(app: Api, { db }: HttpDeps): void {
  app.post(
    '/contacts/:id/merge',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Another contact is the same person',
        params: idParams,
        body: otherContactBody,
        response: { 200: mergedContact },
      },
    },
    async (request) => {
      const who = principalOf(request)
      const [keptId, mergedId] = [request.params.id, request.body.contactId]
      const result = await mergeContacts(db, { keptId, mergedId, who, actor: actorOf(who) })
      if (result.kind === 'itself') throw new HttpError(422, 'itself', 'A contact cannot be merged with itself.')
      if (result.kind === 'unknown') throw notFound('This contact')
      return { contactId: keptId, mergeId: result.mergeId }
    },
  )
  app.post(
    '/contacts/:id/unmerge',
    {
      config: { access: 'write' },
      schema: {
        summary: 'They are two people after all',
        params: idParams,
        body: unmergeContactBody,
        response: { 200: unmergedContact },
      },
    },
    async (request) => {
      const who = principalOf(request)
      const wish = { contactId: request.params.id, mergeId: request.body.mergeId, who, actor: actorOf(who) }
      const result = await unmergeContacts(db, wish)
      if (result.kind === 'unknown') throw notFound('This contact')
      if (result.kind === 'movedOn') {
        throw new HttpError(409, 'movedOn', 'Its accounts were given to somebody else since. Nothing is left to undo.')
      }
      return { contactId: result.contactId }
    },
  )
}
