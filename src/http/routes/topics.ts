import { createTopic, deleteTopic, listTopics, renameTopic } from '../../store/topic.ts'
import { page } from '../../wire/primitive.ts'
import { topic, topicBody } from '../../wire/topic.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { requireLead } from '../guard.ts'
import { notFound } from '../http-error.ts'

/** Everybody reads them; supervisors and administrators keep them. */
export function registerTopics(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/topics',
    { config: { access: 'read' }, schema: { summary: 'What cases are about', response: { 200: page(topic) } } },
    async () => ({ items: await listTopics(pool), next: null }),
  )
  app.post(
    '/topics',
    { config: { access: 'write' }, schema: { summary: 'Make a topic', body: topicBody, response: { 201: topic } } },
    async (request, reply) => {
      requireLead(request)
      return reply.code(201).send(await createTopic(pool, request.body.name))
    },
  )
  app.patch(
    '/topics/:id',
    {
      config: { access: 'write' },
      schema: { summary: 'Rename a topic', params: idParams, body: topicBody, response: { 200: topic } },
    },
    async (request) => {
      requireLead(request)
      const row = await renameTopic(pool, request.params.id, request.body.name)
      if (!row) throw notFound('This topic')
      return row
    },
  )
  app.delete(
    '/topics/:id',
    {
      config: { access: 'write' },
      schema: { summary: 'Remove a topic, also from cases and skills', params: idParams, response: noContent },
    },
    async (request, reply) => {
      requireLead(request)
      if (!(await deleteTopic(pool, request.params.id))) throw notFound('This topic')
      return reply.code(204).send()
    },
  )
}
