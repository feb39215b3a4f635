import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Access, may, type Principal } from '../domain/principal.ts'
import { sameSecret } from '../store/secret.ts'
import { authenticate } from './authenticate.ts'
import type { HttpDeps } from './deps.ts'
import { forbidden, HttpError, notFound } from './http-error.ts'
import { requireOwnOrigin } from './same-origin.ts'

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
  }
  interface FastifyContextConfig {
    /** Who may ask. A route under /api/v1 without it does not start. */
    access?: Access | 'public'
  }
}

/** Denies by default: every route says who may ask, and this is the only place that decides whether they do. */
export function guard(app: FastifyInstance, deps: HttpDeps): void {
  app.decorateRequest('principal', null)
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`${route.method} ${route.url} does not say who may ask.`)
  })
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config
    // Unknown paths have no access of their own and end as 404.
    if (access === undefined || request.is404) return
    if (access === 'public') {
      if (changes(request)) requireOwnOrigin(request, deps.publicUrl)
      return
    }
    const principal = await authenticate(deps, request)
    if (!principal) throw new HttpError(401, 'unauthenticated', 'Sign in, or send a token that is still valid.')
    request.principal = principal
    requireCsrfToken(request, principal, deps.publicUrl)
    if (!may(principal, access)) throw forbidden()
  })
}

/** A page elsewhere can make a browser send our cookie, but can neither read the token nor set the header. */
function requireCsrfToken(request: FastifyRequest, principal: Principal, publicUrl: string): void {
  if (principal.csrfToken === null || !changes(request)) return
  requireOwnOrigin(request, publicUrl)
  const sent = request.headers['x-csrf-token']
  if (typeof sent !== 'string' || !sameSecret(sent, principal.csrfToken)) {
    throw new HttpError(403, 'csrf', 'The header x-csrf-token is missing or old. Reload the page.')
  }
}

function changes(request: FastifyRequest): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD'
}

/** The principal of a guarded route. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new HttpError(401, 'unauthenticated', 'Sign in first.')
  return request.principal
}

/** The agent who asks, where a token of the installation has nobody to stand for. */
export function agentOf(request: FastifyRequest): string {
  const { agentId } = principalOf(request)
  if (agentId === null) throw forbidden('This needs a person: sign in, or use a token made by an agent.')
  return agentId
}

/** Supervisors and administrators. */
export function requireLead(request: FastifyRequest): void {
  if (principalOf(request).role === 'agent') throw forbidden('This is for supervisors and administrators.')
}

/** An inbox that is not theirs looks like one that is not there. */
export function requireInbox(request: FastifyRequest, inboxId: string): void {
  if (!principalOf(request).inboxIds.includes(inboxId)) throw notFound('This inbox')
}
