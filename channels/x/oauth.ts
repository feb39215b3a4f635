import { z } from 'zod'
import type { ChannelEnv } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { type AccessTokens, holdToken } from '../../src/channel/held-token.ts'
import type { XSettings } from './settings.ts'

/** One signed request to X's token endpoints; rejects with ChannelError. */
export type AskToken = (
  form: Readonly<Record<string, string>>,
  basic: readonly [user: string, password: string] | null,
) => Promise<unknown>

const bought = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().catch(7_200),
})
type Credentials = Pick<XSettings, 'clientId' | 'clientSecret' | 'refreshToken'>

/** Good for two hours. A refresh token is worth one use. */
export function accessTokens(settings: XSettings, env: ChannelEnv, ask: AskToken): AccessTokens {
  return holdToken(env.clock, async () => {
    let got: z.infer<typeof bought> | undefined
    // Alone in the whole installation; the new pair is committed before its access token is used.
    await env.rotateCredentials<Credentials>(async (current) => {
      const now = { ...settings, ...current }
      got = await buy(now, ask)
      return { refreshToken: got.refresh_token ?? now.refreshToken }
    })
    if (!got) throw new ChannelError({ kind: 'unavailable' }, 'No access token could be had from X.')
    return { token: got.access_token, lifeMs: got.expires_in * 1_000 }
  })
}

async function buy({ clientId = '', clientSecret, refreshToken = '' }: Credentials, ask: AskToken) {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId }
  const told = bought.safeParse(await ask(form, clientSecret === undefined ? null : [clientId, clientSecret]))
  if (told.success) return told.data
  throw new ChannelError({ kind: 'unavailable' }, 'X answered without an access token.')
}

/** The app's own token, for webhooks; it does not expire, and X gives the same one again. */
export function appToken(settings: XSettings, ask: AskToken): () => Promise<string> {
  let held: Promise<string> | null = null
  return () => {
    held ??= ask({ grant_type: 'client_credentials' }, [settings.apiKey ?? '', settings.apiSecret ?? '']).then(
      (told) => {
        const parsed = bought.safeParse(told)
        if (parsed.success) return parsed.data.access_token
        throw new ChannelError({ kind: 'unavailable' }, 'X answered without a token for the app.')
      },
    )
    held.catch(() => {
      held = null
    })
    return held
  }
}
