import { z } from 'zod'
import { id, limit, time } from './primitive.ts'

/** Which questions are looked at; nothing: of the last 30 days, everywhere. */
export const botSpan = z.strictObject({
  days: z.coerce.number().int().min(1).max(366).optional(),
  /** Instead of `days`. */
  from: time.optional(),
  to: time.optional(),
  inbox: id.optional(),
  /** Of the customer. */
  language: z.string().max(35).optional(),
  /** That it answered with. */
  article: id.optional(),
})
export type BotSpan = z.infer<typeof botSpan>

const share = { asked: z.number().int(), answered: z.number().int(), handedOver: z.number().int() }
const count = z.number().int()

export const botQuality = z.object({
  asked: count,
  answered: count,
  offered: count,
  /** Of what was answered: the customer picked it from an offer. */
  chosen: count,
  askedBack: count,
  /** Thanks and the like, which are left alone. */
  thanked: count,
  handedOver: count,
  /** By agents' verdict. */
  wrong: count,
  /** Answered, and yet people had to take the case later. */
  thenPeople: count,
  /** Of hand-overs: human, misses, nothingFound, late… */
  reasons: z.array(z.object({ reason: z.string(), count })).readonly(),
  /** The worst first, at most 100. */
  articles: z
    .array(z.object({ id, title: z.string(), answered: count, chosen: count, thenPeople: count, wrong: count }))
    .readonly(),
  inboxes: z.array(z.object({ id, ...share, wrong: count })).readonly(),
  /** null: nobody could tell it. */
  languages: z.array(z.object({ language: z.string().nullable(), ...share, wrong: count })).readonly(),
})
export type BotQuality = z.infer<typeof botQuality>

export const botTurnKind = z.enum([
  'asked',
  'answered',
  'offered',
  'chosen',
  'askedBack',
  'thanked',
  'handedOver',
  'wrong',
  'thenPeople',
])
export type BotTurnKind = z.infer<typeof botTurnKind>
export const botTurnQuery = botSpan.extend({
  what: botTurnKind.optional(),
  /** Of a hand-over. */
  reason: z.string().max(40).optional(),
  next: id.optional(),
  limit: limit.optional(),
})
export type BotTurnQuery = z.infer<typeof botTurnQuery>

/** What the bot did about one message of a customer, and why. */
export const botTurn = z.object({
  /** What was asked. */
  messageId: id,
  /** What it said. */
  replyId: id.nullable(),
  outcome: z.enum(['asked', 'answered', 'offered', 'askedBack', 'thanked', 'handedOver', 'dropped']),
  reason: z.string().nullable(),
  /** As it was called then. */
  article: z.object({ id: id.nullable(), title: z.string() }).nullable(),
  chosen: z.boolean(),
  offered: z.array(z.string()).readonly(),
  /** From 0 to 1. */
  confidence: z.number().nullable(),
  /** The stored question that was nearest. */
  phrasing: z.string().nullable(),
  wrong: z.boolean(),
  createdAt: time,
})
export type BotTurn = z.infer<typeof botTurn>
export const listedBotTurn = botTurn.extend({
  conversationId: id,
  number: z.number().int(),
  inboxId: id,
  language: z.string().nullable(),
  /** The customer's words, shortened. */
  asked: z.string(),
})
export type ListedBotTurn = z.infer<typeof listedBotTurn>

export const botStatus = z.object({
  /** off: no inbox lets it answer; nothing: no article is public; learning: near-verbatim questions only for now. */
  state: z.enum(['off', 'nothing', 'learning', 'ready']),
  inboxIds: z.array(id).readonly(),
  articles: count,
  /** Titles and questions, in all languages. */
  phrasings: count,
  languages: z.array(z.string()).readonly(),
  /** null: not yet. */
  model: z
    .object({
      version: z.string(),
      madeAt: time,
      /** null: too few questions to promise anything; only near-verbatim ones are answered. */
      promise: z.object({ threshold: z.number(), coverage: z.number(), precision: z.number() }).nullable(),
    })
    .nullable(),
  /** The machine elsewhere that writes drafts. Never its key. */
  endpoint: z.object({
    state: z.enum(['off', 'reachable', 'refused', 'unreachable', 'resting']),
    host: z.string().nullable(),
    model: z.string().nullable(),
  }),
})
export type BotStatus = z.infer<typeof botStatus>

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
  /** null: they are gone. */
  answeredBy: z.string().nullable(),
  conversationId: id,
  number: z.number().int(),
  createdAt: time,
})
export type BotSuggestion = z.infer<typeof botSuggestion>
/** A phrasing may be put in other words first. */
export const acceptBody = z.strictObject({ phrasing: z.string().trim().min(1).max(200).optional() }).nullish()
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
