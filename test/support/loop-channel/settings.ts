import { z } from 'zod'
import { settingsErrorOf } from '../../../src/channel/settings-fault.ts'

/** The switches say what the stand-in promises; it must be started with the same ones. */
export const loopSettingsSchema = z.strictObject({
  apiUrl: z.url({ protocol: /^https?$/ }).meta({ title: 'Address of the loop platform' }),
  token: z.string().min(8).meta({ title: 'Token', secret: true }),
  webhookSecret: z.string().min(8).meta({ title: 'Webhook secret', secret: true }),
  /** `both`: the same events come twice, by poll and by webhook, and must be stored once. */
  receive: z.enum(['polling', 'webhook', 'both']).default('polling'),
  idempotent: z.boolean().default(false),
  confirm: z.boolean().default(false),
  /** UTF-16 units a message. */
  textMax: z.int().min(20).max(100_000).default(400),
  /** How long one poll waits for news. */
  pollMs: z.int().min(0).max(60_000).default(20_000),
})

export type LoopSettings = z.output<typeof loopSettingsSchema>

export function parseLoopSettings(input: unknown): LoopSettings {
  const result = loopSettingsSchema.safeParse(input)
  if (result.success) return result.data
  throw settingsErrorOf(result.error, input)
}
