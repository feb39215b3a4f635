import { may, type Principal } from '../../domain/principal.ts'
import { hashPassword, verifyPassword } from '../../security/password.ts'
import {
  type AgentRow,
  createAgent,
  findAgent,
  findCredentials,
  listAgents,
  lockActiveAdmins,
  setPassword,
  updateAgent,
} from '../../store/agent.ts'
import { type Queryable, transaction } from '../../store/database.ts'
import { findFile } from '../../store/file.ts'
import { announceRevoked, revokeSessionsOf } from '../../store/session.ts'
import { type AgentPatch, agent, agentPatch, newAgent } from '../../wire/agent.ts'
import { page } from '../../wire/primitive.ts'
import { agentView } from '../agent-view.ts'
import { type Api, idParams } from '../api.ts'
import { spendAttempt } from '../attempts.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { badField, forbidden, HttpError, notFound } from '../http-error.ts'

export function registerAgents(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/agents',
    { config: { access: 'read' }, schema: { summary: 'Everybody who answers', response: { 200: page(agent) } } },
    async (request) => {
      const rows = await listAgents(pool)
      return { items: rows.map((row) => agentView(row, principalOf(request))), next: null }
    },
  )
  app.post(
    '/agents',
    { config: { access: 'admin' }, schema: { summary: 'Add somebody', body: newAgent, response: { 201: agent } } },
    async (request, reply) => {
      const { password, ...rest } = request.body
      const passwordHash = password === undefined ? null : await hashPassword(password)
      const row = await createAgent(pool, { ...rest, passwordHash })
      return reply.code(201).send(agentView(row, principalOf(request)))
    },
  )
  app.patch(
    '/agents/:id',
    {
      config: { access: 'write' },
      schema: { summary: 'Change somebody, or oneself', params: idParams, body: agentPatch, response: { 200: agent } },
    },
    async (request) => {
      const who = principalOf(request)
      const { id } = request.params
      await requireRight(deps, who, id, request.body)
      if (request.body.password) await changePassword(deps, who, request.body.password)
      const row = await transaction(deps.db, (tx) => change(tx, id, request.body))
      if (!row) throw notFound('This agent')
      return agentView(row, who)
    },
  )
}

async function requireRight(deps: HttpDeps, who: Principal, id: string, patch: AgentPatch): Promise<void> {
  const own = who.agentId === id
  if (!own && !may(who, 'admin')) throw forbidden()
  if ((patch.role !== undefined || patch.active !== undefined) && !may(who, 'admin')) throw forbidden()
  if (patch.password && (!own || who.kind !== 'session')) {
    throw forbidden('Only the person themselves, signed in, changes a password. Make a reset link instead.')
  }
  if (patch.publicAvatar) {
    const file = await findFile(deps.db.pool, patch.publicAvatar)
    if (!file || file.owner !== `agent:${id}`) throw badField('publicAvatar', 'is no picture of yours')
  }
}

async function changePassword(deps: HttpDeps, who: Principal, given: { current: string; next: string }): Promise<void> {
  const { agentId } = who
  if (agentId === null) throw forbidden()
  await spendAttempt(deps, { key: `password:${agentId}`, max: 10 })
  const found = await findCredentials(deps.db.pool, { id: agentId })
  if (!(await verifyPassword(found?.passwordHash ?? null, given.current))) {
    throw badField('password.current', 'is not your password')
  }
  const passwordHash = await hashPassword(given.next)
  await transaction(deps.db, async (tx) => {
    await setPassword(tx, agentId, passwordHash)
    await revokeSessionsOf(tx, agentId, who.id)
  })
}

async function change(tx: Queryable, id: string, { password, ...changes }: AgentPatch): Promise<AgentRow | null> {
  const admins = await lockActiveAdmins(tx)
  const before = await findAgent(tx, id)
  if (!before) return null
  const demoted = changes.role !== undefined && changes.role !== before.role
  const deactivated = changes.active === false && before.active
  const loses = (demoted && before.role === 'admin') || deactivated
  if (loses && admins.length === 1 && admins[0] === id) {
    throw new HttpError(409, 'lastAdmin', 'This is the last administrator. Make somebody else one first.')
  }
  if (demoted || deactivated) {
    await revokeSessionsOf(tx, id)
    await announceRevoked(tx, 'agent', id)
  }
  return updateAgent(tx, id, changes)
}
