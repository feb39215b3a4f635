import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { ChannelFailure } from '../../../src/channel/errors.ts'

type FailureKind = ChannelFailure['kind']

export interface LoopFault {
  readonly name: string
  /** Whether the message is held before the answer goes wrong. */
  readonly effect: boolean
  /** What the adapter must make of it. */
  readonly means: FailureKind
  answer(response: ServerResponse): void | Promise<void>
}

const json: Readonly<Record<string, string>> = { 'content-type': 'application/json' }
const yes = JSON.stringify({ id: 'm-of-a-spoiled-answer', at: 1 })

function status(
  name: string,
  code: number,
  means: FailureKind,
  effect = false,
  body = '{}',
  headers = json,
): LoopFault {
  return { name, effect, means, answer: (response) => void response.writeHead(code, headers).end(body) }
}

function cut(name: string, effect: boolean): LoopFault {
  return { name, effect, means: 'uncertain', answer: (response) => void response.socket?.resetAndDestroy() }
}

const html = { 'content-type': 'text/html' }
const page = '<html><body><h1>502 Bad Gateway</h1></body></html>'

/** Everything a platform has been seen to do instead of an answer. `silence` ends only by the caller's deadline. */
export const loopFaults = {
  lostAnswer: cut('accepts, then drops the answer', true),
  reset: cut('resets the connection before anything happened', false),
  error500: status('500 before the effect', 500, 'uncertain'),
  error500After: status('500 after the effect', 500, 'uncertain', true),
  html502: status('502 as HTML before the effect', 502, 'uncertain', false, page, html),
  html502After: status('502 as HTML after the effect', 502, 'uncertain', true, page, html),
  unavailable: status('503', 503, 'unavailable'),
  rateLimited: status('429 with its wait', 429, 'rateLimited', false, '{"retryAfterMs":300,"scope":"thread"}'),
  rateLimitedHeader: status('429 with a header only', 429, 'rateLimited', false, 'slow down', {
    'content-type': 'text/plain',
    'retry-after': '1',
  }),
  redirect: status('a redirect', 302, 'unavailable', false, '', { location: 'http://127.0.0.1:9/' }),
  blocked: status('403', 403, 'rejected'),
  gone: status('404', 404, 'rejected'),
  tooLarge: status('413', 413, 'rejected'),
  badRequest: status('400', 400, 'rejected'),
  auth: status('401', 401, 'auth'),
  wrongType: status('yes in a type that cannot be read', 200, 'uncertain', true, 'OK', html),
  wrongShape: status('yes that names no message', 200, 'uncertain', true, '{"ok":true}'),
  truncated: {
    name: 'JSON cut short',
    effect: true,
    means: 'uncertain',
    answer: async (response) => {
      response.writeHead(200, { ...json, 'content-length': yes.length })
      response.write(yes.slice(0, 12))
      await pause(5)
      response.socket?.destroy()
    },
  },
  drip: {
    name: 'one byte a second',
    effect: true,
    means: 'uncertain',
    answer: async (response) => {
      response.writeHead(200, { ...json, 'content-length': yes.length })
      for (const byte of yes) {
        if (response.destroyed) return
        response.write(byte)
        await pause(1_000, undefined, { ref: false })
      }
      response.end()
    },
  },
  silence: { name: 'no answer before the effect', effect: false, means: 'uncertain', answer: () => {} },
  silenceAfter: { name: 'no answer after the effect', effect: true, means: 'uncertain', answer: () => {} },
} as const satisfies Record<string, LoopFault>

export type LoopFaultName = keyof typeof loopFaults
