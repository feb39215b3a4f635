import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { registerConfirmAddress } from './confirm-address.ts'
import type { HttpDeps } from './deps.ts'
import { registerVisitorArticles } from './visitor-articles.ts'
import { registerVisitorAvailability } from './visitor-availability.ts'
import { enterDoor } from './visitor-door.ts'
import { registerVisitorEmail } from './visitor-email.ts'
import { registerVisitorFiles } from './visitor-files.ts'
import { registerVisitorForms } from './visitor-forms.ts'
import { createVisitorLimiter, usualLimits } from './visitor-limits.ts'
import { registerVisitorLive } from './visitor-live.ts'
import { registerVisitorMessages } from './visitor-messages.ts'
import { registerVisitorPlace } from './visitor-place.ts'
import { registerVisitorSession } from './visitor-session.ts'
import { createVisitorSockets, type VisitorSockets } from './visitor-sockets.ts'
import { createVisitorUrls, type VisitorUrls } from './visitor-urls.ts'
import { registerWidgetAssets } from './widget-assets.ts'
import { registerWidgetDemo } from './widget-demo.ts'

/** What the visitor API's routes share beyond what they are handed. */
export interface VisitorDeps extends HttpDeps {
  readonly limit: ReturnType<typeof createVisitorLimiter>
  readonly sockets: VisitorSockets
  readonly urls: VisitorUrls
}

/** The way in for customers on websites: the scripts, the demo page, and the API that a page may also call by itself. */
export async function registerWidget(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const shared: VisitorDeps = {
    ...deps,
    limit: createVisitorLimiter(deps.visitorLimits ?? usualLimits),
    sockets: createVisitorSockets({ hub: deps.hub, q: deps.db.pool }),
    urls: createVisitorUrls(deps.sealer, deps.publicUrl, deps.clock),
  }
  await registerWidgetAssets(app, deps.widgetRoot)
  registerWidgetDemo(app, deps)
  registerConfirmAddress(app, shared)
  await app.register(
    (scope, _options, done) => {
      const api = scope.withTypeProvider<ZodTypeProvider>()
      api.decorateRequest('visited', null)
      api.addHook('onRequest', (request, reply) => enterDoor(deps, request, reply))
      api.options('/*', async (_request, reply) => {
        reply.headers({
          'access-control-allow-methods': 'GET, POST, PUT',
          'access-control-allow-headers': 'authorization, content-type',
          'access-control-max-age': '600',
        })
        return reply.code(204).send()
      })
      registerVisitorSession(api, shared)
      registerVisitorMessages(api, shared)
      registerVisitorFiles(api, shared)
      registerVisitorEmail(api, shared)
      registerVisitorPlace(api, shared)
      registerVisitorAvailability(api, shared)
      registerVisitorLive(api, shared)
      registerVisitorArticles(api, shared)
      registerVisitorForms(api, shared)
      done()
    },
    { prefix: '/widget/v1/:inboxId' },
  )
}
