import { transaction } from '../../store/database.ts'
import { createLinkCode } from '../../store/link-code.ts'
import { ownAccounts, unlinkAccount } from '../../store/own-account.ts'
import { linkCode, ownAccount } from '../../wire/contact-link.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, noContent } from '../api.ts'
import { spendAttempt } from '../attempts.ts'
import type { HttpDeps } from '../deps.ts'
import { agentOf } from '../guard.ts'
import { notFound } from '../http-error.ts'

const MOST_CODES = 10

/** Accounts at a platform from which I answer customers. */
export function registerOwnAccounts(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/me/accounts',
    {
      config: { access: 'session' },
      schema: { summary: 'My own accounts at platforms', response: { 200: page(ownAccount) } },
    },
    async (request) => {
      const rows = await ownAccounts(pool, agentOf(request))
      return { items: rows.map((row) => ({ ...row, since: row.since.toISOString() })), next: null }
    },
  )
  app.post(
    '/me/accounts/codes',
    {
      config: { access: 'session' },
      schema: { summary: 'A code to write from an account of mine', response: { 201: linkCode } },
    },
    async (request, reply) => {
      const agentId = agentOf(request)
      await spendAttempt(deps, { key: `own-codes:${agentId}`, max: MOST_CODES })
      const { code, expiresAt } = await transaction(deps.db, (tx) =>
        createLinkCode(tx, { agentId }, `agent:${agentId}`),
      )
      reply.header('cache-control', 'no-store')
      return reply.code(201).send({ code, expiresAt: expiresAt.toISOString() })
    },
  )
  app.delete(
    '/me/accounts/:id',
    { config: { access: 'session' }, schema: { summary: 'It is not mine', params: idParams, response: noContent } },
    async (request, reply) => {
      const agentId = agentOf(request)
      if (!(await unlinkAccount(pool, agentId, request.params.id))) throw notFound('This account')
      deps.log.info(
        { event: 'account.unlinked', agent: agentId, identity: request.params.id },
        'An account was unlinked.',
      )
      return reply.code(204).send()
    },
  )
}
