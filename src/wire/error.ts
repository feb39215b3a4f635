import { z } from 'zod'

/** `code` is for programs and never changes its meaning; `message` is a sentence for a person. */
export const errorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
})
export type ErrorBody = z.infer<typeof errorBody>

/** `details` of a 400. */
export const fieldProblem = z.object({
  field: z.string(),
  message: z.string(),
  /** What is wrong with a setting, where a general sentence says it: for words in another language. */
  code: z
    .enum(['unknown', 'required', 'tooShort', 'tooLong', 'tooSmall', 'tooLarge', 'tooFew', 'tooMany', 'invalid'])
    .optional(),
  /** Of `code`: characters, entries or the number itself. */
  limit: z.number().optional(),
})
export type FieldProblem = z.infer<typeof fieldProblem>

/** `details` of the 409 of a reply or a change: what others did since `basedOn`. */
export const conflictDetails = z.object({
  version: z.number().int(),
  changes: z.array(
    z.object({
      kind: z.enum(['reply', 'customerMessage', 'status', 'assignee', 'team']),
      /** A name, where it is known. */
      by: z.string().nullable(),
    }),
  ),
})
export type ConflictDetails = z.infer<typeof conflictDetails>
