import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../domain/principal.ts'
import { findAgent } from '../store/agent.ts'
import { createSession, findSession, revokeSession } from '../store/session.ts'
import type { Me } from '../wire/session.ts'
import { agentView } from './agent-view.ts'
import type { HttpDeps } from './deps.ts'
import { notFound } from './http-error.ts'
import { cookieName, setSessionCookie } from './session-cookie.ts'

/** A new session with a new secret, whatever cookie came along; the one that came along ends. */
export async function signInAs(
  deps: HttpDeps,
  agentId: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Me> {
  const { pool } = deps.db
  const before = request.cookies[cookieName(deps.publicUrl)]
  const former = before === undefined || before.length > 512 ? null : await findSession(pool, before)
  if (former) await revokeSession(pool, former.agentId, former.id)
  const userAgent = request.headers['user-agent'] ?? null
  const { secret } = await createSession(pool, { agentId, ip: request.ip, userAgent })
  const session = await findSession(pool, secret)
  if (!session) throw notFound('This agent')
  setSessionCookie(reply, deps.publicUrl, secret)
  reply.header('cache-control', 'no-store')
  return meView(deps, { ...session, kind: 'session', scopes: ['read', 'write', 'admin'], seesOrphans: false })
}

export async function meView(deps: HttpDeps, who: Principal): Promise<Me> {
  const row = who.agentId === null ? null : await findAgent(deps.db.pool, who.agentId)
  const { kind, csrfToken } = who
  return { kind, agent: row && agentView(row, who), scopes: [...who.scopes], csrfToken }
}
