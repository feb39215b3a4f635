import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import * as activity from './activity.ts'
import { authenticate, type Call, token } from './auth.ts'
import type { XFault } from './faults.ts'
import { take } from './limits.ts'
import { dmEvents, mediaOf, mentions } from './lists.ts'
import { notFound, plan, tooMany, unauthorized, unsupportedAuth, type XAnswer, yes } from './problems.ts'
import { newState, pair, type XRequest, type XState } from './state.ts'
import { append, finalize, initialize, status } from './uploads.ts'
import { customers, type XWorld } from './world.ts'
import { createPost, deletePost, sendDm } from './writes.ts'

export interface XPlatform extends XWorld {
  readonly url: string
  readonly state: XState
  /** The adapter's settings for this stand-in. */
  settings(auth?: 'oauth1' | 'oauth2' | 'both'): Record<string, unknown>
  /** The next sends fail like these, one each. */
  fail(...faults: XFault[]): void
  /** The same for whatever is asked by GET. */
  failReads(...faults: XFault[]): void
  /** Addresses the stand-in may call; replaces the former. */
  reach(how: activity.Reach): void
  checkHooks(): Promise<void>
  /** 1: X's own limits; 0, as it starts: none. */
  limits(scale: number): void
  refuse(): Promise<void>
  resume(): Promise<void>
  dropIdle(): void
  close(): Promise<void>
}

interface Inside {
  readonly state: XState
  readonly sends: XFault[]
  readonly reads: XFault[]
  scale: number
  reach: activity.Reach
}

/** X as this adapter meets it: it checks what X checks, refuses in X's words, and misbehaves on command. */
export async function startXPlatform(): Promise<XPlatform> {
  const inside: Inside = {
    state: newState(),
    sends: [],
    reads: [],
    scale: 0,
    reach: () => Promise.reject(new Error('nothing listens there')),
  }
  const { state } = inside
  const server = createServer((request, response) => {
    serve(inside, request, response).catch(() => response.destroy())
  })
  const port = await listen(server, 0)
  const url = `http://127.0.0.1:${port}`
  Object.assign(state.requests, { base: url })
  return {
    ...customers(state, (type, body) => activity.tell(state, type, body, inside.reach)),
    url,
    state,
    settings: (auth = 'oauth1') => settingsFor(state, url, auth),
    fail: (...faults) => void inside.sends.push(...faults),
    failReads: (...faults) => void inside.reads.push(...faults),
    reach: (how) => {
      inside.reach = how
    },
    checkHooks: () => activity.periodicCheck(state, inside.reach),
    limits: (scale) => {
      inside.scale = scale
    },
    refuse: () => stop(server),
    resume: async () => void (await listen(server, port)),
    dropIdle: () => server.closeIdleConnections(),
    close: () => stop(server),
  }
}

function settingsFor({ credentials }: XState, apiUrl: string, auth: 'oauth1' | 'oauth2' | 'both') {
  const { apiKey, apiSecret, accessToken, accessSecret, clientId, clientSecret, refreshToken } = credentials
  return {
    apiUrl,
    ...(auth !== 'oauth2' && { apiKey, apiSecret, accessToken, accessSecret }),
    ...(auth !== 'oauth1' && { clientId, clientSecret, refreshToken }),
  }
}

async function serve(inside: Inside, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://x')
  const call: Call = { method: request.method ?? 'GET', url, headers: request.headers, raw: await buffer(request) }
  if (url.pathname.startsWith('/media/')) return void file(inside.state, url.pathname.slice(7), response)
  if (url.pathname.endsWith('/oauth2/token')) return answer(response, token(inside.state, call))
  const who = authenticate(inside.state, call)
  if (typeof who !== 'string') return answer(response, who)
  if (url.pathname.startsWith('/1.1/ton/')) return privateFile(inside.state, who, url.pathname, response)
  const body = await bodyOf(call)
  const record: XRequest = {
    method: call.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body,
    auth: who,
    status: 0,
  }
  inside.state.requests.push(record)
  response.once('finish', () => {
    record.status = response.statusCode
  })
  await route(inside, { call, body, who, record }, response)
}

interface Known {
  readonly call: Call
  readonly body: Readonly<Record<string, unknown>> | FormData
  readonly who: 'oauth1' | 'oauth2' | 'app'
  readonly record: XRequest
}

