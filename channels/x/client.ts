import { text as textOf } from 'node:stream/consumers'
import type { ITwitterApiClientPlugin, TwitterApiTokens } from 'twitter-api-v2'
import type { ChannelEnv } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { createWarnings, type Warnings } from '../../src/channel/warnings.ts'
import { type Purpose, refusal, unreachable, unreadable } from './errors.ts'
import { accessTokens, appToken } from './oauth.ts'
import { hasOwnTokens, type XSettings } from './settings.ts'

export interface XCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/2/`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
  /** In place of `body`. */
  readonly form?: FormData
  /** A private file where it lies, in place of `path`: only for the account's own tokens (OAuth 1.0a). */
  readonly file?: URL
  /** Who calls: the account (default), the account by OAuth 2, or the app itself. */
  readonly as?: 'account' | 'consented' | 'app'
  readonly purpose: Purpose
  readonly signal: AbortSignal
}

/** Calls left in the window and when it ends, as X says in its headers. */
export interface Room {
  readonly remaining: number
  readonly resetAt: number
}

export interface XAnswer {
  readonly data: unknown
  readonly room: Room | null
}

export interface XApi {
  readonly settings: XSettings
  readonly env: ChannelEnv
  /** Learned from the first list that is refused. */
  readonly dialect: { words: 'post' | 'tweet' }
  readonly warnings: Warnings
  /** One request, one answer. Rejects only with ChannelError. */
  call(call: XCall): Promise<XAnswer>
  /** The same, the body not read. */
  open(call: XCall): Promise<Response>
}

interface Signed {
  readonly url: URL
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string | FormData
}
type Tokens = TwitterApiTokens | string
type Library = Pick<typeof import('twitter-api-v2'), 'TwitterApi'>

const tokenMs = 20_000

/**
 * The library signs and encodes; the request itself leaves by `env.fetch`. Its own transport knows no deadline, hides why a
 * connection failed, and ends the process on an error page of the wrong shape.
 */
export async function createApi(settings: XSettings, env: ChannelEnv): Promise<XApi> {
  const library = await import('twitter-api-v2')
  const send = (signed: Signed, { purpose, signal, file }: Pick<XCall, 'purpose' | 'signal' | 'file'>) =>
    answered(env, file ?? new URL(`${settings.apiUrl.replace(/\/+$/, '')}${signed.url.pathname}${signed.url.search}`), {
      method: signed.method,
      headers: signed.headers,
      signal,
      purpose,
      ...(signed.body !== undefined && { body: signed.body }),
    })
  const ask = async (form: Readonly<Record<string, string>>, basic: readonly [string, string] | null) => {
    const path = form['grant_type'] === 'client_credentials' ? '/oauth2/token' : '/2/oauth2/token'
    const [username, password] = (basic ?? []).map(encodeURIComponent)
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      ...(basic && { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }),
    }
    const signed = {
      url: new URL(path, settings.apiUrl),
      method: 'POST',
      headers,
      body: String(new URLSearchParams(form)),
    }
    return readJson(await send(signed, { purpose: 'token', signal: AbortSignal.timeout(tokenMs) }), 'token')
  }
  const user = accessTokens(settings, env, ask)
  const app = appToken(settings, ask)
  const own = hasOwnTokens(settings)

  async function open(call: XCall): Promise<Response> {
    const { as = 'account' } = call
    if (as === 'app') return send(await sign(library, await app(), call), call)
    if (as === 'account' && own) return send(await sign(library, ownTokens(settings), call), call)
    const token = await user.get()
    try {
      return await send(await sign(library, token, call), call)
    } catch (error) {
      if (!(error instanceof ChannelError) || error.failure.kind !== 'auth') throw error
      // Refused at the door: nothing happened. A token may be withdrawn early, so a new one is asked for, once.
      user.forget(token)
      return send(await sign(library, await user.get(), call), call)
    }
  }
  return {
    settings,
    env,
    dialect: { words: 'post' },
    warnings: createWarnings(),
    open,
    call: async (call) => {
      const response = await open(call)
      return { data: await readJson(response, call.purpose), room: roomOf(response.headers) }
    },
  }
}

function ownTokens({ apiKey = '', apiSecret = '', accessToken = '', accessSecret = '' }: XSettings): TwitterApiTokens {
  return { appKey: apiKey, appSecret: apiSecret, accessToken, accessSecret }
}

/** What the library would send: asked for before it does, by its own plug-in. */
async function sign(library: Library, tokens: Tokens, call: XCall): Promise<Signed> {
  const plugin: ITwitterApiClientPlugin = {
    onBeforeRequestConfig: ({ client, params }) => ({ data: client['getHttpRequestArgs'](params), headers: {} }),
  }
  const settings = { plugins: [plugin] }
  const { v2 } =
    typeof tokens === 'string' ? new library.TwitterApi(tokens, settings) : new library.TwitterApi(tokens, settings)
  const { path, query = {}, body = {}, file } = call
  if (file)
    return v2.get<Signed>(
      file.pathname,
      {},
      { prefix: file.protocol === 'https:' ? file.origin : 'https://ton.twitter.com' },
    )
  if (call.form) {
    const { headers, ...signed } = await v2.post<Signed>(path, {}, { forceBodyMode: 'form-data' })
    // The library's own form names no file, and many servers read such a part as text.
    const { 'content-type': _, ...others } = headers
    return { ...signed, headers: others, body: call.form }
  }
  switch (call.method) {
    case 'GET':
      return v2.get<Signed>(path, { ...query })
    case 'DELETE':
      return v2.delete<Signed>(path, { ...query })
    case 'POST':
      return v2.post<Signed>(path, { ...body })
    case 'PUT':
      return v2.put<Signed>(path, { ...body })
  }
}

interface Outgoing extends Omit<Signed, 'url'> {
  readonly purpose: Purpose
  readonly signal: AbortSignal
}

async function answered(env: ChannelEnv, url: URL, { purpose, body, ...rest }: Outgoing): Promise<Response> {
  let response: Response
  try {
    response = await env.fetch(url, { ...rest, redirect: 'manual', ...(body !== undefined && { body }) })
  } catch (error) {
    throw unreachable(error, purpose)
  }
  if (response.ok) return response
  const { status, headers } = response
  const said = await bodyOf(response).catch(() => '')
  throw refusal({ status, headers, body: said }, purpose, env.clock())
}

async function readJson(response: Response, purpose: Purpose): Promise<unknown> {
  try {
    return JSON.parse(await bodyOf(response)) as unknown
  } catch {
    throw unreadable(purpose)
  }
}

async function bodyOf(response: Response): Promise<string> {
  return response.body ? textOf(response.body as AsyncIterable<Uint8Array>) : ''
}

function roomOf(headers: Headers): Room | null {
  const [remaining, reset] = ['remaining', 'reset'].map((name) =>
    Number(headers.get(`x-rate-limit-${name}`) ?? Number.NaN),
  )
  if (remaining === undefined || reset === undefined || !(remaining >= 0 && reset > 0)) return null
  return { remaining, resetAt: reset * 1_000 }
}
