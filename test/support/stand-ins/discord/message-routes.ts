import type { ServerResponse } from 'node:http'
import { MessageCreateRequestSchema, MessageEditRequestPartialSchema } from 'discord-api-spec/zod'
import { type Answer, type Ground, no, type Request, unknownChannel } from './answers.ts'
import { spoil } from './faults.ts'
import { type Channel, keepMessage, type Message, messageJson, messagesIn, type State } from './state.ts'

interface At {
  readonly channel: Channel
  readonly request: Request
  readonly response: ServerResponse
}

const unknownMessage = no(404, 10008, 'Unknown Message')
const nonceLivesMs = 5 * 60_000

export async function messageRoute(ground: Ground, at: At): Promise<Answer | null> {
  const { state } = ground
  const { channel, request } = at
  const [, , , id, what] = request.parts
  if (id === undefined) return request.method === 'GET' ? history(ground, channel, request.query) : create(ground, at)
  const message = messagesIn(state, channel.id).find((one) => one.id === id)
  if (!message) return unknownMessage
  if (what === 'reactions') return reactions(ground, channel, { message, request })
  switch (request.method) {
    case 'GET':
      return { status: 200, body: messageJson(state, message) }
    case 'PATCH':
      return edit(ground, channel, { message, request })
    case 'DELETE':
      messagesIn(state, channel.id).splice(messagesIn(state, channel.id).indexOf(message), 1)
      ground.dispatch('MESSAGE_DELETE', { id, channel_id: channel.id }, channel, 'messages')
      return { status: 204 }
    default:
      return no(405, 0, '405: Method Not Allowed')
  }
}

function history({ state }: Ground, channel: Channel, query: URLSearchParams): Answer {
  const limit = Number(query.get('limit') ?? 50)
  if (!(limit >= 1 && limit <= 100)) return no(400, 50035, 'Invalid Form Body')
  const all = messagesIn(state, channel.id)
  const [after, before] = [query.get('after'), query.get('before')]
  const newer = all.filter(({ id }) => after === null || BigInt(id) > BigInt(after))
  const within = newer.filter(({ id }) => before === null || BigInt(id) < BigInt(before))
  // `after` gives those right behind it; without it the newest. Newest first in either case.
  const page = after === null ? within.slice(-limit) : within.slice(0, limit)
  return { status: 200, body: page.toReversed().map((one) => messageJson(state, one)) }
}

function refusalOf({ state }: Ground, { channel, request }: At): Answer | null {
  const { body, files } = request
  if (channel.recipient && state.blocking.has(channel.recipient.id))
    return no(403, 50007, 'Cannot send messages to this user')
  if (channel.locked) return no(400, 160005, 'Thread is locked')
  const read = MessageCreateRequestSchema.safeParse(body)
  if (!read.success)
    return no(400, 50035, 'Invalid Form Body', { errors: JSON.stringify(read.error.issues).slice(0, 500) })
  const content = String(body['content'] ?? '')
  if (content.length > 2_000) {
    return no(400, 50035, 'Invalid Form Body', { errors: { content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } } })
  }
  if (content.trim() === '' && files.length === 0 && !Array.isArray(body['embeds']))
    return no(400, 50006, 'Cannot send an empty message')
  if (files.length > 10) return no(400, 50035, 'Invalid Form Body')
  if (files.reduce((sum, file) => sum + file.bytes.length, 0) > 10 * 1024 * 1024)
    return no(413, 40005, 'Request entity too large')
  const known = new Set([
    'content',
    'nonce',
    'enforce_nonce',
    'allowed_mentions',
    'message_reference',
    'components',
    'embeds',
    'attachments',
    'flags',
  ])
  const strange = Object.keys(body).find((key) => !known.has(key))
  return strange === undefined ? null : no(400, 50035, `Invalid Form Body: ${strange}`)
}

async function create(ground: Ground, at: At): Promise<Answer | null> {
  const { state } = ground
  const { channel, request, response } = at
  const refused = overLimit(ground, channel) ?? refusalOf(ground, at)
  if (refused) return refused
  const isReply =
    !JSON.stringify(request.body).includes('"nonce":"panel.') &&
    !JSON.stringify(request.body).includes('"nonce":"form.')
  const words = String(request.body['content'] ?? '')
  const fault = isReply ? state.sendFaults.shift() : undefined
  const whim = isReply && !fault ? state.whims.spoil(words) : undefined
  const wrong = fault ? { effect: fault.effect, answer: () => spoil(fault, response) } : whim
  if (wrong && !wrong.effect) {
    await wrong.answer(response)
    return null
  }
  const message = effect(ground, channel, request)
  if (message === null) return unknownMessage
  if (isReply) await state.whims.accepted(words)
  if (wrong) {
    await wrong.answer(response)
    return null
  }
  const { perChannel } = state.limits
  const left = perChannel ? perChannel.max - recent(ground, channel).length : 5
  const headers = {
    'x-ratelimit-limit': '5',
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-reset-after': String((perChannel?.windowMs ?? 1_000) / 1_000),
    'x-ratelimit-bucket': 'b1',
  }
  return { status: 200, body: messageJson(state, message, true), headers }
}

