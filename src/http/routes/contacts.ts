import { Readable } from 'node:stream'
import { actorOf, type Principal } from '../../domain/principal.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { changeContact, findContact } from '../../store/contact.ts'
import { listContacts } from '../../store/contact-list.ts'
import { ownersOf, setVip } from '../../store/contact-owner.ts'
import { mergeSuggestions, mergesOf } from '../../store/contact-suggestion.ts'
import { contactTimeline } from '../../store/contact-timeline.ts'
import { eraseContact } from '../../store/erasure.ts'
import {
  type Contact,
  contact,
  contactPatch,
  contactQuery,
  erasure,
  listedContact,
  timelineEntry,
} from '../../wire/contact.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, idQuery } from '../api.ts'
import { exportOf } from '../contact-export.ts'
import { contactView, timelineView } from '../contact-view.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireLead } from '../guard.ts'
import { notFound } from '../http-error.ts'
import { decodeIdCursor, pageOf } from '../page-cursor.ts'

export function registerContacts(app: Api, deps: HttpDeps, links: FileLinks): void {
  const { pool } = deps.db
  app.get(
    '/contacts',
    {
      config: { access: 'read' },
      schema: {
        summary: 'People, newest first; `q` is the beginning of a name or a whole mail address',
        querystring: contactQuery,
        response: { 200: page(listedContact) },
      },
    },
    async (request) => {
      const { q, next, limit = 25 } = request.query
      const wish = { q, before: decodeIdCursor(next), limit: limit + 1 }
      const rows = await listContacts(pool, principalOf(request), wish)
      return pageOf(
        rows,
        limit,
        (row) => contactView(row, links),
        (row) => ({ id: row.id }),
      )
    },
  )
  app.get(
    '/contacts/:id',
    {
      config: { access: 'read' },
      schema: { summary: 'A person and their accounts', params: idParams, response: { 200: contact } },
    },
    (request) => detail(deps, links, request.params.id, principalOf(request)),
  )
  app.patch(
    '/contacts/:id',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Name and language of a person, and whether they go first',
        params: idParams,
        body: contactPatch,
        response: { 200: contact },
      },
    },
    async (request) => {
      const { id } = request.params
      await requireContact(deps, id, principalOf(request))
      const { vip, ...patch } = request.body
      await changeContact(deps.db, id, patch)
      if (vip !== undefined) await setVip(deps.db, id, vip)
      return detail(deps, links, id, principalOf(request))
    },
  )
  registerTimeline(app, deps)
  registerTheirRights(app, deps, links)
}

function registerTimeline(app: Api, deps: HttpDeps): void {
  app.get(
    '/contacts/:id/timeline',
    {
      config: { access: 'read' },
      schema: {
        summary: 'What a person and we said on all channels, newest first',
        params: idParams,
        querystring: idQuery,
        response: { 200: page(timelineEntry) },
      },
    },
    async (request) => {
      const who = principalOf(request)
      const { id } = request.params
      await requireContact(deps, id, who)
      const { next, limit = 25 } = request.query
      const wish = { before: decodeIdCursor(next), limit: limit + 1 }
      const rows = await contactTimeline(deps.db.pool, id, who, wish)
      return pageOf(rows, limit, timelineView, (row) => ({ id: row.messageId }))
    },
  )
}

/** What a person may ask of whoever keeps their words: all of them, and that they go. */
function registerTheirRights(app: Api, deps: HttpDeps, links: FileLinks): void {
  app.get(
    '/contacts/:id/export',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Everything of a person as one JSON document; supervisors and administrators',
        params: idParams,
      },
    },
    async (request, reply) => {
      requireLead(request)
      const who = principalOf(request)
      const { id } = request.params
      await requireContact(deps, id, who)
      reply.headers({
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="contact-${id}.json"`,
        'cache-control': 'no-store',
      })
      return reply.send(Readable.from(exportOf(deps, links, id, who)))
    },
  )
  app.delete(
    '/contacts/:id',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Erases everything of a person: at once a stranger, the rest within a minute',
        params: idParams,
        response: { 202: erasure },
      },
    },
    async (request, reply) => {
      const who = principalOf(request)
      const { id } = request.params
      await requireContact(deps, id, who)
      if (!(await eraseContact(deps.db, id, actorOf(who)))) throw notFound('This contact')
      deps.log.info({ event: 'contact.erased', contact: id, by: actorOf(who) }, 'A contact is being erased.')
      return reply.code(202).send({ id, state: 'erasing' })
    },
  )
}

async function requireContact(deps: HttpDeps, id: string, who: Principal): Promise<void> {
  if (!(await findContact(deps.db.pool, id, who))) throw notFound('This contact')
}

async function detail({ db: { pool } }: HttpDeps, links: FileLinks, id: string, who: Principal): Promise<Contact> {
  const row = await findContact(pool, id, who)
  if (!row) throw notFound('This contact')
  const [suggestions, merges, ownerIds] = await Promise.all([
    mergeSuggestions(pool, id, who),
    mergesOf(pool, id),
    ownersOf(pool, id),
  ])
  const standing = merges.map(({ at, ...merge }) => ({ ...merge, at: at.toISOString() }))
  return { ...contactView(row, links), ownerIds, suggestions, merges: standing }
}
