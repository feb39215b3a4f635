import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import websocket from '@fastify/websocket'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { registerBrowserRules } from './browser-rules.ts'
import type { HttpDeps } from './deps.ts'
import { answerError } from './error-answer.ts'
import { registerHelp } from './help/routes.ts'
import { rememberPaths } from './known-paths.ts'
import { registerOpenApi } from './openapi.ts'
import { registerOperations } from './operations.ts'
import { registerPlatformWebhooks } from './platform-webhooks.ts'
import { registerProgress } from './progress/routes.ts'
import { registerApi } from './register-api.ts'
import { registerWebFiles } from './web-files.ts'
import { registerWidget } from './widget.ts'

const KB = 1024
/** JSON. Replies are at most 100,000 characters, settings far less. */
const MAX_JSON = 1024 * KB
/** The parser cuts there without an error, so whoever stores a file must refuse at less: 25 MB is the largest. */
const CUT_FILE = 25 * 1024 * KB + 1

/** Routes are there, nothing listens yet: `listen` is the caller's. */
export async function buildServer(deps: HttpDeps): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    // Addresses carry one-time tokens and signatures: `logAnswer` names the route instead.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: typeof deps.trustProxy === 'boolean' ? deps.trustProxy : [...[deps.trustProxy].flat()],
    bodyLimit: MAX_JSON,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: false },
    // A client that sends one byte now and then may not hold a socket for ever, ms.
    connectionTimeout: 60_000,
    requestTimeout: 300_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: true,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16 * KB },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  app.removeContentTypeParser('text/plain')
  logAnswers(app)
  closeUnread(app)
  const paths = rememberPaths(app)
  registerOpenApi(app, deps.publicUrl)
  await registerBrowserRules(app, deps.publicUrl)
  await app.register(cookie)
  await app.register(multipart, { limits: { fileSize: CUT_FILE, files: 1, fields: 5, parts: 6, headerPairs: 50 } })
  await app.register(websocket, { options: { maxPayload: 16 * KB, perMessageDeflate: false } })
  registerOperations(app, deps)
  await registerPlatformWebhooks(app, deps)
  await registerWidget(app, deps)
  registerHelp(app, deps)
  registerProgress(app, deps)
  await registerApi(app, deps)
  await registerWebFiles(app, deps, paths)
  return app
}

/** Whoever was refused while still sending must not send the next request behind what nobody reads. */
function closeUnread(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    if (reply.statusCode >= 400 && !request.raw.complete) reply.header('connection', 'close')
  })
}

function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const level = reply.statusCode >= 500 ? 'warn' : 'debug'
    const { method, principal } = request
    const who = principal ? `${principal.kind}:${principal.id}` : undefined
    const ms = Math.round(reply.elapsedTime)
    request.log[level]({
      event: 'http.answered',
      method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      ms,
      who,
    })
  })
}
