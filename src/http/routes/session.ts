import type { FastifyRequest } from 'fastify'
import { setAvailability } from '../../store/agent.ts'
import { sendSignal } from '../../store/ephemeral.ts'
import { notify } from '../../store/feed-insert.ts'
import { noteActive } from '../../store/presence.ts'
import { listSessions, revokeSession } from '../../store/session.ts'
import { availabilityBody } from '../../wire/agent.ts'
import { page } from '../../wire/primitive.ts'
import { me, ownSession, signIn } from '../../wire/session.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { agentOf, principalOf } from '../guard.ts'
import { notFound } from '../http-error.ts'
import { clearSessionCookie } from '../session-cookie.ts'
import { checkPassword } from '../sign-in.ts'
import { meView, signInAs } from '../signed-in.ts'

export function registerSession(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.post(
    '/session',
    { config: { access: 'public' }, schema: { summary: 'Sign in', body: signIn, response: { 201: me } } },
    async (request, reply) => {
      const agentId = await checkPassword(deps, { ...request.body, ip: request.ip })
      return reply.code(201).send(await signInAs(deps, agentId, request, reply))
    },
  )
  app.delete(
    '/session',
    { config: { access: 'session' }, schema: { summary: 'Sign out', response: noContent } },
    async (request, reply) => {
      await revokeSession(pool, agentOf(request), principalOf(request).id)
      clearSessionCookie(reply, deps.publicUrl)
      return reply.code(204).send()
    },
  )
  app.get(
    '/me',
    { config: { access: 'read' }, schema: { summary: 'Who am I', response: { 200: me } } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return meView(deps, principalOf(request))
    },
  )
  app.put(
    '/me/availability',
    {
      config: { access: 'write' },
      schema: { summary: 'Say whether I am here', body: availabilityBody, response: noContent },
    },
    async (request, reply) => {
      const agentId = agentOf(request)
      await setAvailability(pool, agentId, request.body.state)
      // Saying it is a sign of life.
      await noteActive(pool, agentId, 0)
      await notify(pool, ['queue'])
      await sendSignal(pool, { type: 'presence', agentId, availability: request.body.state })
      return reply.code(204).send()
    },
  )
  registerOwnSessions(app, deps)
}

function registerOwnSessions(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/me/sessions',
    { config: { access: 'session' }, schema: { summary: 'Where I am signed in', response: { 200: page(ownSession) } } },
    async (request) => ({ items: await ownSessions(deps, request), next: null }),
  )
  app.delete(
    '/me/sessions/:id',
    { config: { access: 'session' }, schema: { summary: 'Sign out there', params: idParams, response: noContent } },
    async (request, reply) => {
      if (!(await revokeSession(pool, agentOf(request), request.params.id))) throw notFound('This session')
      return reply.code(204).send()
    },
  )
}

async function ownSessions(deps: HttpDeps, request: FastifyRequest) {
  const rows = await listSessions(deps.db.pool, agentOf(request))
  return rows.map(({ id, ip, userAgent, createdAt, lastSeenAt }) => ({
    id,
    current: id === principalOf(request).id,
    address: ip,
    userAgent,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  }))
}
