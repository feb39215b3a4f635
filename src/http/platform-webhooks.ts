import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ChannelConnection, WebhookRequest } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { getInbox } from '../store/inbox.ts'
import { id } from '../wire/primitive.ts'
import type { HttpDeps } from './deps.ts'
import { notFound } from './http-error.ts'

const MAX_BODY = 8 * 1024 * 1024

/** `/hooks/:inboxId`: the raw bytes go to the channel, which checks the signature before it reads them. */
export async function registerPlatformWebhooks(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY }, (_request, body, done) =>
      done(null, body),
    )
    scope.route({
      method: ['GET', 'POST'],
      url: '/hooks/:inboxId',
      bodyLimit: MAX_BODY,
      schema: { hide: true },
      // Platforms call it, no browser: what browsers must refuse is worked out for nobody.
      helmet: false,
      handler: (request, reply) => passOn(deps, request, reply),
    })
    done()
  })
}

async function passOn(deps: HttpDeps, request: FastifyRequest, reply: FastifyReply) {
  const { inboxId } = request.params as { inboxId: string }
  if (!id.safeParse(inboxId).success) throw notFound('This inbox')
  const connection = await connectionOf(deps, inboxId)
  if (!connection?.handleWebhook) throw notFound('This inbox')
  const answer = await connection.handleWebhook(rawRequest(request), await deps.ingest.sinkFor(inboxId))
  reply
    .code(answer.status)
    .headers({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...answer.headers })
  return reply.send(answer.body ?? '')
}

/** undefined: there is no such inbox, so that a platform stops asking; an inbox that is only down says 503. */
async function connectionOf(deps: HttpDeps, inboxId: string): Promise<ChannelConnection | undefined> {
  try {
    return (await deps.connections.get(inboxId)).connection
  } catch (error) {
    if (!(error instanceof ChannelError) || (await getInbox(deps.db.pool, inboxId))) throw error
    return undefined
  }
}

function rawRequest(request: FastifyRequest): WebhookRequest {
  const query = Object.entries(request.query as Record<string, string | string[]>)
  return {
    method: request.method,
    query: Object.fromEntries(
      query.map(([name, value]) => [name, Array.isArray(value) ? (value.at(-1) ?? '') : value]),
    ),
    headers: doubledHeaders(request),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  }
}

// Node joins a repeated header with commas or drops the second: a signature sent twice must show as two.
function doubledHeaders(request: FastifyRequest): Record<string, string | string[] | undefined> {
  const headers: Record<string, string | string[] | undefined> = { ...request.headers }
  const all = request.raw.headersDistinct
  for (const name of Object.keys(all)) {
    const values = all[name]
    if (values && values.length > 1) headers[name] = values
  }
  return headers
}
