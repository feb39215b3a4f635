import { sampleRecord, workHere } from '../../store/sample.ts'
import { type Sample, sample } from '../../wire/sample.ts'
import { type Api, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError, notFound } from '../http-error.ts'

/** An invented desk to look around in. Its code and files are read when somebody asks for it. */
export function registerSample(app: Api, deps: HttpDeps): void {
  app.get(
    '/sample',
    {
      config: { access: 'admin' },
      schema: { summary: 'Whether sample data is here, or can be loaded', response: { 200: sample } },
    },
    () => stateOf(deps),
  )
  app.post(
    '/sample',
    {
      config: { access: 'admin' },
      schema: { summary: 'Load sample data into an empty installation', response: { 201: sample } },
    },
    async (_request, reply) => {
      if (deps.sampleRoot === undefined) throw notFound('Sample data')
      const { loadSample, NotEmpty } = await import('../../sample/load-sample.ts')
      const refused = (error: unknown) => {
        throw error instanceof NotEmpty ? new HttpError(409, 'notEmpty', error.message) : error
      }
      await loadSample(deps, deps.sampleRoot).catch(refused)
      return reply.code(201).send({ state: 'loaded' })
    },
  )
  app.delete(
    '/sample',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Remove all that sample data brought, and what was written in its inboxes',
        response: noContent,
      },
    },
    async (_request, reply) => {
      const { Entangled, removeSample } = await import('../../sample/remove-sample.ts')
      const refused = (error: unknown) => {
        throw error instanceof Entangled ? new HttpError(409, 'entangled', error.message) : error
      }
      if (!(await removeSample(deps.db).catch(refused))) throw notFound('Sample data')
      return reply.code(204).send()
    },
  )
}

async function stateOf({ db, sampleRoot }: HttpDeps): Promise<Sample> {
  if (await sampleRecord(db.pool)) return { state: 'loaded' }
  const closed = sampleRoot === undefined || (await workHere(db.pool)).length > 0
  return { state: closed ? 'closed' : 'none' }
}
