import { z } from 'zod'

export const support = z.enum(['full', 'partial', 'dropped', 'rejected'])

export const fileKind = z.object({ name: z.string(), type: z.string(), maxBytes: z.number() })
export type FileKind = z.infer<typeof fileKind>

export const sendBudget = z.object({
  name: z.string(),
  max: z.number(),
  windowMs: z.number(),
  kinds: z.array(z.string()).readonly(),
})

/** The same object as src/channel/capabilities.ts; passed on as it is. */
export const capabilities = z.object({
  text: z.object({
    max: z.number(),
    unit: z.enum(['utf16', 'codePoints', 'weighted', 'bytes']),
    source: z.string(),
    pace: z.enum(['chat', 'letters']),
  }),
  formats: z.record(z.string(), support),
  attachments: z.object({
    out: support,
    in: support,
    maxBytes: z.number(),
    maxPerMessage: z.number(),
    kinds: z.array(fileKind).readonly().optional(),
    source: z.string(),
  }),
  /** Why nothing can be sent here: a sentence. */
  closed: z.string().optional(),
  budgets: z.array(sendBudget).readonly().optional(),
  /** GET /conversations/:id/private-door gives an address. */
  privateDoor: z.boolean().optional(),
  /** Programs may answer what they were asked and nothing more. */
  onlyAsked: z.boolean().optional(),
  /** Forms are shown whole. */
  forms: z.boolean().optional(),
  reply: support,
  subject: support,
  choices: support,
  edit: support,
  remove: support,
  reactions: z.object({ in: support, out: support }),
  typing: z.object({ in: support, out: support }),
  receipts: z.object({ delivered: support, read: support }),
  markRead: support,
  startThread: support,
  idempotentSend: z.boolean(),
  confirm: z.boolean(),
  webhook: z.boolean(),
  visitors: z.boolean(),
  receives: z.boolean(),
  silenceMs: z.number(),
})
export type Capabilities = z.infer<typeof capabilities>

/** What a person reads of a channel in one language; fields by their dotted path. */
export const channelWords = z.object({
  name: z.string(),
  instructions: z.array(z.string()),
  fields: z.record(
    z.string(),
    z.object({
      title: z.string(),
      description: z.string().optional(),
      options: z.record(z.string(), z.string()).optional(),
      problem: z.string().optional(),
    }),
  ),
  /** Its other sentences by the English one, `{}` for what differs each time. */
  said: z.record(z.string(), z.string()).optional(),
})
export type ChannelWords = z.infer<typeof channelWords>

export const channel = z.object({
  id: z.string(),
  name: z.string(),
  /** A complete `<svg>` of 24 x 24 in `currentColor`, from our own code. */
  icon: z.string(),
  instructions: z.array(z.string()),
  /** The words of this channel and of the settings every inbox has, by locale; English is above and in the schema. */
  translations: z.record(z.string(), channelWords),
  /** null where they depend on the settings. */
  capabilities: capabilities.nullable(),
  /** JSON Schema (2020-12) of its settings; a secret field carries `secret: true`. */
  settingsSchema: z.record(z.string(), z.unknown()),
})
export type Channel = z.infer<typeof channel>
