import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Loose } from './state.ts'

/** What is done wrong instead of the answer. */
export interface Fault {
  readonly name: string
  /** Whether the call takes effect before its answer goes wrong. */
  readonly effect: boolean
  answer(response: ServerResponse): void | Promise<void>
}

const json = { 'content-type': 'application/json' }
const page = '<html><body><h1>502 Bad Gateway</h1></body></html>'

export function refuse(code: number, description: string, parameters?: Loose): Fault {
  const body = JSON.stringify({ ok: false, error_code: code, description, ...(parameters && { parameters }) })
  return answered(`${code} ${description}`, code, { body })
}

interface Answered {
  readonly body: string
  readonly type?: string
  readonly effect?: boolean
}

function answered(name: string, status: number, { body, type, effect = false }: Answered): Fault {
  const headers = type === undefined ? json : { 'content-type': type }
  return { name, effect, answer: (response) => void response.writeHead(status, headers).end(body) }
}

export const html = (status: number, effect: boolean) =>
  answered(`${status} as HTML ${effect ? 'after' : 'before'} the effect`, status, {
    body: page,
    type: 'text/html',
    effect,
  })

export const garbage = answered('garbage with status 200', 200, { body: 'OK <not json>', effect: true })
export const wrongShape = answered('a yes that names no message', 200, {
  body: '{"ok":true,"result":true}',
  effect: true,
})

/** A hang ends only by the caller's deadline. */
export const silent = (effect: boolean): Fault => ({
  name: `no answer ${effect ? 'after' : 'before'} the effect`,
  effect,
  answer: () => {},
})

export const dropped = (effect: boolean): Fault => ({
  name: effect ? 'accepts, then drops the answer' : 'resets the connection before anything happened',
  effect,
  answer: (response) => void response.socket?.resetAndDestroy(),
})

const whole = '{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1}}}'

export const cut: Fault = {
  name: 'an answer cut in the middle',
  effect: true,
  answer: async (response) => {
    response.writeHead(200, { ...json, 'content-length': whole.length }).write(whole.slice(0, 20))
    await pause(5)
    response.socket?.destroy()
  },
}

export const drip: Fault = {
  name: 'one byte a second',
  effect: true,
  answer: async (response) => {
    response.writeHead(200, { ...json, 'content-length': whole.length })
    for (const byte of whole) {
      if (response.destroyed) return
      response.write(byte)
      await pause(1_000, undefined, { ref: false })
    }
    response.end()
  },
}
