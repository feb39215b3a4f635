import { actorOf } from '../../domain/principal.ts'
import { giveToBot } from '../../store/bot-give-back.ts'
import { judgeBot } from '../../store/bot-quality.ts'
import { botVerdict } from '../../wire/bot.ts'
import { conversationAnswer } from '../../wire/conversation.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { HttpError, notFound } from '../http-error.ts'

/** Giving a case to the bot, and what people think of what it says. */
export function registerBot(app: Api, { db, clock }: HttpDeps): void {
  app.post(
    '/conversations/:id/bot',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Let the bot answer what the customer says next',
        params: idParams,
        response: { 200: conversationAnswer },
      },
    },
    async (request) => {
      const { id } = request.params
      const who = principalOf(request)
      const given = await giveToBot(db, { conversationId: id, who, actor: actorOf(who), now: clock() })
      if (given === 'unknown') throw notFound('This conversation')
      if (given === 'notHere') throw new HttpError(409, 'notForBot', 'The bot does not answer here, or has it already.')
      return { conversation: id }
    },
  )
  app.put(
    '/messages/:id/verdict',
    {
      config: { access: 'write' },
      schema: { summary: 'Was the bot’s answer wrong?', params: idParams, body: botVerdict, response: noContent },
    },
    async (request, reply) => {
      const wish = { messageId: request.params.id, wrong: request.body.wrong, who: principalOf(request) }
      if (!(await judgeBot(db.pool, wish))) throw notFound('This answer of the bot')
      return reply.code(204).send()
    },
  )
}
