import type { FastifyRequest } from 'fastify'
import type { Principal, Scope } from '../domain/principal.ts'
import { sameSecret } from '../store/secret.ts'
import { findSession, touchSession } from '../store/session.ts'
import { allInboxIds, findToken, touchToken } from '../store/token.ts'
import type { HttpDeps } from './deps.ts'
import { cookieName } from './session-cookie.ts'

const everyScope: readonly Scope[] = ['read', 'write', 'admin']
// Longer than any secret of ours: not worth hashing.
const MAX_SECRET = 512

/** What of a request says who asks; a socket keeps it to be looked up again. */
export type Asking = Pick<FastifyRequest, 'cookies'> & {
  readonly headers: { readonly authorization?: string | undefined }
}

/** Who asks, looked up afresh: by bearer token, else by session cookie; null: nobody we know. */
export async function authenticate(deps: HttpDeps, request: Asking): Promise<Principal | null> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const secret = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1]
    return secret && secret.length <= MAX_SECRET ? byToken(deps, secret) : null
  }
  const cookie = request.cookies[cookieName(deps.publicUrl)]
  return cookie && cookie.length <= MAX_SECRET ? bySession(deps, cookie) : null
}

async function bySession(deps: HttpDeps, secret: string): Promise<Principal | null> {
  const session = await findSession(deps.db.pool, secret)
  if (!session) return null
  if (session.stale) await touchSession(deps.db.pool, session.id)
  const { stale, ...principal } = session
  return { ...principal, kind: 'session', scopes: everyScope, seesOrphans: principal.role === 'admin' }
}

async function byToken(deps: HttpDeps, secret: string): Promise<Principal | null> {
  if (deps.apiToken !== undefined && sameSecret(secret, deps.apiToken)) return bootstrap(deps)
  const token = await findToken(deps.db.pool, secret)
  if (!token) return null
  if (token.stale) await touchToken(deps.db.pool, token.id)
  const { stale, ...principal } = token
  return { ...principal, kind: 'token', csrfToken: null, seesOrphans: principal.role === 'admin' }
}

async function bootstrap(deps: HttpDeps): Promise<Principal> {
  const inboxIds = await allInboxIds(deps.db.pool)
  return {
    kind: 'token',
    id: '0',
    agentId: null,
    role: 'admin',
    scopes: everyScope,
    inboxIds,
    teamIds: [],
    seesOrphans: true,
    csrfToken: null,
  }
}
