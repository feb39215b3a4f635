import { request as httpRequest } from 'node:http'
import { Refusal } from './refusals.ts'
import type { Loose, State } from './state.ts'

const quiet = new Set(['message_reaction', 'message_reaction_count', 'chat_member'])

export interface Updates {
  /** Something happened. Filtered when it is made, as the platform does: its id is used up all the same. */
  happen(kind: string, body: unknown): number
  /** Puts anything at all into the queue. */
  utter(body: unknown): void
  /** `gone` is called back when the client left. */
  getUpdates(params: Loose, gone: (leave: () => void) => void): Promise<unknown>
  close(): void
  /** Webhook bodies are cut in two inside a character. */
  splitBodies: boolean
}

interface Poll {
  readonly wake: () => void
  readonly conflict: () => void
}

export function createUpdates(state: State): Updates {
  let polling: Poll | null = null
  let pushing = false
  let closed = false
  const tell = () => {
    polling?.wake()
    if (state.webhook && !pushing) {
      pushing = true
      pushAll()
        .catch(() => {})
        .finally(() => {
          pushing = false
        })
    }
  }
  const add = (body: unknown) => {
    state.updates.push({ id: state.nextUpdateId, body })
    state.nextUpdateId += 1
    tell()
  }
  /** One in flight, the same one until it is taken. */
  async function pushAll(): Promise<void> {
    for (let next = state.updates[0]; next && state.webhook && !closed; next = state.updates[0]) {
      const body = Buffer.from(JSON.stringify(next.body))
      const status = await post(state.webhook, body, updates.splitBodies).catch(() => 0)
      state.deliveries.push({ body, status })
      if (status >= 200 && status < 300) confirmBelow(state, next.id + 1)
      else await new Promise((resolve) => setTimeout(resolve, 40).unref())
    }
  }
  const updates: Updates = {
    splitBodies: false,
    happen: (kind, body) => {
      const id = state.nextUpdateId
      const wanted = state.allowed?.length ? state.allowed.includes(kind) : !quiet.has(kind)
      if (wanted) add({ update_id: id, [kind]: body })
      else state.nextUpdateId += 1
      return id
    },
    utter: (body) => add(typeof body === 'object' && body ? { update_id: state.nextUpdateId, ...body } : body),
    getUpdates: async (params, gone) => {
      if (state.webhook) {
        throw new Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
      }
      allow(state, params['allowed_updates'])
      confirm(state, Number(params['offset'] ?? 0))
      polling?.conflict()
      const limit = Number(params['limit'] ?? 100)
      const page = () => state.updates.slice(0, limit >= 1 && limit <= 100 ? limit : 100).map((one) => one.body)
      const end = Date.now() + Number(params['timeout'] ?? 0) * 1_000
      if (state.updates.length === 0 && Date.now() < end) await news(end - Date.now(), gone)
      return page()
    },
    close: () => {
      closed = true
      polling?.wake()
    },
  }
  function news(ms: number, gone: (leave: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer)
        if (polling === mine) polling = null
        resolve()
      }
      const timer = setTimeout(leave, ms).unref()
      const words = 'terminated by other getUpdates request; make sure that only one bot instance is running'
      const mine: Poll = {
        wake: leave,
        conflict: () => {
          // Before the wake-up, which would resolve it.
          reject(new Refusal(409, `Conflict: ${words}`))
          leave()
        },
      }
      polling = mine
      gone(leave)
    })
  }
  return updates
}

/** A list replaces, an empty one means all but the quiet ones, nothing keeps what was. */
export function allow(state: State, list: unknown): void {
  if (list === undefined || list === null) return
  if (!Array.isArray(list)) throw new Refusal(400, "Bad Request: can't parse allowed_updates JSON array")
  state.allowed = list.map(String)
}

function confirm(state: State, offset: number): void {
  if (offset > 0) confirmBelow(state, offset)
  if (offset < 0) confirmBelow(state, state.updates.at(offset)?.id ?? 0)
}

function confirmBelow(state: State, id: number): void {
  const before = state.updates.length
  state.updates = state.updates.filter((one) => one.id >= id)
  state.acknowledged += before - state.updates.length
}

function post({ url, secret }: { url: string; secret: string }, body: Buffer, split: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      'x-telegram-bot-api-secret-token': secret,
    }
    const request = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.on('error', reject)
    // Inside the first character that has more than one byte.
    const middle = body.findIndex((byte) => byte >= 0xc0) + 1
    if (!split || middle === 0) request.end(body)
    else {
      request.write(body.subarray(0, middle))
      setTimeout(() => request.end(body.subarray(middle)), 20).unref()
    }
  })
}
