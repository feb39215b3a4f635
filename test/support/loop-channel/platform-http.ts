import type { IncomingMessage, ServerResponse } from 'node:http'
import { json as jsonOf } from 'node:stream/consumers'
import type { LoopFault } from './platform-faults.ts'
import { type HeldMessage, hold, overLimit, type PlatformState } from './platform-state.ts'
import type { LoopPage, LoopSend, LoopSent } from './wire.ts'

export interface PlatformDoor {
  readonly state: PlatformState
  /** What to do wrong with this send, if anything. */
  faultOf(send: LoopSend): LoopFault | undefined
  /** Runs after the effect and before the answer: where a campaign kills the sender. */
  accepted(message: HeldMessage): void | Promise<void>
  /** Resolves when something happened or the time is over. */
  news(ms: number): Promise<void>
  /** The next poll fails like this. */
  pollFault(): LoopFault | undefined
}

const pageSize = 100

export async function serve(door: PlatformDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loop')
  const { state } = door
  const token = request.headers.authorization
  if (state.refusesCredentials || token !== `Bearer ${state.switches.token}`) return answer(response, 401, {})
  const parts = url.pathname.split('/').slice(1).map(decodeURIComponent)
  switch (`${request.method} ${parts[0]}`) {
    case 'GET me':
      return answer(response, 200, { account: 'loop' })
    case 'GET updates':
      return updates(door, url, response)
    case 'GET sent':
      return answer(response, 200, found(state, url.searchParams.get('key') ?? ''))
    case 'GET files':
      return file(state, parts[1] ?? '', response)
    case 'POST messages':
      return send(door, (await jsonOf(request)) as LoopSend, response)
    case 'POST typing':
      state.typed.push(((await jsonOf(request)) as { chat: string }).chat)
      return answer(response, 200, {})
    case 'POST read':
      await request.resume().toArray()
      return answer(response, 200, {})
    default:
      return change(state, parts, request, response)
  }
}

async function updates(door: PlatformDoor, url: URL, response: ServerResponse): Promise<void> {
  const { state } = door
  const after = Number(url.searchParams.get('after'))
  state.acknowledged = Math.max(state.acknowledged, after)
  const fault = door.pollFault()
  if (fault) return fault.answer(response)
  const end = Date.now() + Number(url.searchParams.get('waitMs') ?? 0)
  while (state.updates.length <= after && Date.now() < end && !response.destroyed) await door.news(end - Date.now())
  const found = state.updates.slice(after, after + pageSize)
  const page: LoopPage = { updates: found, next: after + found.length }
  answer(response, 200, page)
}

async function send(door: PlatformDoor, wanted: LoopSend, response: ServerResponse): Promise<void> {
  const { state } = door
  const limited = overLimit(state, wanted.chat)
  if (limited) return answer(response, 429, limited)
  if (wanted.text.length > state.switches.textMax) return answer(response, 413, {})
  const fault = door.faultOf(wanted)
  if (fault && !fault.effect) return fault.answer(response)
  const message = hold(state, wanted)
  await door.accepted(message)
  if (fault) return fault.answer(response)
  answer(response, 200, { id: message.id, at: message.at } satisfies LoopSent)
}

function found(state: PlatformState, key: string): LoopSent | null {
  const message = state.switches.confirm ? state.heldByKey.get(key) : undefined
  return message ? { id: message.id, at: message.at } : null
}

function file(state: PlatformState, id: string, response: ServerResponse): void {
  const kept = state.files.get(id)
  if (!kept) answer(response, 404, {})
  else response.writeHead(200, { 'content-type': kept.file.type, 'content-length': kept.bytes.length }).end(kept.bytes)
}

async function change(
  state: PlatformState,
  parts: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const message = state.held.find((one) => one.id === parts[1])
  if (parts[0] !== 'messages' || !message) return answer(response, 404, {})
  if (request.method === 'DELETE') message.removed = true
  else {
    const body = (await jsonOf(request)) as { text?: string; reactions?: string[] }
    if (body.text !== undefined) message.text = body.text
    if (body.reactions !== undefined) message.reactions = body.reactions
  }
  answer(response, 200, {})
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
