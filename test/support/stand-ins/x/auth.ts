import { createHmac, randomBytes } from 'node:crypto'
import { badTimestamp, unauthorized, type XAnswer, yes } from './problems.ts'
import type { XState } from './state.ts'

export interface Call {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly raw: Buffer
}

const accessMs = 7_200_000
const enc = (text: string) =>
  encodeURIComponent(text).replace(/[!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** Who calls, or why not. */
export function authenticate(state: XState, call: Call): 'oauth1' | 'oauth2' | 'app' | XAnswer {
  const header = String(call.headers['authorization'] ?? '')
  if (state.refusesCredentials) return unauthorized
  if (header.startsWith('OAuth ')) return oauth1(state, call, header)
  const bearer = /^Bearer (.+)$/.exec(header)?.[1] ?? ''
  if (bearer === appBearer(state)) return 'app'
  const until = state.tokens.get(bearer)
  return until !== undefined && until > state.clock() ? 'oauth2' : unauthorized
}

/** The base string names X's own hosts, whatever socket it came over; the query is signed, a JSON or multipart body is not. */
function oauth1(state: XState, { method, url }: Call, header: string): 'oauth1' | XAnswer {
  const given = Object.fromEntries(
    [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map((match) => [match[1] ?? '', decodeURIComponent(match[2] ?? '')]),
  )
  const { oauth_signature: claimed, ...signed } = given
  const { apiKey, apiSecret, accessToken, accessSecret } = state.credentials
  if (signed['oauth_consumer_key'] !== apiKey || signed['oauth_token'] !== accessToken) return unauthorized
  if (Math.abs(Number(signed['oauth_timestamp']) * 1_000 - state.clock()) > 300_000) return badTimestamp
  const nonce = signed['oauth_nonce'] ?? ''
  if (nonce === '' || state.nonces.has(nonce)) return unauthorized
  state.nonces.add(nonce)
  const parameters = [...Object.entries(signed), ...url.searchParams]
    .map(([name, value]) => `${enc(name)}=${enc(value)}`)
    .sort()
    .join('&')
  const host = url.pathname.startsWith('/1.1/ton/') ? 'ton.twitter.com' : 'api.x.com'
  const base = [method, `https://${host}${url.pathname}`, parameters].map(enc).join('&')
  const right = createHmac('sha1', `${enc(apiSecret)}&${enc(accessSecret)}`)
    .update(base)
    .digest('base64')
  return right === claimed ? 'oauth1' : unauthorized
}

function appBearer({ credentials }: XState): string {
  return `app-bearer-of-${credentials.apiKey}`
}

/** Both token endpoints. A refresh token is worth one use; the old one used again, or two at once, end the grant. */
export function token(state: XState, call: Call): XAnswer {
  const form = new URLSearchParams(call.raw.toString())
  const basic = Buffer.from(String(call.headers['authorization'] ?? '').replace(/^Basic /, ''), 'base64').toString()
  const { credentials } = state
  const refused = (error: string, description: string): XAnswer => ({
    status: 400,
    body: { error, error_description: description },
  })
  if (state.refusesCredentials) return refused('invalid_request', 'Value passed for the token was invalid.')
  if (call.url.pathname === '/oauth2/token') {
    const right = `${enc(credentials.apiKey)}:${enc(credentials.apiSecret)}`
    if (basic !== right)
      return { status: 403, body: { errors: [{ code: 99, message: 'Unable to verify your credentials' }] } }
    return yes({ token_type: 'bearer', access_token: appBearer(state) })
  }
  if (basic !== `${credentials.clientId}:${credentials.clientSecret}`) {
    return {
      status: 401,
      body: { error: 'unauthorized_client', error_description: 'Missing valid authorization header' },
    }
  }
  if (form.get('refresh_token') !== credentials.refreshToken) {
    return refused('invalid_grant', 'Value passed for the token was invalid.')
  }
  credentials.refreshToken = `refresh-${randomBytes(9).toString('hex')}`
  const access = `access-${randomBytes(9).toString('hex')}`
  state.tokens.set(access, state.clock() + accessMs)
  return yes({
    token_type: 'bearer',
    expires_in: accessMs / 1_000,
    access_token: access,
    refresh_token: credentials.refreshToken,
    scope: 'tweet.read tweet.write users.read dm.read dm.write media.write offline.access',
  })
}
