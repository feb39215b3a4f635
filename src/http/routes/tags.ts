import { transaction } from '../../store/database.ts'
import { createTag, deleteTag, listTags, lockTag, renameTag, writeTag } from '../../store/tag.ts'
import { page } from '../../wire/primitive.ts'
import { newTag, tag, tagPatch } from '../../wire/tag.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { requireLead } from '../guard.ts'
import { notFound } from '../http-error.ts'

/** Everybody may make a tag; changing what others use is for supervisors and administrators. */
export function registerTags(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/tags',
    { config: { access: 'read' }, schema: { summary: 'All tags', response: { 200: page(tag) } } },
    async () => ({ items: await listTags(pool), next: null }),
  )
  app.post(
    '/tags',
    { config: { access: 'write' }, schema: { summary: 'Make a tag', body: newTag, response: { 201: tag } } },
    async (request, reply) => {
      const { name, color = null } = request.body
      return reply.code(201).send(await createTag(pool, { name, color }))
    },
  )
  app.patch(
    '/tags/:id',
    {
      config: { access: 'write' },
      schema: { summary: 'Rename or recolour', params: idParams, body: tagPatch, response: { 200: tag } },
    },
    async (request) => {
      requireLead(request)
      return transaction(deps.db, async (tx) => {
        const before = await lockTag(tx, request.params.id)
        if (!before) throw notFound('This tag')
        const { name = before.name, color = before.color } = request.body
        const after = { ...before, name, color }
        await writeTag(tx, after)
        if (name !== before.name) await renameTag(tx, before.name, name)
        return after
      })
    },
  )
  app.delete(
    '/tags/:id',
    { config: { access: 'write' }, schema: { summary: 'Take it off the list', params: idParams, response: noContent } },
    async (request, reply) => {
      requireLead(request)
      if (!(await deleteTag(pool, request.params.id))) throw notFound('This tag')
      return reply.code(204).send()
    },
  )
}
