import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type Customers, createCustomers } from './customer.ts'
import type { Fault } from './faults.ts'
import { methods, type Uploaded } from './methods.ts'
import { Refusal } from './refusals.ts'
import { type Loose, newState, type RecordedCall, type State } from './state.ts'
import { createUpdates, type Updates } from './updates.ts'

export interface TelegramStandIn extends Customers {
  readonly url: string
  readonly state: State
  readonly updates: Updates
  /** The next calls of this method fail like these, one each; `when` picks among them by their parameters. */
  fail(method: string, faults: readonly Fault[], when?: (params: Loose) => boolean): void
  /** Nothing listens from now on: connections are refused. `resume` takes the same port again. */
  refuse(): Promise<void>
  resume(): Promise<void>
  dropIdle(): void
  close(): Promise<void>
}

interface Armed {
  readonly method: string
  readonly fault: Fault
  readonly when: (params: Loose) => boolean
}

/** The Bot API as far as a support desk meets it, on 127.0.0.1; each has its own state. */
export async function startTelegram(wish: Parameters<typeof newState>[0] = {}): Promise<TelegramStandIn> {
  const state = newState(wish)
  const updates = createUpdates(state)
  const armed: Armed[] = []
  const server = createServer((request, response) => {
    serve({ state, updates, armed }, request, response).catch(() => response.destroy())
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const stop = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  const port = await listen(0)
  return {
    ...createCustomers(state, updates),
    url: `http://127.0.0.1:${port}`,
    state,
    updates,
    fail: (method, faults, when = () => true) => {
      armed.push(...faults.map((fault) => ({ method: method.toLowerCase(), fault, when })))
    },
    refuse: stop,
    resume: async () => void (await listen(port)),
    dropIdle: () => server.closeIdleConnections(),
    close: async () => {
      updates.close()
      await stop()
    },
  }
}

interface Door {
  readonly state: State
  readonly updates: Updates
  readonly armed: Armed[]
}

async function serve(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state } = door
  const url = new URL(request.url ?? '/', 'http://telegram')
  const [, first = '', ...rest] = url.pathname.split('/').map(decodeURIComponent)
  if (first === 'file') return download(state, rest, response)
  const method = (rest[0] ?? '').toLowerCase()
  const { params, files } = await read(request, url)
  const call: RecordedCall = { method, params }
  state.calls.push(call)
  const say = (status: number, body: unknown) => {
    Object.assign(call, { status, answer: body })
    if (!response.destroyed)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  if (state.refusesToken || first !== `bot${state.token}`) {
    return say(401, { ok: false, error_code: 401, description: 'Unauthorized' })
  }
  const words = method.startsWith('send') && method !== 'sendchataction' ? String(params['text'] ?? '') : null
  if (words === null && state.whims.outage) return state.whims.outage(response)
  const fault = takeFault(door, method, params) ?? (words === null ? undefined : state.whims.spoil(words))
  if (fault && !fault.effect) return fault.answer(response)
  try {
    const result = await perform(door, { method, params, files }, response)
    if (words !== null) await state.whims.accepted(words)
    if (fault) return await fault.answer(response)
    say(200, { ok: true, result })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message: description, parameters } = error
    say(code, { ok: false, error_code: code, description, ...(parameters && { parameters }) })
  }
}

function takeFault({ armed }: Door, method: string, params: Loose): Fault | undefined {
  const at = armed.findIndex((one) => one.method === method && one.when(params))
  return at < 0 ? undefined : armed.splice(at, 1)[0]?.fault
}

interface Call {
  readonly method: string
  readonly params: Loose
  readonly files: ReadonlyMap<string, Uploaded>
}

async function perform({ state, updates }: Door, { method, params, files }: Call, response: ServerResponse) {
  if (method === 'getupdates') return updates.getUpdates(params, (leave) => void response.once('close', leave))
  const run = methods[method]
  if (!run) throw new Refusal(404, 'Not Found: method not found')
  return run(state, params, files)
}

function download(state: State, [bot, ...path]: string[], response: ServerResponse): void {
  const file = bot === `bot${state.token}` ? state.files.get(path[1] ?? '') : undefined
  if (!file || path[2] !== file.name) response.writeHead(404).end()
  else response.writeHead(200, { 'content-length': file.bytes.length }).end(file.bytes)
}

async function read(request: IncomingMessage, url: URL) {
  const body = await buffer(request)
  const type = request.headers['content-type'] ?? ''
  const params: Loose = Object.fromEntries(url.searchParams)
  const files = new Map<string, Uploaded>()
  if (type.startsWith('application/json') && body.length > 0) Object.assign(params, JSON.parse(body.toString('utf8')))
  else if (body.length > 0) {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData()
    for (const [name, value] of form) {
      if (typeof value === 'string') params[name] = value
      else files.set(name, { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) })
    }
  }
  for (const [name, value] of Object.entries(params)) params[name] = unwrapped(name, value)
  return { params, files }
}

/** A value that came as text may hold JSON; words stay words. */
function unwrapped(name: string, value: unknown): unknown {
  if (typeof value !== 'string' || name === 'text' || name === 'caption' || !/^[[{]|^(?:true|false)$/.test(value)) {
    return value
  }
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