/** Runs at most once a request. */
function effect({ state, dispatch }: Ground, channel: Channel, { body, files }: Request): Message | null {
  const nonce = typeof body['nonce'] === 'string' ? body['nonce'] : undefined
  const before = messagesIn(state, channel.id).find((one) => one.nonce === nonce && one.author.id === state.bot.id)
  if (nonce !== undefined && body['enforce_nonce'] === true && before && state.clock() - before.at < nonceLivesMs)
    return before
  const reference = body['message_reference'] as { message_id: string; fail_if_not_exists?: boolean } | undefined
  const answered = messagesIn(state, channel.id).some(({ id }) => id === reference?.message_id)
  if (reference && !answered && reference.fail_if_not_exists !== false) return null
  const allowed = body['allowed_mentions'] as { users?: unknown[] } | undefined
  const message = keepMessage(state, {
    channel: channel.id,
    author: state.bot,
    content: String(body['content'] ?? ''),
    files,
    embeds: ((body['embeds'] as object[] | undefined) ?? []).map((one) => ({ type: 'rich', ...one })),
    components: (body['components'] as unknown[] | undefined) ?? [],
    ...(nonce !== undefined && { nonce }),
    ...(Array.isArray(allowed?.users) && { more: { mentions: mentioned(state, allowed.users) } }),
    ...(reference &&
      answered && {
        type: 19,
        more: { message_reference: { type: 0, channel_id: channel.id, message_id: reference.message_id } },
      }),
  })
  dispatch('MESSAGE_CREATE', { ...messageJson(state, message, true) }, channel, 'messages')
  return message
}

const mentioned = (state: State, ids: readonly unknown[]) =>
  [...state.people.values()].filter((one) => ids.includes(one.id))

const recent = ({ state }: Ground, channel: Channel) => {
  const from = state.clock() - (state.limits.perChannel?.windowMs ?? 0)
  return messagesIn(state, channel.id).filter((one) => one.author.id === state.bot.id && one.at > from)
}

function overLimit(ground: Ground, channel: Channel): Answer | null {
  const { perChannel, globalUntil = 0 } = ground.state.limits
  const now = ground.state.clock()
  const limited = (seconds: number, global: boolean): Answer => ({
    status: 429,
    body: { message: 'You are being rate limited.', retry_after: seconds, global },
    headers: {
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-scope': global ? 'global' : 'user',
      ...(global && { 'x-ratelimit-global': 'true' }),
    },
  })
  if (globalUntil > now) return limited((globalUntil - now) / 1_000, true)
  const sent = recent(ground, channel)
  if (!perChannel || sent.length < perChannel.max) return null
  return limited(((sent[0]?.at ?? now) + perChannel.windowMs - now) / 1_000, false)
}

function edit(
  { state, dispatch }: Ground,
  channel: Channel,
  { message, request }: { message: Message; request: Request },
): Answer {
  if (message.author.id !== state.bot.id) return no(403, 50005, 'Cannot edit a message authored by another user')
  const read = MessageEditRequestPartialSchema.safeParse(request.body)
  if (!read.success || String(request.body['content'] ?? '').length > 2_000) return no(400, 50035, 'Invalid Form Body')
  if (typeof request.body['content'] === 'string') message.content = request.body['content']
  if (Array.isArray(request.body['components'])) message.components = request.body['components']
  message.edited_timestamp = new Date(state.clock()).toISOString()
  dispatch('MESSAGE_UPDATE', messageJson(state, message), channel, 'messages')
  return { status: 200, body: messageJson(state, message) }
}

function reactions(
  { state, dispatch }: Ground,
  channel: Channel,
  { message, request }: { message: Message; request: Request },
): Answer {
  const [, , , , , emoji = '', whose] = request.parts
  const who = message.reactions.get(emoji) ?? new Set()
  const person = (id: string) => (id === state.bot.id ? state.bot : state.people.get(id))
  if (request.method === 'GET') return { status: 200, body: [...who].flatMap((id) => person(id) ?? []) }
  if (whose !== '@me') return unknownChannel
  if (!/\p{Extended_Pictographic}/u.test(emoji)) return no(400, 10014, 'Unknown Emoji')
  message.reactions.set(emoji, who)
  if (request.method === 'PUT') who.add(state.bot.id)
  else who.delete(state.bot.id)
  const t = request.method === 'PUT' ? 'MESSAGE_REACTION_ADD' : 'MESSAGE_REACTION_REMOVE'
  dispatch(
    t,
    { user_id: state.bot.id, channel_id: channel.id, message_id: message.id, emoji: { id: null, name: emoji } },
    channel,
    'reactions',
  )
  return { status: 204 }
}
