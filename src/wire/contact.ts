import { z } from 'zod'
import { mergeSuggestion, standingMerge } from './contact-link.ts'
import { id, limit, name, time } from './primitive.ts'

const contactHead = z.object({
  id,
  name: z.string(),
  /** Where to load it from, for an hour or two. */
  picture: z.string().nullable(),
  /** As their platform tells it, or as an agent set it: 'zh', 'pt-BR'. */
  language: z.string().nullable(),
  /** Goes first: set here, or said by a website that signs for them. */
  vip: z.boolean(),
  identities: z.array(
    z.object({
      id,
      channel: z.string(),
      name: z.string(),
      verified: z.boolean(),
      email: z.string().nullable(),
      /** What the channel tells of the account: `username`, `nickname`, `roles`… */
      profile: z.record(z.string(), z.string()),
    }),
  ),
  createdAt: time,
  /** Everything of theirs was erased, or is being erased right now. */
  erasedAt: time.nullable(),
})
export const listedContact = contactHead
export type ListedContact = z.infer<typeof listedContact>

export const contact = contactHead.extend({
  /** Who is probably the same person. Nothing is merged by itself. */
  /** Whose customer they are, then who stands in. */
  ownerIds: z.array(id),
  suggestions: z.array(mergeSuggestion),
  /** Newest first; each can be undone. */
  merges: z.array(standingMerge),
})
export type Contact = z.infer<typeof contact>

export const contactQuery = z.strictObject({
  /** The beginning of a name, or a whole mail address. */
  q: z.string().max(254).optional(),
  next: z.string().max(500).optional(),
  limit: limit.optional(),
})

export const contactPatch = z.strictObject({
  name: name.optional(),
  /** A language tag. */
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a language such as en or pt-BR')
    .nullable()
    .optional(),
  vip: z.boolean().optional(),
})
export type ContactPatch = z.infer<typeof contactPatch>

export const timelineEntry = z.object({
  messageId: id,
  conversationId: id,
  /** Of the conversation. */
  number: z.number().int(),
  /** The message's place in the conversation. */
  seq: z.number().int(),
  channel: z.string(),
  inboxId: id,
  at: time,
  direction: z.enum(['in', 'out']),
  sender: z.object({ type: z.enum(['contact', 'agent', 'bot', 'system']), id: id.nullable(), name: z.string() }),
  /** At most the first 300 characters. */
  text: z.string(),
  /** How many came with it. */
  files: z.number().int(),
  deleted: z.boolean(),
})
export type TimelineEntry = z.infer<typeof timelineEntry>

/** It ends by itself, also after a restart; asking again does no harm. */
export const erasure = z.object({ id, state: z.literal('erasing') })
