import { randomUUID } from 'node:crypto'
import { reply as say } from '../../delivery/reply.ts'
import { actorOf } from '../../domain/principal.ts'
import { takeNext } from '../../routing/take-next.ts'
import { ownersOf, setOwners } from '../../store/contact-owner.ts'
import { seesContact } from '../../store/contact-people.ts'
import { findConversation } from '../../store/conversation-find.ts'
import { transaction } from '../../store/database.ts'
import { escalateConversation } from '../../store/escalation.ts'
import { conversationAnswer } from '../../wire/conversation.ts'
import { escalateBody, nextAnswer, nextBody, owners, ownersBody } from '../../wire/skills.ts'
import { type Api, idParams } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { agentOf, principalOf } from '../guard.ts'
import { badField, HttpError, notFound } from '../http-error.ts'

/** Taking the next one, handing one on to a higher level, and whose customers people are. */
export function registerQueues(app: Api, deps: HttpDeps): void {
  const { db, clock } = deps
  app.post(
    '/me/next',
    {
      config: { access: 'write' },
      schema: { summary: 'Give me the next one that waits', body: nextBody, response: { 200: nextAnswer } },
    },
    async (request) => {
      const agentId = agentOf(request)
      return { conversation: await takeNext(db, { agentId, teamId: request.body.teamId, now: clock() }) }
    },
  )
  app.post(
    '/conversations/:id/escalate',
    {
      config: { access: 'write' },
      schema: {
        summary: 'To a higher level, with a note for whoever takes it',
        params: idParams,
        body: escalateBody,
        response: { 200: conversationAnswer },
      },
    },
    async (request) => {
      const { id } = request.params
      const who = principalOf(request)
      const { tier, note } = request.body
      const row = await findConversation(db.pool, id, who)
      if (!row) throw notFound('This conversation')
      if (row.tier >= tier || row.status === 'resolved' || row.status === 'spam') throw standsThere()
      const actor = actorOf(who)
      await say(deps, {
        conversationId: id,
        author: { type: 'agent', priority: 'person', ...(who.agentId === null ? { key: actor } : { id: who.agentId }) },
        kind: 'note',
        text: note,
        attachmentFileIds: [],
        clientId: randomUUID(),
      })
      const wish = { conversationId: id, tier, actor, why: 'escalated', now: clock() } as const
      if (!(await transaction(db, (tx) => escalateConversation(tx, wish)))) throw standsThere()
      return { conversation: id }
    },
  )
  registerOwners(app, deps)
}

function standsThere(): HttpError {
  return new HttpError(409, 'notHigher', 'It is finished, or stands at that level already.')
}

function registerOwners(app: Api, { db }: HttpDeps): void {
  app.get(
    '/contacts/:id/owners',
    {
      config: { access: 'read' },
      schema: { summary: 'Whose customer they are, and who stands in', params: idParams, response: { 200: owners } },
    },
    async (request) => {
      const { id } = request.params
      if (!(await seesContact(db.pool, id, principalOf(request)))) throw notFound('This contact')
      return { agentIds: await ownersOf(db.pool, id) }
    },
  )
  app.put(
    '/contacts/:id/owners',
    {
      config: { access: 'write' },
      schema: { summary: 'Say whose customer they are', params: idParams, body: ownersBody, response: { 200: owners } },
    },
    async (request) => {
      const { id } = request.params
      if (!(await seesContact(db.pool, id, principalOf(request)))) throw notFound('This contact')
      if (!(await setOwners(db, id, request.body.agentIds)))
        throw badField('agentIds', 'names somebody who is not here')
      return { agentIds: await ownersOf(db.pool, id) }
    },
  )
}
