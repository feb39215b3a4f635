import { lookup as systemLookup } from 'node:dns/promises'
import { type Agent, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { Readable, Transform } from 'node:stream'
import { deadline } from '../channel/deadline.ts'
import { mayConnect, type OutboundAllow } from './outbound-address.ts'

export interface OutboundRules {
  readonly allow: OutboundAllow
  /** Bytes of an answer's body; reading further fails. */
  readonly maxBytes?: number
  /** From the call to the last byte of the body. */
  readonly maxMs?: number
  /** 0: a redirect is handed to the caller as it is. */
  readonly maxRedirects?: number
  readonly resolve?: (host: string) => Promise<readonly { address: string; family: number }[]>
}

/** The address may not be reached from here; nothing was sent. */
export class OutboundRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OutboundRefused'
  }
}

const defaults = { maxBytes: 40 * 1024 * 1024, maxMs: 30_000, maxRedirects: 5 }

/**
 * The only way out for URLs that somebody else wrote. Each hop is resolved once and the connection pinned to the address that was
 * checked, so an answer that changes between check and use cannot lead inwards.
 */
export function createOutboundFetch(rules: OutboundRules): typeof globalThis.fetch {
  const limits = { ...defaults, ...rules }
  const agents = createAgents()
  return async (input, init) => {
    const request = new Request(input, init)
    const { signal, done } = deadline(limits.maxMs, init?.signal ?? request.signal)
    try {
      const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
      let hop: Hop = { url: new URL(request.url), method: request.method, headers: request.headers, body, signal }
      for (let redirects = 0; ; redirects++) {
        const answer = await send(hop, limits, agents)
        const next = request.redirect === 'manual' ? undefined : redirectOf(hop, answer)
        if (next === undefined || limits.maxRedirects === 0) {
          answer.once('close', done)
          return toResponse(answer, limits.maxBytes)
        }
        answer.destroy()
        if (request.redirect === 'error' || redirects === limits.maxRedirects) {
          throw new OutboundRefused(`${hop.url.host} redirected more often than is followed.`)
        }
        hop = next
      }
    } catch (error) {
      done()
      throw error
    }
  }
}

/** For outgoing webhooks: a receiver has ten seconds, what it says is not read, and a signature is for it alone. */
export function webhookFetch(allow: OutboundAllow): typeof globalThis.fetch {
  return createOutboundFetch({ allow, maxMs: 10_000, maxBytes: 64 * 1024, maxRedirects: 0 })
}

interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: Buffer | undefined
  readonly signal: AbortSignal
}

async function send(hop: Hop, rules: OutboundRules, agents: Agents): Promise<IncomingMessage> {
  const pinned = await checkedAddress(hop.url, rules)
  const start = hop.url.protocol === 'https:' ? httpsRequest : httpRequest
  const headers = Object.fromEntries(hop.headers)
  return new Promise((resolve, reject) => {
    const outgoing = start(hop.url, {
      method: hop.method,
      // A compressed answer could unfold to any size.
      headers: { ...headers, 'accept-encoding': 'identity', ...(hop.body && { 'content-length': hop.body.length }) },
      signal: hop.signal,
      agent: agents(hop.url, pinned.address),
      lookup: (_host, options, done) =>
        options.all ? done(null, [pinned]) : done(null, pinned.address, pinned.family),
    })
    outgoing.once('response', resolve)
    outgoing.on('error', reject)
    outgoing.end(hop.body)
  })
}

/** Shorter than servers usually keep an idle connection: one that closes just as we send would leave us not knowing. */
const idleMs = 4_000
const mostAgents = 100

type Agents = (url: URL, address: string) => Agent

/** Connections are kept for each origin and address on its own: one of them never serves a URL that was checked for another. */
function createAgents(): Agents {
  const agents = new Map<string, Agent>()
  return (url, address) => {
    const key = `${url.origin} ${address}`
    const kept = agents.get(key)
    if (kept) return kept
    const options = { keepAlive: true, timeout: idleMs, maxFreeSockets: 8 }
    const made = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options)
    const [oldest] = agents.keys()
    // Its connections end by themselves when they fall idle.
    if (agents.size >= mostAgents && oldest !== undefined) agents.delete(oldest)
    agents.set(key, made)
    return made
  }
}

async function checkedAddress(url: URL, rules: OutboundRules): Promise<{ address: string; family: number }> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OutboundRefused(`Only http and https addresses are called, not ${url.protocol}`)
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  const literal = isIP(host)
  const resolve = rules.resolve ?? ((name: string) => systemLookup(name, { all: true }))
  const addresses = literal === 0 ? await resolve(host) : [{ address: host, family: literal }]
  const [first] = addresses
  if (first === undefined) throw new OutboundRefused(`${host} has no address.`)
  // One private address among public ones is a rebinding attempt, not a choice.
  if (!rules.allow.hosts.has(host) && !addresses.every(({ address }) => mayConnect(address, rules.allow))) {
    throw new OutboundRefused(`${host} is not a public address. OUTBOUND_ALLOW can open it.`)
  }
  return { address: first.address, family: first.family }
}

function redirectOf(hop: Hop, answer: IncomingMessage): Hop | undefined {
  const status = answer.statusCode ?? 0
  const location = answer.headers.location
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || !URL.canParse(location, hop.url.href)) {
    return undefined
  }
  const url = new URL(location, hop.url)
  const headers = new Headers(hop.headers)
  if (url.origin !== hop.url.origin) {
    for (const name of ['authorization', 'cookie', 'proxy-authorization']) headers.delete(name)
  }
  const asGet = status === 303 || ((status === 301 || status === 302) && hop.method === 'POST')
  if (asGet) {
    headers.delete('content-type')
    return { ...hop, url, headers, method: 'GET', body: undefined }
  }
  return { ...hop, url, headers }
}

function toResponse(answer: IncomingMessage, maxBytes: number): Response {
  const status = answer.statusCode ?? 502
  const headers = new Headers()
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) {
    headers.append(answer.rawHeaders[i] as string, answer.rawHeaders[i + 1] as string)
  }
  if (status === 204 || status === 205 || status === 304) {
    answer.destroy()
    return new Response(null, { status, headers })
  }
  return new Response(Readable.toWeb(capped(answer, maxBytes)) as ReadableStream, { status, headers })
}

function capped(answer: IncomingMessage, maxBytes: number): Readable {
  let seen = 0
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > maxBytes) done(new Error(`The answer is larger than ${maxBytes} bytes.`))
      else done(null, chunk)
    },
  })
  limit.once('close', () => answer.destroy())
  // The request's signal ends the answer as well, so the time cap arrives here.
  answer.once('error', (error) => limit.destroy(error))
  return answer.pipe(limit)
}
