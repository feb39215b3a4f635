import { principalKey } from '../../domain/principal.ts'
import { dismissDeadJob, listDeadJobs, retryDeadJob } from '../../store/job-dead.ts'
import { deadJob, jobQuery } from '../../wire/job.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { notFound } from '../http-error.ts'
import { decodeIdCursor, pageOf } from '../page-cursor.ts'

export function registerJobs(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/jobs',
    {
      config: { access: 'admin' },
      schema: { summary: 'Background work that gave up', querystring: jobQuery, response: { 200: page(deadJob) } },
    },
    async (request) => {
      const limit = request.query.limit ?? 25
      const rows = await listDeadJobs(pool, decodeIdCursor(request.query.next) ?? null, limit + 1)
      const view = (row: (typeof rows)[number]) => ({
        ...row,
        payload: { ...row.payload },
        dueAt: row.dueAt.toISOString(),
      })
      return pageOf(rows, limit, view, (row) => ({ id: row.id }))
    },
  )
  app.post(
    '/jobs/:id/retry',
    { config: { access: 'admin' }, schema: { summary: 'Try it again', params: idParams, response: noContent } },
    async (request, reply) => {
      if (!(await retryDeadJob(pool, request.params.id))) throw notFound('This job')
      return reply.code(204).send()
    },
  )
  app.post(
    '/jobs/:id/dismiss',
    { config: { access: 'admin' }, schema: { summary: 'Leave it undone', params: idParams, response: noContent } },
    async (request, reply) => {
      const { id } = request.params
      const kind = await dismissDeadJob(pool, id)
      if (kind === null) throw notFound('This job')
      const by = principalKey(principalOf(request))
      deps.log.info({ event: 'job.dismissed', job: id, kind, by }, 'Somebody left failed work undone.')
      return reply.code(204).send()
    },
  )
}
