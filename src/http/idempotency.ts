import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { principalKey } from '../domain/principal.ts'
import type { Sealed } from '../domain/sealer.ts'
import { claimKey, type IdempotencyKey, releaseKey, saveAnswer } from '../store/idempotency.ts'
import type { HttpDeps } from './deps.ts'
import { badField, HttpError } from './http-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    idempotencyKey: IdempotencyKey | null
  }
}

/** `Idempotency-Key` on every POST of somebody known: the same key with the same body is done once and answered alike. */
export function idempotency(app: FastifyInstance, deps: HttpDeps): void {
  app.decorateRequest('idempotencyKey', null)
  app.addHook('preHandler', async (request, reply) => {
    // What arrives as a stream has not been read yet: its route calls `once` itself.
    if (request.isMultipart?.()) return
    return once(
      deps,
      request,
      reply,
      createHash('sha256')
        .update(JSON.stringify(request.body ?? null))
        .digest(),
    )
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const key = request.idempotencyKey
    if (key === null) return payload
    request.idempotencyKey = null
    const answered = reply.statusCode < 500 && reply.statusCode !== 429
    if (!answered || (payload !== null && payload !== undefined && typeof payload !== 'string')) {
      await releaseKey(deps.db.pool, key)
    } else {
      // Sealed, because the answer may show a token that is stored nowhere else.
      const sealed = deps.sealer.seal(payload ?? '', sealContext(key))
      await saveAnswer(deps.db.pool, key, reply.statusCode, sealed)
    }
    return payload
  })
}

/** Answers from memory when this was done before; otherwise lets the route go on. */
export async function once(deps: HttpDeps, request: FastifyRequest, reply: FastifyReply, bodyHash: Buffer) {
  const key = keyOf(request)
  if (key === null) return
  const earlier = await claimKey(deps.db.pool, key, bodyHash)
  if (earlier.kind === 'otherBody') {
    throw new HttpError(422, 'idempotencyKeyReused', 'This Idempotency-Key was used with another body.')
  }
  if (earlier.kind === 'running') {
    throw new HttpError(409, 'inProgress', 'The first request with this key is still being worked on.', {
      retryAfter: 1,
    })
  }
  if (earlier.kind === 'first') {
    request.idempotencyKey = key
    return
  }
  const body = deps.sealer.open(earlier.response as Sealed, sealContext(key))
  reply.code(earlier.status).header('idempotent-replayed', 'true')
  if (body === '') return reply.send()
  return reply
    .type('application/json; charset=utf-8')
    .serializer((text: string) => text)
    .send(body)
}

function keyOf(request: FastifyRequest): IdempotencyKey | null {
  const key = request.headers['idempotency-key']
  if (request.method !== 'POST' || key === undefined || request.principal === null) return null
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw badField('Idempotency-Key', 'one header of 1 to 200 visible ASCII characters')
  }
  // The path with its ids: the same key on another conversation is another request.
  const [path = ''] = request.url.split('?')
  return { principal: principalKey(request.principal), route: `POST ${path.slice(0, 300)}`, key }
}

function sealContext(key: IdempotencyKey): string {
  return `idempotency:${key.principal}:${key.route}:${key.key}`
}
