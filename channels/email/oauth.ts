import type { ChannelEnv } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { type AccessTokens, holdToken } from '../../src/channel/held-token.ts'
import type { EmailSettings, OAuth2Settings } from './settings.ts'

const answerMs = 20_000

/** The refresh token that buys them is kept, and may change every time. */
export function accessTokens(settings: Pick<EmailSettings, 'oauth2'>, env: ChannelEnv): AccessTokens {
  return holdToken(env.clock, async () => {
    const { oauth2 } = settings
    if (!oauth2) throw new ChannelError({ kind: 'auth' }, 'The inbox has neither a password nor OAuth 2 credentials.')
    let bought: Bought | undefined
    // Alone in the whole installation: a refresh token may be worth one use.
    await env.rotateCredentials<{ oauth2?: OAuth2Settings }>(async (current) => {
      const now = current.oauth2 ?? oauth2
      bought = await buy(now, env)
      return { oauth2: { ...now, refreshToken: bought.refreshToken ?? now.refreshToken } }
    })
    if (!bought) throw new ChannelError({ kind: 'unavailable' }, 'No access token could be had.')
    return { token: bought.accessToken, lifeMs: bought.lifeMs }
  })
}

interface Bought {
  readonly accessToken: string
  readonly refreshToken?: string
  readonly lifeMs: number
}

async function buy(oauth2: OAuth2Settings, env: ChannelEnv): Promise<Bought> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: oauth2.refreshToken,
    client_id: oauth2.clientId,
  })
  if (oauth2.clientSecret !== undefined) form.set('client_secret', oauth2.clientSecret)
  let response: Response
  let answer: Record<string, unknown>
  try {
    const signal = AbortSignal.timeout(answerMs)
    response = await env.fetch(oauth2.tokenUrl, { method: 'POST', body: form, signal, redirect: 'error' })
    answer = ((await response.json().catch(() => ({}))) ?? {}) as Record<string, unknown>
  } catch (cause) {
    throw new ChannelError({ kind: 'unavailable' }, 'The token address does not answer.', { cause })
  }
  if (!response.ok) throw refusal(response.status, answer['error'])
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = answer
  if (typeof accessToken !== 'string') {
    throw new ChannelError({ kind: 'unavailable' }, 'The token address answered without an access token.')
  }
  const lifeMs = (typeof seconds === 'number' && seconds > 0 ? seconds : 300) * 1_000
  return { accessToken, lifeMs, ...(typeof refreshToken === 'string' && refreshToken !== '' && { refreshToken }) }
}

function refusal(status: number, error: unknown): ChannelError {
  const code = typeof error === 'string' && /^[\w-]{1,60}$/.test(error) ? error : String(status)
  const final = status >= 400 && status < 500 && status !== 408 && status !== 429
  return new ChannelError(
    { kind: final ? 'auth' : 'unavailable' },
    final
      ? `The token address refuses the OAuth 2 credentials (${code}). Sign in anew there and enter the new refresh token.`
      : `The token address failed (${code}).`,
  )
}
