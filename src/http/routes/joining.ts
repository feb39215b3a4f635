import { randomBytes } from 'node:crypto'
import { actorOf } from '../../domain/principal.ts'
import { seesConversation } from '../../store/conversation-find.ts'
import { dropClaim, mergeConversations } from '../../store/conversation-merge.ts'
import { splitConversation } from '../../store/conversation-split.ts'
import { replyWay } from '../../store/reply.ts'
import { conversationAnswer, mergeBody, splitBody } from '../../wire/conversation.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { HttpError, notFound } from '../http-error.ts'

const mergeRefusals = {
  itself: 'A conversation cannot be joined to itself.',
  alreadyMerged: 'One of the two was joined to another conversation already.',
  otherPerson: 'They are of different people, and neither says that it belongs to the other.',
  otherAudience: 'One of them is private and the other is not.',
}
const splitRefusals = {
  everything: 'All of the conversation would go: there is nothing to part.',
  stillSending: 'A message of it is being sent. Try again in a moment.',
}

/** Conversations that are one, and one that is two. */
export function registerJoining(app: Api, deps: HttpDeps): void {
  const { db } = deps
  app.post(
    '/conversations/:id/merge',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Join it to another of the same person',
        params: idParams,
        body: mergeBody,
        response: { 200: conversationAnswer },
      },
    },
    async (request) => {
      const who = principalOf(request)
      const { into } = request.body
      const wish = { conversationId: request.params.id, into, who, actor: actorOf(who), now: deps.clock() }
      const result = await mergeConversations(db, wish)
      if (result.kind === 'unknown') throw notFound('This conversation')
      if (result.kind === 'refused') throw new HttpError(422, result.why, mergeRefusals[result.why])
      if (result.kind === 'newerConversation') {
        throw new HttpError(409, 'newerConversation', 'The customer has a newer open conversation in the same place.')
      }
      return { conversation: into }
    },
  )
  app.delete(
    '/conversations/:id/claim',
    {
      config: { access: 'write' },
      schema: { summary: 'Keep it apart from what it says it belongs to', params: idParams, response: noContent },
    },
    async (request, reply) => {
      const who = principalOf(request)
      const { id } = request.params
      if (!(await dropClaim(db, { conversationId: id, who, actor: actorOf(who) }))) throw notFound('This conversation')
      return reply.code(204).send()
    },
  )
  registerSplit(app, deps)
}

function registerSplit(app: Api, { db, connections }: HttpDeps): void {
  app.post(
    '/conversations/:id/split',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Make this message and what follows a case of its own',
        params: idParams,
        body: splitBody,
        response: { 201: conversationAnswer },
      },
    },
    async (request, reply) => {
      const who = principalOf(request)
      const { id } = request.params
      const { fromMessageId } = request.body
      if (!(await seesConversation(db.pool, id, who))) throw notFound('This conversation')
      const way = await replyWay(db.pool, id, fromMessageId)
      if (!way) throw notFound('This message')
      const { adapter, settings } = await connections.describe(way.inboxId)
      const thread = adapter.newThread?.(randomBytes(12).toString('hex'), settings)
      if (!thread) throw new HttpError(422, 'unsupported', `${adapter.name} has one place for each customer.`)
      const result = await splitConversation(db, {
        conversationId: id,
        fromMessageId,
        who,
        actor: actorOf(who),
        thread,
      })
      if (result.kind === 'unknown') throw notFound('This message')
      if (result.kind === 'refused') throw new HttpError(409, result.why, splitRefusals[result.why])
      return reply.code(201).send({ conversation: result.conversationId })
    },
  )
}
