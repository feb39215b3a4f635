import { ModalInteractionCallbackRequestSchema } from 'discord-api-spec/zod'
import { type Answer, type Ground, no, type Request } from './answers.ts'
import { keepMessage, type Message, messageJson } from './state.ts'

const firstAnswerMs = 3_000
const laterAnswerMs = 15 * 60_000

export function interactionRoute(ground: Ground, request: Request): Answer {
  const { state } = ground
  const [room, id = '', token = ''] = request.parts
  const found = [...state.interactions.values()].find(
    (one) => one.token === token && (room === 'webhooks' || one.id === id),
  )
  if (!found) return no(404, 10062, 'Unknown interaction')
  const age = state.clock() - found.at
  if (room === 'webhooks') {
    if (age > laterAnswerMs) return no(401, 50027, 'Invalid Webhook Token')
    if (found.answers.length === 0) return no(404, 10015, 'Unknown Webhook')
    found.original = request.body
    if (found.message) change(ground, found.message, request.body['components'])
    return { status: 200, body: messageJson(state, found.message ?? replyOf(ground, request)) }
  }
  if (found.answers.length > 0) return no(400, 40060, 'Interaction has already been acknowledged.')
  if (age > firstAnswerMs) return no(404, 10062, 'Unknown interaction')
  const type = Number(request.body['type'])
  if (![4, 5, 6, 7, 9].includes(type)) return no(400, 50035, 'Invalid Form Body')
  if (type === 9 && !ModalInteractionCallbackRequestSchema.safeParse(request.body).success)
    return no(400, 50035, 'Invalid Form Body')
  const answer = { type, data: request.body['data'] }
  found.answers.push(answer)
  found.original = answer.data
  if (type === 7 && found.message) change(ground, found.message, (answer.data as { components: unknown }).components)
  return { status: 204 }
}

/** What only who asked sees stands in no channel. */
function replyOf({ state }: Ground, { body }: Request): Message {
  const { content = '', components = [] } = body as { content?: string; components?: unknown[] }
  const apart = { ...state, messages: new Map() }
  return keepMessage(apart, { channel: state.guildId, author: state.bot, content, components })
}

function change({ state, dispatch }: Ground, message: Message, components: unknown): void {
  message.components = components as unknown[]
  dispatch('MESSAGE_UPDATE', messageJson(state, message), state.channels.get(message.channel_id), 'messages')
}