async function route(inside: Inside, known: Known, response: ServerResponse): Promise<void> {
  const { state } = inside
  const { method, url } = known.call
  const isSend = method === 'POST' && /^\/2\/(?:tweets$|dm_conversations\/.+\/messages$)/.test(url.pathname)
  if (state.whims.outage && !isSend) return state.whims.outage(response)
  if ([...state.forbidden].some((start) => url.pathname.startsWith(start))) return answer(response, plan)
  const { allowed, headers } = take(state, `${method} ${url.pathname}`, inside.scale)
  if (!allowed) return answer(response, tooMany(headers))
  const words = String(fields(known.body)['text'] ?? '')
  const fault = isSend
    ? (inside.sends.shift() ?? state.whims.spoil(words))
    : method === 'GET'
      ? inside.reads.shift()
      : undefined
  if (fault && !fault.effect) return fault.answer(response)
  const isHonest = !fault && !state.oldWords && state.anything.length === 0
  const told = isSend ? sent(state, known) : await other(inside, known, response)
  if (told === null) return
  if (isSend && told.status < 300) await state.whims.accepted(words)
  if (fault) return fault.answer(response)
  if (isHonest) known.record.answer = told.body
  answer(response, { ...told, headers: { ...headers, ...told.headers } })
}

function sent(state: XState, { call, body }: Known): XAnswer {
  const parts = call.url.pathname.split('/').slice(3)
  const conversation = parts[0] === 'with' ? pair(state.me.id, parts[1] ?? '') : (parts[0] ?? '')
  const made =
    call.url.pathname === '/2/tweets' ? createPost(state, fields(body)) : sendDm(state, conversation, fields(body))
  made.effect?.()
  return made.answer
}

async function other(inside: Inside, { call, body, who }: Known, response: ServerResponse): Promise<XAnswer | null> {
  const { state, reach } = inside
  const { searchParams: query, pathname } = call.url
  const [kind = '', one = '', two = '', three = '', four = ''] = pathname.split('/').slice(2)
  const isManagement = kind === 'webhooks'
  if (isManagement !== (who === 'app') && kind !== 'activity') return unsupportedAuth
  switch (`${call.method} ${kind}`) {
    case 'GET users':
      if (one === 'me') return yes({ data: state.me })
      return two === 'mentions' && one === state.me.id ? mentions(state, query) : notFound
    case 'GET dm_events':
      return dmEvents(state, query)
    case 'GET dm_conversations':
      if (one === 'media') return who === 'oauth2' ? file(state, four.replace(/\.\w+$/, ''), response) : unsupportedAuth
      return dmEvents(state, query, one === 'with' ? pair(state.me.id, two) : one)
    case 'DELETE tweets':
      return deletePost(state, one)
    case 'POST media':
      return uploaded(state, [two, three], body)
    case 'GET media':
      return status(state, query.get('media_id') ?? '')
    case 'GET webhooks':
      return yes({ data: state.hooks.map((hook) => ({ ...hook })), meta: { result_count: state.hooks.length } })
    case 'POST webhooks':
      return one === 'replay'
        ? activity.replay(state, fields(body), reach)
        : activity.createHook(state, fields(body)['url'], reach)
    case 'PUT webhooks':
      return activity.revive(state, one, reach)
    case 'GET activity':
      return activity.listed(state)
    case 'POST activity':
      return who === 'oauth2' ? activity.subscribe(state, fields(body)) : unsupportedAuth
    default:
      return notFound
  }
}

function uploaded(
  state: XState,
  [first, second]: readonly [string, string],
  body: Known['body'],
): XAnswer | Promise<XAnswer> {
  if (first === 'initialize') return initialize(state, fields(body))
  return second === 'append' ? append(state, first, body instanceof FormData ? body : null) : finalize(state, first)
}

const fields = (body: Known['body']): Readonly<Record<string, unknown>> => (body instanceof FormData ? {} : body)

async function bodyOf({ raw, headers }: Call): Promise<Known['body']> {
  const type = String(headers['content-type'] ?? '')
  if (type.startsWith('multipart/'))
    return new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData()
  try {
    return JSON.parse(raw.toString() || '{}') as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Where pictures of direct messages lie: for the account by OAuth 1.0a only. */
function privateFile(state: XState, who: Known['who'], path: string, response: ServerResponse): void {
  if (who === 'oauth1') file(state, path.split('/').at(-1) ?? '', response)
  else answer(response, unauthorized)
}

function file(state: XState, key: string, response: ServerResponse): null {
  const media = mediaOf(state, key.replace(/\.\w+$/, ''))
  if ('status' in media) answer(response, notFound)
  else
    response
      .writeHead(200, { 'content-type': media.contentType, 'content-length': media.bytes.length })
      .end(media.bytes)
  return null
}

function answer(response: ServerResponse, told: XAnswer): void {
  if (response.destroyed) return
  const headers = { 'content-type': 'application/json; charset=utf-8', ...told.headers }
  response.writeHead(told.status, headers).end(JSON.stringify(told.body))
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
