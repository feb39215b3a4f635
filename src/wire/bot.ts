import { z } from 'zod'
import { id, time } from './primitive.ts'

export const botQuality = z.object({
  asked: z.number().int(),
  answered: z.number().int(),
  offered: z.number().int(),
  /** Of what was offered. */
  chosen: z.number().int(),
  askedBack: z.number().int(),
  handedOver: z.number().int(),
  /** By agents' verdict. */
  wrong: z.number().int(),
  /** Of hand-overs: human, misses, nothingFound, late… */
  reasons: z.array(z.object({ reason: z.string(), count: z.number().int() })).readonly(),
})
export type BotQuality = z.infer<typeof botQuality>
export const botQualityQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(366).optional() })

export const botVerdict = z.strictObject({ wrong: z.boolean() })

/** What people answered where the bot could not. */
export const botSuggestion = z.object({
  id,
  kind: z.enum(['phrasing', 'draft']),
  /** Of a phrasing. */
  article: z.object({ id, title: z.string() }).nullable(),
  locale: z.string(),
  /** The customer's words; null: their inbox keeps them out of it. */
  asked: z.string().nullable(),
  answered: z.string(),
  conversationId: id,
  createdAt: time,
})
export type BotSuggestion = z.infer<typeof botSuggestion>
export const acceptedSuggestion = z.object({ articleId: id })

const extract = z.object({ messageId: id, text: z.string() })

export const assist = z.object({
  articles: z.array(z.object({ id, locale: z.string(), title: z.string(), summary: z.string(), url: z.string() })),
  /** Ready to be changed and sent; each says where it is from. */
  replies: z.array(z.object({ text: z.string(), articleId: id })),
  /** Resolved ones that this person may see. */
  similar: z.array(
    z.object({ id, number: z.number().int(), subject: z.string().nullable(), preview: z.string(), answer: z.string() }),
  ),
  /** Of long ones: sentences as they were said. */
  summary: z
    .object({
      firstQuestion: extract.nullable(),
      lastQuestion: extract.nullable(),
      promised: z.array(extract).readonly(),
    })
    .nullable(),
})
export type Assist = z.infer<typeof assist>
