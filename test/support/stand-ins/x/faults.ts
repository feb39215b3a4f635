import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { ChannelFailure } from '../../../../src/channel/errors.ts'
import {
  cannotMessage,
  duplicate,
  invalid,
  noCredit,
  notFound,
  plan,
  tooMany,
  unauthorized,
  type XAnswer,
} from './problems.ts'

export interface XFault {
  readonly name: string
  /** Whether the message is held before the answer goes wrong. */
  readonly effect: boolean
  /** What the adapter must make of it when a message is sent. */
  readonly means: ChannelFailure['kind']
  answer(response: ServerResponse): void | Promise<void>
}

const json: Readonly<Record<string, string>> = { 'content-type': 'application/json; charset=utf-8' }
const html = { 'content-type': 'text/html' }
const page = '<html><body><h1>502 Bad Gateway</h1></body></html>'
const yes = JSON.stringify({ data: { dm_conversation_id: '1-2', dm_event_id: '3', id: '3', text: 'x' } })

function raw(
  name: string,
  status: number,
  means: XFault['means'],
  effect: boolean,
  body: string,
  headers = json,
): XFault {
  return { name, effect, means, answer: (response) => void response.writeHead(status, headers).end(body) }
}
function refused(name: string, answer: XAnswer, means: XFault['means']): XFault {
  return raw(name, answer.status, means, false, JSON.stringify(answer.body), { ...json, ...answer.headers })
}
function cut(name: string, effect: boolean): XFault {
  return { name, effect, means: 'uncertain', answer: (response) => void response.socket?.resetAndDestroy() }
}
const inSeconds = (seconds: number) => String(Math.ceil(Date.now() / 1_000) + seconds)

/** Everything X or a gateway before it has been seen to do. `silence` ends only by the caller's deadline. */
export const xFaults = {
  unauthorized: refused('401', unauthorized, 'auth'),
  noCredit: refused('402: no credit', noCredit, 'auth'),
  capped: raw(
    '429: usage capped',
    429,
    'auth',
    false,
    '{"title":"UsageCapExceeded","detail":"Usage cap exceeded: Monthly product cap","type":"https://api.twitter.com/2/problems/usage-capped"}',
  ),
  plan: refused('403: not in the plan', plan, 'rejected'),
  blocked: refused('403: cannot message', cannotMessage, 'rejected'),
  duplicate: refused('403: duplicate', duplicate, 'rejected'),
  gone: refused('404', notFound, 'rejected'),
  badRequest: refused('400', invalid('text: something is wrong with it'), 'rejected'),
  rateLimited: refused(
    '429 with its reset',
    tooMany({ 'x-rate-limit-limit': '15', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': inSeconds(60) }),
    'rateLimited',
  ),
  rateLimitedBare: refused('429 without a header', tooMany({}), 'rateLimited'),
  calm: raw('420', 420, 'rateLimited', false, 'Enhance your calm', html),
  error500: raw('500 before the effect', 500, 'uncertain', false, '{"title":"Internal Server Error","status":500}'),
  error500After: raw('500 after the effect', 500, 'uncertain', true, '{"title":"Internal Server Error","status":500}'),
  error503: raw(
    '503',
    503,
    'uncertain',
    false,
    '{"title":"Service Unavailable","detail":"Service Unavailable","type":"about:blank","status":503}',
  ),
  html502: raw('502 as HTML before the effect', 502, 'uncertain', false, page, html),
  html502After: raw('502 as HTML after the effect', 502, 'uncertain', true, page, html),
  redirect: raw('a redirect', 302, 'uncertain', false, '', { location: 'http://127.0.0.1:9/' }),
  repeating: refused('400 that repeats what was written', invalid('text: my card is 4242 is not allowed'), 'rejected'),
  nullErrors: raw('400 whose errors are null', 400, 'rejected', false, '{"errors":[null]}'),
  lostAnswer: cut('accepts, then drops the answer', true),
  reset: cut('resets the connection before anything happened', false),
  wrongType: raw('yes in a type that cannot be read', 200, 'uncertain', true, 'OK', html),
  wrongShape: raw('yes that names no message', 200, 'uncertain', true, '{"data":{}}'),
  empty: raw('yes without a body', 200, 'uncertain', true, ''),
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
} as const satisfies Record<string, XFault>
