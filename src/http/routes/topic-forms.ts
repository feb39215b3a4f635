import { deleteForm, formOfTopic, listForms, saveForm } from '../../store/form.ts'
import { topicForm, topicFormBody } from '../../wire/form.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { requireLead } from '../guard.ts'
import { notFound } from '../http-error.ts'

/** What customers are asked about a topic. Everybody reads them; supervisors and administrators keep them. */
export function registerTopicForms(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/topic-forms',
    { config: { access: 'read' }, schema: { summary: 'Forms of all topics', response: { 200: page(topicForm) } } },
    async () => ({ items: (await listForms(pool)) as never, next: null }),
  )
  app.get(
    '/topics/:id/form',
    {
      config: { access: 'read' },
      schema: { summary: 'What customers are asked about it', params: idParams, response: { 200: topicForm } },
    },
    async (request) => {
      const form = await formOfTopic(pool, request.params.id)
      if (!form) throw notFound('This form')
      return form as never
    },
  )
  app.put(
    '/topics/:id/form',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Say what customers are asked about it',
        params: idParams,
        body: topicFormBody,
        response: { 200: topicForm },
      },
    },
    async (request) => {
      requireLead(request)
      const form = await saveForm(pool, { topicId: request.params.id, ...request.body })
      if (!form) throw notFound('This topic')
      return form as never
    },
  )
  app.delete(
    '/topics/:id/form',
    {
      config: { access: 'write' },
      schema: { summary: 'Ask nothing about it; answers stay', params: idParams, response: noContent },
    },
    async (request, reply) => {
      requireLead(request)
      if (!(await deleteForm(pool, request.params.id))) throw notFound('This form')
      return reply.code(204).send()
    },
  )
}
