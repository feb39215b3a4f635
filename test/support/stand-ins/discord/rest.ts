import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type Answer, type Ground, no, type Request, unknownChannel } from './answers.ts'
import { spoil } from './faults.ts'
import { interactionRoute } from './interaction-routes.ts'
import { messageRoute } from './message-routes.ts'
import { type Call, type Channel, channelJson, messagesIn, type State, snowflake } from './state.ts'
import { applicationJson, memberJson, roleJson, selfJson } from './wholes.ts'

export async function serve(ground: Ground, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state } = ground
  const url = new URL(incoming.url ?? '/', 'http://discord')
  if (url.pathname.startsWith('/attachments/')) return file(state, url, response)
  if (url.pathname.startsWith('/avatars/')) return avatar(state, url, response)
  const raw = await buffer(incoming)
  const path = url.pathname.replace(/^\/api\/v10/, '')
  const { body, files } = contentOf(incoming.headers['content-type'] ?? '', raw)
  const call = { method: incoming.method ?? '', path: path + url.search, body } as State['calls'][number]
  state.calls.push(call)
  state.onCall(call)
  const isSend = call.method === 'POST' && path.endsWith('/messages')
  if (state.whims.outage && !isSend) return state.whims.outage(response)
  const fault = state.faults.find((one) => one.left > 0 && one.matches.test(`${call.method} ${path}`))
  if (fault) {
    fault.left -= 1
    return spoil(fault.fault, response)
  }
  const request: Request = {
    method: call.method,
    parts: path.split('/').slice(1).map(decodeURIComponent),
    query: url.searchParams,
    body,
    files,
  }
  const open = request.parts[0] === 'interactions' || request.parts[0] === 'webhooks'
  if (!open && (state.refusesCredentials || incoming.headers.authorization !== `Bot ${state.token}`)) {
    return reply(response, call, no(401, 0, '401: Unauthorized'))
  }
  const answer = await route(ground, request, response)
  if (answer) reply(response, call, answer)
}

function avatar(state: State, url: URL, response: ServerResponse): void {
  const bytes = state.files.get(url.pathname)
  response.writeHead(bytes ? 200 : 404, { 'content-type': 'image/png' }).end(bytes)
}

function reply(response: ServerResponse, call: Call, { status, body, headers }: Answer): void {
  call.status = status
  call.answer = body === undefined ? undefined : structuredClone(body)
  if (response.destroyed) return
  response
    .writeHead(status, { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers })
    .end(body === undefined ? '' : JSON.stringify(body))
}

function contentOf(type: string, raw: Buffer): Pick<Request, 'body' | 'files'> {
  if (!type.startsWith('multipart/')) return { body: raw.length > 0 ? jsonOf(raw) : {}, files: [] }
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1] ?? ''
  const found = { body: {} as Record<string, unknown>, files: [] as { name: string; type: string; bytes: Buffer }[] }
  for (const part of raw.toString('latin1').split(`--${boundary}`).slice(1, -1)) {
    const end = part.indexOf('\r\n\r\n')
    const head = part.slice(2, end)
    const bytes = Buffer.from(part.slice(end + 4, -2), 'latin1')
    const name = /name="([^"]*)"/.exec(head)?.[1]
    if (name === 'payload_json') found.body = jsonOf(bytes)
    else if (/^files\[\d+\]$/.test(name ?? '')) {
      const filename = Buffer.from(/filename="([^"]*)"/.exec(head)?.[1] ?? '', 'latin1').toString()
      found.files.push({ name: filename, type: /content-type: ([^\r\n]+)/i.exec(head)?.[1] ?? '', bytes })
    }
  }
  return found
}

function jsonOf(raw: Buffer): Record<string, unknown> {
  return JSON.parse(raw.toString()) as Record<string, unknown>
}

async function route(ground: Ground, request: Request, response: ServerResponse): Promise<Answer | null> {
  const { state } = ground
  const [room, id = '', ...rest] = request.parts
  switch (room) {
    case 'gateway': {
      const limit = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 }
      return {
        status: 200,
        body: { url: `ws://127.0.0.1:${state.port}/gateway`, shards: 1, session_start_limit: limit },
      }
    }
    case 'users':
      return users(state, request)
    case 'applications':
      return applications(state, request)
    case 'guilds':
      return guilds(state, id, rest)
    case 'interactions':
    case 'webhooks':
      return interactionRoute(ground, request)
    case 'channels': {
      const channel = state.channels.get(id)
      if (!channel) return unknownChannel
      if (rest.length === 0) return { status: 200, body: channelJson(channel) }
      if (rest[0] === 'messages' && rest[2] !== 'threads') return messageRoute(ground, { channel, request, response })
      if (rest[0] === 'typing') {
        ground.dispatch('TYPING_START', { channel_id: id, user_id: state.bot.id, timestamp: 1 }, channel, 'typing')
        return { status: 204 }
      }
      return threads(ground, channel, request)
    }
    default:
      return no(404, 0, '404: Not Found')
  }
}

