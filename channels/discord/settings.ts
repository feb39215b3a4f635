import { z } from 'zod'
import { settingsErrorOf } from '../../src/channel/settings-fault.ts'

const snowflake = z
  .string()
  .trim()
  .regex(/^\d{15,20}$/, 'must be an ID of Discord, 15 to 20 digits')
const ids = z.array(snowflake).max(100).default([])

const supportChannel = z.strictObject({
  id: snowflake,
  /** Absent: forumPost in a forum, button anywhere else. */
  open: z.enum(['button', 'mention', 'forumPost', 'everyMessage']).optional(),
})

export const settingsSchema = z.strictObject({
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{20,200}$/, 'must be the bot token, without spaces')
    .meta({ title: 'Bot token', secret: true }),
  directMessages: z.boolean().default(true).meta({
    title: 'Direct messages',
    description: 'Whoever shares a server with the bot may write to it directly.',
  }),
  supportChannels: z
    .array(supportChannel)
    .max(50)
    .default([])
    .meta({
      title: 'Support channels',
      description:
        'Channels and forums of your server: [{"id": "1100000000000000001", "open": "button"}]. open is button (a private ' +
        'thread), mention, forumPost or everyMessage (these open a thread). Left out: button, in forums forumPost.',
    }),
  staffRoles: ids.meta({
    title: 'Roles of your staff',
    description: 'IDs, one a line. What these members write in a support thread is your answer, not a question.',
  }),
  ignoreRoles: ids.meta({ title: 'Ignored roles', description: 'IDs, one a line. These members are not served.' }),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .default('https://discord.com/api')
    .meta({ title: 'Address of the API', rare: true }),
  gatewayUrl: z
    .url({ protocol: /^wss?$/ })
    .max(500)
    .optional()
    .meta({ title: 'Address of the gateway', rare: true, description: 'Left out: what the API names.' }),
  publicKey: z
    .string()
    .trim()
    .regex(/^[0-9a-f]{64}$/i, 'must be the public key of the application, 64 digits and letters a to f')
    .optional()
    .meta({
      title: 'Public key',
      rare: true,
      description:
        'Only where “Interactions Endpoint URL” of your application is set: to /hooks/ and the number of this inbox, below PUBLIC_URL.',
    }),
})

export type DiscordSettings = z.output<typeof settingsSchema>
export type Door = NonNullable<z.output<typeof supportChannel>['open']>

export function parseSettings(input: unknown): DiscordSettings {
  const parsed = settingsSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw settingsErrorOf(parsed.error, input)
}
