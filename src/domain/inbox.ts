import { z } from 'zod'

export type InboxHealth = 'connecting' | 'connected' | 'unavailable' | 'badCredentials' | 'stopped'

/** What every inbox has, whatever its channel. They stand among the channel's own settings in the API. */
export const commonSettings = z.strictObject({
  from: z
    .union([z.literal('now'), z.iso.datetime({ offset: true })])
    .optional()
    .meta({
      title: 'Import since',
      description: 'Older messages are only counted; what lies before today is history.',
    }),
  reopenHours: z
    .number()
    .int()
    .min(0)
    .max(24 * 365)
    .optional()
    .meta({ title: 'Reopen within hours', description: 'A message after it begins a new conversation.', default: 72 }),
  privacyUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .optional()
    .meta({
      title: 'Privacy notice',
      description:
        'Where customers read what you do with their data. The first automatic message to somebody names it.',
    }),
  retentionDays: z.number().int().min(1).max(36_500).nullable().optional().meta({ title: 'Keep for days' }),
  learn: z.boolean().optional().meta({ title: 'May feed suggestions' }),
  bot: z.boolean().optional().meta({
    title: 'The bot answers first',
    description:
      'From the published articles of the help centre, in private. What it cannot answer goes to people at once.',
  }),
  remindAfterHours: z.number().int().min(1).max(8_760).nullable().optional().meta({
    title: 'Remind after hours of silence',
    description: 'A customer who was answered and says nothing is asked once whether they still need help.',
  }),
  resolveAfterHours: z.number().int().min(1).max(8_760).nullable().optional().meta({
    title: 'Resolve hours after the reminder',
    description: 'The reminder announces it. Where none can be sent, nothing is resolved.',
  }),
  acknowledge: z.boolean().optional().meta({
    title: 'Acknowledge after a minute',
    description: 'Whom nobody answered within a minute is told their number, once for each request.',
    default: true,
  }),
  news: z.boolean().optional().meta({
    title: 'Tell how a request goes on',
    description:
      'Whose turn it is, that somebody else takes over, and the end: as far as customers may know of the team.',
    default: true,
  }),
  progressDays: z.number().int().min(1).max(3_650).nullable().optional().meta({
    title: 'Keep progress pages for days',
    description: 'After the end of a request its page can be seen so long. Empty: there are no such pages.',
    default: 30,
  }),
})
/** Those of the settings that say what customers hear and see by themselves; kept together. */
export type CustomerSettings = Pick<z.infer<typeof commonSettings>, 'acknowledge' | 'news' | 'progressDays'>

export type CommonSettings = z.infer<typeof commonSettings>

export type CommonResult =
  | { readonly ok: true; readonly common: CommonSettings; readonly rest: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: z.ZodError }

/** Parts what every inbox has from what its channel asks for. */
export function takeCommonSettings(input: Readonly<Record<string, unknown>>): CommonResult {
  const own = new Set(Object.keys(commonSettings.shape))
  const entries = Object.entries(input)
  const parsed = commonSettings.safeParse(Object.fromEntries(entries.filter(([name]) => own.has(name))))
  if (!parsed.success) return { ok: false, error: parsed.error }
  return { ok: true, common: parsed.data, rest: Object.fromEntries(entries.filter(([name]) => !own.has(name))) }
}
