import { z } from 'zod'
import { settingsErrorOf } from '../../src/channel/settings-fault.ts'

const key = z.string().trim().min(1).max(1_024).optional()
const secret = (title: string) => key.meta({ title, secret: true })

export const settingsSchema = z
  .strictObject({
    apiKey: key.meta({ title: 'API key', description: 'Also called consumer key. It belongs to the app.' }),
    apiSecret: secret('API key secret'),
    accessToken: secret('Access token'),
    accessSecret: secret('Access token secret'),
    clientId: key.meta({
      title: 'OAuth 2 client ID',
      description: 'Instead of the access token, or beside it for webhooks.',
    }),
    clientSecret: key.meta({
      title: 'OAuth 2 client secret',
      secret: true,
      description: 'Empty for a public client.',
    }),
    refreshToken: key.meta({
      title: 'OAuth 2 refresh token',
      secret: true,
      description: 'Worth one use, and replaced with each: save without pressing Test, which would spend it.',
    }),
    receive: z
      .enum(['polling', 'webhook'])
      .default('polling')
      .meta({
        title: 'How messages come in',
        options: { polling: 'We ask X once a minute', webhook: 'X calls us (webhook)' },
        description: 'A webhook needs a public HTTPS address, the API key and OAuth 2.',
      }),
    directMessages: z.boolean().default(true).meta({ title: 'Direct messages' }),
    mentions: z.boolean().default(true).meta({ title: 'Mentions and replies', description: 'Answered in public.' }),
    pollSeconds: z.number().int().min(60).max(3_600).default(60).meta({
      title: 'Seconds between two looks',
      rare: true,
      description: 'X allows one look at direct messages a minute.',
    }),
    apiUrl: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .default('https://api.x.com')
      .meta({ title: 'Address of the X API', rare: true }),
  })
  .superRefine((given, ctx) => {
    const fault = faultOf(given)
    if (fault) ctx.addIssue({ code: 'custom', path: [fault[0]], message: fault[1] })
  })

export type XSettings = z.infer<typeof settingsSchema>

/** OAuth 1.0a: four values that never expire. */
export function hasOwnTokens(given: Partial<XSettings>): boolean {
  return Boolean(given.apiKey && given.apiSecret && given.accessToken && given.accessSecret)
}

/** What no single field can say of itself. */
function faultOf(given: XSettings): readonly [field: keyof XSettings, message: string] | undefined {
  const { apiKey, apiSecret, accessToken, accessSecret, clientId, refreshToken, receive } = given
  const missing = (fields: readonly (keyof XSettings)[]) => fields.find((field) => given[field] === undefined)
  const signing = ['apiKey', 'apiSecret', 'accessToken', 'accessSecret'] as const
  const oauth2 = ['clientId', 'refreshToken'] as const
  const wantsSigning = accessToken !== undefined || accessSecret !== undefined
  const wantsOAuth2 = clientId !== undefined || refreshToken !== undefined
  const lacking = (wantsSigning && missing(signing)) || (wantsOAuth2 && missing(oauth2))
  if (lacking) return [lacking, 'is needed with the others']
  if (!wantsSigning && !wantsOAuth2) {
    const first = apiKey !== undefined || apiSecret !== undefined ? missing(signing) : 'apiKey'
    return [first ?? 'apiKey', 'is needed: give the four API values, or OAuth 2']
  }
  if (receive === 'webhook') {
    const needed = missing(['apiKey', 'apiSecret', ...oauth2])
    if (needed) return [needed, 'is needed for a webhook']
  }
  if (!given.directMessages && !given.mentions) return ['directMessages', 'or mentions must be on']
  return undefined
}

export function parseSettings(input: unknown): XSettings {
  const parsed = settingsSchema.safeParse(input)
  if (!parsed.success) throw settingsErrorOf(parsed.error, input)
  return parsed.data
}
