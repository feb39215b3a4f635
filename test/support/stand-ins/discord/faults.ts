import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { ChannelFailure } from '../../../../src/channel/errors.ts'
import type { Fault } from './state.ts'

interface Told extends Fault {
  /** What the adapter must make of it. */
  readonly means: ChannelFailure['kind']
}
const json = { 'content-type': 'application/json' }
const html = { 'content-type': 'text/html' }
const page = '<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>'
const words = (code: number, message: string, more: object = {}) => JSON.stringify({ message, code, ...more })

function refusal(name: string, status: number, code: number, message: string, more: object = {}): Told {
  return { name, effect: false, means: 'rejected', status, headers: json, body: words(code, message, more) }
}

function limited(name: string, more: object, headers: Record<string, string>): Told {
  const body = JSON.stringify({ message: 'You are being rate limited.', retry_after: 0.3, global: false, ...more })
  return { name, effect: false, means: 'rateLimited', status: 429, headers: { ...json, ...headers }, body }
}

const tooLong = {
  errors: { content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }] } },
}

/** In Discord's own words; each ends one send. */
export const discordFaults = {
  unauthorized: {
    name: '401',
    effect: false,
    means: 'auth',
    status: 401,
    headers: json,
    body: words(0, '401: Unauthorized'),
  },
  blocked: refusal('50007', 403, 50007, 'Cannot send messages to this user'),
  unknownChannel: refusal('10003', 404, 10003, 'Unknown Channel'),
  missingAccess: refusal('50001', 403, 50001, 'Missing Access'),
  permissions: refusal('50013', 403, 50013, 'Missing Permissions'),
  locked: refusal('160005', 400, 160005, 'Thread is locked'),
  tooLong: refusal('50035 about length', 400, 50035, 'Invalid Form Body', tooLong),
  badForm: refusal('50035 otherwise', 400, 50035, 'Invalid Form Body'),
  tooLarge: refusal('40005', 413, 40005, 'Request entity too large'),
  limitedUser: limited(
    '429 of a bucket',
    {},
    { 'x-ratelimit-scope': 'user', 'x-ratelimit-reset-after': '0.5', 'retry-after': '1' },
  ),
  limitedShared: limited(
    '429 shared',
    {},
    { 'x-ratelimit-scope': 'shared', 'x-ratelimit-reset-after': '30', 'retry-after': '1' },
  ),
  limitedEdge: {
    name: '429 of the edge',
    effect: false,
    means: 'rateLimited',
    status: 429,
    headers: { ...html, 'retry-after': '1' },
    body: page,
  },
  slowmode: refusalAs(
    'slow mode',
    'rateLimited',
    refusal('20016', 400, 20016, 'This action cannot be performed due to slowmode rate limit', { retry_after: 2 }),
  ),
  edge403: { name: '403 as HTML', effect: false, means: 'unavailable', status: 403, headers: html, body: page },
  redirect: {
    name: 'a redirect',
    effect: false,
    means: 'unavailable',
    status: 302,
    headers: { location: 'http://127.0.0.1:9/' },
    body: '',
  },
  html502: {
    name: '502 as HTML before the effect',
    effect: false,
    means: 'uncertain',
    status: 502,
    headers: html,
    body: page,
  },
  html502After: {
    name: '502 as HTML after the effect',
    effect: true,
    means: 'uncertain',
    status: 502,
    headers: html,
    body: page,
  },
  error500: {
    name: '500 before the effect',
    effect: false,
    means: 'uncertain',
    status: 500,
    headers: json,
    body: words(0, '500: Internal Server Error'),
  },
  error503After: {
    name: '503 after the effect',
    effect: true,
    means: 'uncertain',
    status: 503,
    headers: json,
    body: words(0, 'overloaded'),
  },
  garbage: { name: 'garbage with 200', effect: true, means: 'uncertain', status: 200, headers: html, body: 'OK' },
  wrongShape: {
    name: 'yes that names no message',
    effect: true,
    means: 'uncertain',
    status: 200,
    headers: json,
    body: '{"ok":true}',
  },
  reset: { name: 'resets before anything happened', effect: false, means: 'uncertain', how: 'cut' },
  lostAnswer: { name: 'accepts, then drops the answer', effect: true, means: 'uncertain', how: 'cut' },
  truncated: { name: 'JSON cut short', effect: true, means: 'uncertain', how: 'truncated' },
  drip: { name: 'one byte a second', effect: true, means: 'uncertain', how: 'drip' },
  silence: { name: 'no answer before the effect', effect: false, means: 'uncertain', how: 'silence' },
  silenceAfter: { name: 'no answer after the effect', effect: true, means: 'uncertain', how: 'silence' },
  // The last: the client remembers it for a second, for all that it sends.
  limitedGlobal: limited(
    '429 global',
    { global: true },
    { 'x-ratelimit-scope': 'global', 'x-ratelimit-global': 'true', 'retry-after': '1' },
  ),
} as const satisfies Record<string, Told>

function refusalAs(name: string, means: Told['means'], told: Told): Told {
  return { ...told, name, means }
}

const yes = JSON.stringify({ id: '1300000000000000000', content: 'of a spoiled answer' })

export async function spoil(fault: Fault, response: ServerResponse): Promise<void> {
  switch (fault.how) {
    case 'cut':
      response.socket?.resetAndDestroy()
      return
    case 'silence':
      return
    case 'truncated':
      response.writeHead(200, { ...json, 'content-length': yes.length })
      response.write(yes.slice(0, 12))
      await pause(5)
      response.socket?.destroy()
      return
    case 'drip':
      response.writeHead(200, { ...json, 'content-length': yes.length })
      for (const byte of yes) {
        if (response.destroyed) return
        response.write(byte)
        await pause(1_000, undefined, { ref: false })
      }
      response.end()
      return
    default:
      response.writeHead(fault.status ?? 500, fault.headers).end(fault.body ?? '')
  }
}
