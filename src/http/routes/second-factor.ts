import type { FastifyRequest } from 'fastify'
import { actorOf } from '../../domain/principal.ts'
import { newFactorSecret, newRecoveryCodes, stepOfCode } from '../../security/one-time-code.ts'
import { verifyPassword } from '../../security/password.ts'
import { findAgent, findCredentials } from '../../store/agent.ts'
import { transaction } from '../../store/database.ts'
import {
  beginFactor,
  confirmFactor,
  factorContext,
  findFactor,
  lockBegunFactor,
  removeFactor,
} from '../../store/second-factor.ts'
import { revokeSessionsOf } from '../../store/session.ts'
import {
  beginFactorBody,
  begunFactor,
  confirmFactorBody,
  recoveryCodes,
  removeFactorBody,
  secondFactor,
} from '../../wire/second-factor.ts'
import { type Api, idParams, noContent } from '../api.ts'
import { spendAttempt } from '../attempts.ts'
import type { HttpDeps } from '../deps.ts'
import { agentOf, principalOf } from '../guard.ts'
import { badField, forbidden, HttpError, notFound } from '../http-error.ts'
import { isRightCode } from '../second-factor.ts'

export function registerSecondFactor(app: Api, deps: HttpDeps): void {
  app.get(
    '/me/totp',
    { config: { access: 'session' }, schema: { summary: 'My second factor', response: { 200: secondFactor } } },
    async (request) => {
      const factor = await findFactor(deps.db.pool, agentOf(request))
      return { since: factor?.confirmedAt.toISOString() ?? null, recoveryCodesLeft: factor?.recoveryCodesLeft ?? 0 }
    },
  )
  app.post(
    '/me/totp',
    {
      config: { access: 'session' },
      schema: { summary: 'Begin a second factor', body: beginFactorBody, response: { 201: begunFactor } },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return reply.code(201).send(await begin(deps, agentOf(request), request.body.password))
    },
  )
  app.put(
    '/me/totp',
    {
      config: { access: 'session' },
      schema: { summary: 'Confirm it by a first code', body: confirmFactorBody, response: { 200: recoveryCodes } },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return { recoveryCodes: await confirm(deps, request, request.body.code) }
    },
  )
  registerRemoval(app, deps)
}

function registerRemoval(app: Api, deps: HttpDeps): void {
  app.delete(
    '/me/totp',
    {
      config: { access: 'session' },
      schema: { summary: 'Remove my second factor', body: removeFactorBody, response: noContent },
    },
    async (request, reply) => {
      const agentId = agentOf(request)
      if ('password' in request.body) await requirePassword(deps, agentId, request.body.password)
      else if (!(await isRightCode(deps, agentId, request.body.code))) throw badField('code', 'is not right')
      await remove(deps, request, agentId, principalOf(request).id)
      return reply.code(204).send()
    },
  )
  app.delete(
    '/agents/:id/totp',
    {
      config: { access: 'admin' },
      schema: { summary: 'Remove a colleague’s second factor', params: idParams, response: noContent },
    },
    async (request, reply) => {
      const { id } = request.params
      if (principalOf(request).agentId === id) throw forbidden('Your own needs your password: see your profile.')
      await remove(deps, request, id)
      return reply.code(204).send()
    },
  )
}

async function begin(deps: HttpDeps, agentId: string, password: string) {
  const { pool } = deps.db
  await requirePassword(deps, agentId, password)
  const agent = await findAgent(pool, agentId)
  if (!agent) throw notFound('This agent')
  const made = await newFactorSecret(agent.email)
  if (!(await beginFactor(pool, agentId, deps.sealer.seal(made.secret, factorContext(agentId))))) {
    throw new HttpError(409, 'exists', 'You have a second factor already. Remove it first.')
  }
  return made
}

async function confirm(deps: HttpDeps, request: FastifyRequest, code: string): Promise<string[]> {
  const agentId = agentOf(request)
  await spendAttempt(deps, { key: `confirm:${agentId}`, max: 10 })
  const codes = newRecoveryCodes()
  await transaction(deps.db, async (tx) => {
    const sealed = await lockBegunFactor(tx, agentId)
    if (!sealed) throw new HttpError(409, 'notBegun', 'Begin again: this was left open for too long, or is done.')
    const step = await stepOfCode(deps.sealer.open(sealed, factorContext(agentId)), code, deps.clock())
    if (step === null) throw badField('code', 'is not the code of this moment')
    await confirmFactor(tx, agentId, step, codes)
    await revokeSessionsOf(tx, agentId, principalOf(request).id)
  })
  deps.log.info({ event: 'secondFactor.set', agent: agentId }, 'Somebody set a second factor.')
  return codes
}

async function remove(deps: HttpDeps, request: FastifyRequest, agentId: string, except?: string): Promise<void> {
  const removed = await transaction(deps.db, async (tx) => {
    if (!(await removeFactor(tx, agentId))) return false
    await revokeSessionsOf(tx, agentId, except)
    return true
  })
  if (!removed) throw notFound('This second factor')
  const by = actorOf(principalOf(request))
  deps.log.info({ event: 'secondFactor.removed', agent: agentId, by }, 'A second factor was removed.')
}

async function requirePassword(deps: HttpDeps, agentId: string, password: string): Promise<void> {
  await spendAttempt(deps, { key: `password:${agentId}`, max: 10 })
  const found = await findCredentials(deps.db.pool, { id: agentId })
  if (!(await verifyPassword(found?.passwordHash ?? null, password))) throw badField('password', 'is not your password')
}
