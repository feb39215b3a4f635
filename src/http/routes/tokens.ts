import { may } from '../../domain/principal.ts'
import { createToken, deleteToken, listTokens, type TokenRow } from '../../store/token.ts'
import { page } from '../../wire/primitive.ts'
import { createdToken, newToken, type Token, token } from '../../wire/token.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { badField, forbidden, notFound } from '../http-error.ts'

/** Administrators see and revoke every token, everybody else their own. */
export function registerTokens(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/tokens',
    { config: { access: 'read' }, schema: { summary: 'API tokens', response: { 200: page(token) } } },
    async (request) => {
      const who = principalOf(request)
      const rows = await listTokens(pool, may(who, 'admin') ? null : (who.agentId ?? '0'))
      return { items: rows.map(tokenView), next: null }
    },
  )
  app.post(
    '/tokens',
    {
      config: { access: 'write' },
      schema: { summary: 'Make a token; its secret is shown once', body: newToken, response: { 201: createdToken } },
    },
    async (request, reply) => {
      const who = principalOf(request)
      const { name, scopes, expiresAt } = request.body
      // A token must not make one that may do more than itself.
      if (scopes.some((scope) => !may(who, scope)))
        throw forbidden('A token cannot have more rights than you have here.')
      const expires = expiresAt === undefined ? null : new Date(expiresAt)
      if (expires && expires.getTime() <= deps.clock().getTime()) throw badField('expiresAt', 'must lie in the future')
      const row = await createToken(pool, {
        name,
        scopes: [...new Set(scopes)],
        agentId: who.agentId,
        expiresAt: expires,
      })
      reply.header('cache-control', 'no-store')
      return reply.code(201).send({ ...tokenView(row), secret: row.secret })
    },
  )
  app.delete(
    '/tokens/:id',
    { config: { access: 'write' }, schema: { summary: 'Revoke a token', params: idParams, response: noContent } },
    async (request, reply) => {
      const who = principalOf(request)
      const owner = may(who, 'admin') ? null : (who.agentId ?? '0')
      if (!(await deleteToken(pool, request.params.id, owner))) throw notFound('This token')
      return reply.code(204).send()
    },
  )
}

function tokenView({ id, name, scopes, agentId, createdAt, expiresAt, lastUsedAt }: TokenRow): Token {
  return {
    id,
    name,
    scopes,
    agentId,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }
}
