import type { FileLinks } from '../../security/file-link.ts'
import { findContact } from '../../store/contact.ts'
import { contact } from '../../wire/contact.ts'
import { type Api, idParams } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { notFound } from '../http-error.ts'

export function registerContacts(app: Api, deps: HttpDeps, links: FileLinks): void {
  app.get(
    '/contacts/:id',
    {
      config: { access: 'read' },
      schema: { summary: 'A person and their accounts', params: idParams, response: { 200: contact } },
    },
    async (request) => {
      const row = await findContact(deps.db.pool, request.params.id, principalOf(request))
      if (!row) throw notFound('This contact')
      const identities = row.identities.map(({ verifiedBy, ...identity }) => ({
        ...identity,
        verified: verifiedBy !== null,
      }))
      const picture = row.picture === null ? null : links.urlOf(row.picture)
      return { ...row, picture, identities, createdAt: row.createdAt.toISOString() }
    },
  )
}