function users(state: State, { method, parts, body }: Request): Answer {
  if (parts[2] === undefined) return { status: 200, body: selfJson(state) }
  if (method !== 'POST' || parts[2] !== 'channels') return { status: 200, body: [] }
  const known = [...state.channels.values()].find(({ recipient }) => recipient?.id === body['recipient_id'])
  return known ? { status: 200, body: channelJson(known) } : no(403, 50007, 'Cannot send messages to this user')
}

function applications(state: State, { method, parts, body }: Request): Answer {
  if (parts[2] === undefined) return { status: 200, body: applicationJson(state) }
  if (method === 'GET') return { status: 200, body: state.commands }
  const name = String(body['name'])
  if (!/^[-_\p{L}\p{N}]{1,32}$/u.test(name)) return no(400, 50035, 'Invalid Form Body')
  const own = { id: snowflake(), application_id: state.applicationId, version: snowflake() }
  const command = { ...body, ...own, default_member_permissions: null, name }
  state.commands.push(command)
  return { status: 201, body: command }
}

function guilds(state: State, id: string, rest: readonly string[]): Answer {
  if (id !== state.guildId) return no(404, 10004, 'Unknown Guild')
  if (rest[0] === 'roles') return { status: 200, body: state.roles.map(roleJson) }
  if (rest[0] === 'members') {
    const member = state.members.get(rest[1] ?? '')
    const known = state.people.get(rest[1] ?? '')
    return member && known ? { status: 200, body: memberJson(member, known) } : no(404, 10007, 'Unknown Member')
  }
  const active = [...state.channels.values()].filter(({ type, archived }) => [10, 11, 12].includes(type) && !archived)
  return { status: 200, body: { threads: active.map((one) => channelJson(one)), members: [], has_more: false } }
}

function threads(ground: Ground, channel: Channel, { method, parts, body }: Request): Answer {
  const { state } = ground
  const [, , what, second] = parts
  if (what === 'thread-members') {
    channel.members?.add(second ?? '')
    return { status: 204 }
  }
  if (what === 'threads' && method === 'GET') {
    const kind = parts[4] === 'private' ? 12 : 11
    const found = [...state.channels.values()].filter(
      (one) => one.parent_id === channel.id && one.archived && one.type === kind,
    )
    return { status: 200, body: { threads: found.map((one) => channelJson(one)), members: [], has_more: false } }
  }
  const name = String(body['name'] ?? '')
  if (name.length < 1 || name.length > 100) return no(400, 50035, 'Invalid Form Body')
  const from = what === 'messages' ? second : undefined
  if (from !== undefined && state.channels.has(from))
    return no(400, 160004, 'A thread has already been created for this message')
  if (from !== undefined && !messagesIn(state, channel.id).some((one) => one.id === from))
    return no(404, 10008, 'Unknown Message')
  const thread = openThread(ground, channel, {
    name,
    id: from ?? snowflake(),
    type: from ? 11 : Number(body['type'] ?? 12),
  })
  return { status: 201, body: channelJson(thread) }
}

export function openThread(
  { state, dispatch }: Ground,
  parent: Channel,
  wish: { name: string; id: string; type: number; owner?: string; tags?: string[] },
): Channel {
  const thread: Channel = {
    id: wish.id,
    type: wish.type,
    name: wish.name,
    guild_id: state.guildId,
    parent_id: parent.id,
    owner_id: wish.owner ?? state.bot.id,
    last_message_id: null,
    members: new Set(),
    ...(wish.tags && { applied_tags: wish.tags }),
  }
  state.channels.set(thread.id, thread)
  dispatch('THREAD_CREATE', { ...channelJson(thread), newly_created: true }, thread, 'guilds')
  return thread
}

function file(state: State, url: URL, response: ServerResponse): void {
  const bytes = state.files.get(url.pathname.split('/')[3] ?? '')
  const expires = Number.parseInt(url.searchParams.get('ex') ?? '0', 16) * 1_000
  if (!bytes || expires < state.clock()) response.writeHead(404).end('This content is no longer available.')
  else response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
}
