import { z } from 'zod'
import { settingsErrorOf } from '../../src/channel/settings-fault.ts'

export const settingsSchema = z.strictObject({
  token: z
    .string()
    .trim()
    .regex(/^\d{1,20}:[\w-]{10,200}$/, 'must look like 123456789:AAE4x…, as @BotFather shows it')
    .meta({ title: 'Bot token', description: 'From @BotFather. Whoever has it controls the bot.', secret: true }),
  receive: z
    .enum(['polling', 'webhook'])
    .default('polling')
    .meta({
      title: 'How messages come in',
      options: { polling: 'Tributary asks Telegram (works everywhere)', webhook: 'Telegram calls Tributary (webhook)' },
      description: 'A webhook needs PUBLIC_URL to be an https address that Telegram can reach.',
    }),
  groups: z
    .enum(['ignore', 'mentions', 'all'])
    .default('mentions')
    .meta({
      title: 'In groups, take',
      options: { ignore: 'Nothing', mentions: 'Mentions of the bot, commands and replies to it', all: 'Everything' },
      description:
        'For everything, switch privacy mode off at @BotFather (/setprivacy) and add the bot to the group again.',
    }),
  groupThreads: z
    .enum(['person', 'chat'])
    .default('person')
    .meta({
      title: 'In groups, a conversation for',
      options: { person: 'Each person who asks', chat: 'The whole group, or each of its topics' },
    }),
  apiRoot: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .default('https://api.telegram.org')
    .meta({
      title: 'Address of the Bot API',
      rare: true,
      description: 'Another one only if you run a Bot API server of your own.',
    }),
})

export type TelegramSettings = z.infer<typeof settingsSchema>

export function parseSettings(input: unknown): TelegramSettings {
  const parsed = settingsSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw settingsErrorOf(parsed.error, input)
}
