import { z } from 'zod'
import { hashPassword } from '../../security/password.ts'
import { createAgent, findAgent, findCredentials, joinTeams, setPassword } from '../../store/agent.ts'
import { type Queryable, transaction } from '../../store/database.ts'
import {
  createOneTimeLink,
  findOneTimeLink,
  type NewOneTimeLink,
  type OneTimeLink,
  useOneTimeLink,
  voidOneTimeLinks,
} from '../../store/one-time-link.ts'
import { announceRevoked, revokeSessionsOf } from '../../store/session.ts'
import { me, newInvitation, type OneTimeUse, oneTimeInfo, oneTimeLink, oneTimeUse } from '../../wire/session.ts'
import { type Api, idParams } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { badField, HttpError, notFound } from '../http-error.ts'
import { requireCode } from '../second-factor.ts'
import { signInAs } from '../signed-in.ts'

const tokenParams = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })

export function registerOneTime(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/one-time/:token',
    {
      config: { access: 'public' },
      schema: { summary: 'What a one-time link is for', params: tokenParams, response: { 200: oneTimeInfo } },
    },
    async (request, reply) => {
      const link = await findOneTimeLink(pool, request.params.token)
      if (!link) throw notFound('This link')
      const { purpose, email, name, role, expiresAt } = link
      reply.header('cache-control', 'no-store')
      return { purpose, email, name, role, expiresAt: expiresAt.toISOString() }
    },
  )
  app.post(
    '/one-time/:token',
    {
      config: { access: 'public' },
      schema: {
        summary: 'Use it: sets the password and signs in',
        params: tokenParams,
        body: oneTimeUse,
        response: { 201: me },
      },
    },
    async (request, reply) => {
      const { token } = request.params
      // Unknown links are told so before any hashing.
      const link = await findOneTimeLink(pool, token)
      if (!link) throw notFound('This link')
      // Reading a person's mail is not enough where a second factor was set; an administrator can remove it.
      if (link.agentId !== null) await requireCode(deps, link.agentId, request.body.code)
      const passwordHash = await hashPassword(request.body.password)
      const agentId = await transaction(deps.db, (tx) => useLink(tx, token, request.body, passwordHash))
      return reply.code(201).send(await signInAs(deps, agentId, request, reply))
    },
  )
  registerLinkMakers(app, deps)
}

async function useLink(tx: Queryable, token: string, body: OneTimeUse, passwordHash: string): Promise<string> {
  const link = await useOneTimeLink(tx, token)
  if (!link) throw notFound('This link')
  if (link.purpose === 'reset') return resetPassword(tx, link, body, passwordHash)
  const email = link.email ?? body.email
  if (email === undefined) throw badField('email', 'is needed')
  if (body.name === undefined) throw badField('name', 'is needed')
  if (link.email !== null && body.email !== undefined && body.email !== link.email) {
    throw badField('email', 'is that of the invitation')
  }
  const role = link.purpose === 'firstAdmin' ? 'admin' : (link.role ?? 'agent')
  const agent = await createAgent(tx, { email, name: body.name, role, passwordHash })
  await joinTeams(tx, agent.id, link.teamIds)
  return agent.id
}

async function resetPassword(
  tx: Queryable,
  link: OneTimeLink,
  body: OneTimeUse,
  passwordHash: string,
): Promise<string> {
  if (body.email !== undefined || body.name !== undefined) throw badField('email', 'cannot be changed here')
  if (link.agentId === null) throw notFound('This link')
  await setPassword(tx, link.agentId, passwordHash)
  await voidOneTimeLinks(tx, { purpose: 'reset', agentId: link.agentId })
  await revokeSessionsOf(tx, link.agentId)
  await announceRevoked(tx, 'agent', link.agentId)
  return link.agentId
}

function registerLinkMakers(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  const make = async (link: NewOneTimeLink) => {
    const { purpose, agentId, email } = link
    const made = await transaction(deps.db, async (tx) => {
      await voidOneTimeLinks(tx, {
        purpose,
        ...(agentId !== undefined && { agentId }),
        ...(email !== undefined && { email }),
      })
      return createOneTimeLink(tx, link)
    })
    return { url: `${deps.publicUrl}/one-time/${made.token}`, expiresAt: made.expiresAt.toISOString() }
  }
  app.post(
    '/invitations',
    {
      config: { access: 'admin' },
      schema: { summary: 'Invite somebody', body: newInvitation, response: { 201: oneTimeLink } },
    },
    async (request, reply) => {
      const { email, role, teamIds } = request.body
      if (await findCredentials(pool, { email }))
        throw new HttpError(409, 'exists', 'This person has an account already.')
      const createdBy = principalOf(request).agentId
      return reply.code(201).send(await make({ purpose: 'invitation', email, role, teamIds: teamIds ?? [], createdBy }))
    },
  )
  app.post(
    '/agents/:id/reset-link',
    {
      config: { access: 'admin' },
      schema: { summary: 'A link for a new password', params: idParams, response: { 201: oneTimeLink } },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await findAgent(pool, id))) throw notFound('This agent')
      return reply
        .code(201)
        .send(await make({ purpose: 'reset', agentId: id, createdBy: principalOf(request).agentId }))
    },
  )
}
