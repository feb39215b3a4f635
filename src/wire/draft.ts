import { z } from 'zod'
import { recipients } from './letter.ts'
import { id, time } from './primitive.ts'

/** What was chosen for a letter so far; what is left out is as GET /conversations/:id/letter says. */
export const draftLetter = z.strictObject({
  to: recipients.optional(),
  cc: recipients.optional(),
  bcc: recipients.optional(),
  subject: z
    .string()
    .max(998)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'must be one line' })
    .optional(),
})
export type DraftLetter = z.infer<typeof draftLetter>

export const draft = z.object({
  kind: z.enum(['reply', 'note']),
  text: z.string(),
  attachments: z.array(z.object({ id, name: z.string(), type: z.string(), size: z.number().int(), url: z.string() })),
  replyTo: id.nullable(),
  basedOn: z.number().int().nullable(),
  letter: draftLetter.nullable(),
  /** Rises with every save; a save based on an older one answers 409. */
  rev: z.number().int(),
  updatedAt: time,
})
export type Draft = z.infer<typeof draft>

export const draftBody = z.strictObject({
  kind: z.enum(['reply', 'note']),
  text: z.string().max(100_000),
  attachments: z.array(id).max(20).optional(),
  replyTo: id.nullable().optional(),
  basedOn: z.number().int().min(0).nullable().optional(),
  letter: draftLetter.nullable().optional(),
  /** The rev this one was made from; 0 for the first. */
  rev: z.number().int().min(0),
})
export type DraftBody = z.infer<typeof draftBody>

/** GET /conversations/:id/draft; null: there is none. */
export const draftAnswer = z.object({ draft: draft.nullable() })
export type DraftAnswer = z.infer<typeof draftAnswer>
