import type { FastifyInstance } from 'fastify'
import { Histogram } from 'prom-client'
import { pendingMigrations } from '../store/database.ts'
import type { HttpDeps } from './deps.ts'
import { HttpError } from './http-error.ts'

const READY_TIMEOUT_MS = 2_000

/** `/healthz`: the process answers. `/readyz`: the database answers and knows our tables. `/metrics`: numbers without names. */
export function registerOperations(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }))
  const ready = readiness(deps)
  app.get('/readyz', { schema: { hide: true } }, async () => {
    if (!(await ready()))
      throw new HttpError(503, 'notReady', 'The database does not answer or is not migrated.', { retryAfter: 1 })
    return { status: 'ready' }
  })
  if (!deps.metrics) return
  measure(app, deps)
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    return reply.type(deps.registry.contentType).send(await deps.registry.metrics())
  })
}

function readiness(deps: HttpDeps): () => Promise<boolean> {
  let migrated = false
  const look = async () => {
    // Migrations only ever go forward: once complete they stay so.
    if (migrated) await deps.db.pool.query('select 1')
    else migrated = !(await pendingMigrations(deps.db))
    return migrated
  }
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), READY_TIMEOUT_MS)
    })
    const answer = await Promise.race([look().catch(() => false), late])
    clearTimeout(timer)
    return answer
  }
}

/** Labelled by the route's pattern, never by what was asked for. */
function measure(app: FastifyInstance, deps: HttpDeps): void {
  const duration = new Histogram({
    name: 'tributary_http_request_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [deps.registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    duration.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
  })
}
