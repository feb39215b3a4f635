import { z } from 'zod'
import { id, time } from './primitive.ts'

const address = z.url({ protocol: /^https?$/ }).max(2000)
/** Kinds of feed events; empty: all. */
const kinds = z.array(z.string().min(1).max(60)).max(50)

export const webhook = z.object({
  id,
  url: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  /** Why it was switched off. */
  disabledReason: z.string().nullable(),
  /** The feed position up to which everything is delivered. */
  position: z.string(),
  createdAt: time,
})
export type Webhook = z.infer<typeof webhook>

export const newWebhook = z.strictObject({
  url: address,
  events: kinds.optional(),
  secret: z.string().min(16).max(500).optional(),
})
export type NewWebhook = z.infer<typeof newWebhook>
/** `secret` is shown this once. */
export const createdWebhook = webhook.extend({ secret: z.string() })
export type CreatedWebhook = z.infer<typeof createdWebhook>

export const webhookPatch = z.strictObject({
  url: address.optional(),
  events: kinds.optional(),
  secret: z.string().min(16).max(500).optional(),
  enabled: z.boolean().optional(),
})
export type WebhookPatch = z.infer<typeof webhookPatch>

export const webhookDelivery = z.object({
  id,
  eventId: z.string(),
  kind: z.string(),
  /** The receiver's answer. */
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  durationMs: z.number().int().nullable(),
  at: time,
})
export type WebhookDelivery = z.infer<typeof webhookDelivery>
