import { z } from 'zod'
import { locale } from './article.ts'
import { id } from './primitive.ts'

/** GET …/forms: what a page may ask, in the reader's language. */
export const visitorFormQuery = z.strictObject({ locale })
export const visitorFormField = z.object({
  key: z.string(),
  kind: z.enum(['text', 'choice', 'number', 'transactionId', 'address']),
  label: z.string(),
  hint: z.string().optional(),
  required: z.boolean(),
  /** Asked only where that field was answered so. */
  when: z.object({ field: z.string(), is: z.array(z.string()) }).optional(),
  options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  /** Characters. */
  max: z.number().int(),
})
export const visitorForms = z.object({
  items: z.array(z.object({ topicId: id, name: z.string(), fields: z.array(visitorFormField) })),
})
export type VisitorForm = z.infer<typeof visitorForms>['items'][number]

/** POST …/form: one message with what was filled in. `answers` by key; empty: passed over. */
export const visitorFormBody = z.strictObject({
  clientId: z.uuid(),
  topicId: id,
  answers: z.record(z.string().max(60), z.string().max(5_000)),
  text: z.string().max(100_000),
  attachments: z.array(id).max(50).optional(),
  language: locale.optional(),
})
