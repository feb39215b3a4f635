import { z } from 'zod'
import { type FormField, fieldKinds, labelOf, maxFields } from '../domain/form.ts'
import { formFormats } from '../domain/form-format.ts'
import { asksForSecrets } from '../domain/form-secret.ts'
import { locale } from './article.ts'
import { id } from './primitive.ts'

const label = z.string().trim().min(1).max(200)
const labels = z.record(locale, label).refine((all) => Object.keys(all).length <= 50, 'has too many languages')
const someLabels = labels.refine((all) => Object.keys(all).length > 0, 'needs a text in one language')
const key = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens')
const value = z.string().trim().min(1).max(100)

const option = z.strictObject({
  value,
  labels: someLabels,
  /** What whoever chose it needs at least: 1 low to 4 urgent. */
  priority: z.int().min(1).max(4).optional(),
})
const field = z.strictObject({
  key,
  kind: z.enum(fieldKinds),
  labels: someLabels,
  hint: labels.optional(),
  required: z.boolean(),
  /** Asked only where that field, which stands before it, was answered with one of these. */
  when: z.strictObject({ field: key, is: z.array(value).min(1).max(30) }).optional(),
  /** Of a choice. */
  options: z.array(option).min(1).max(30).optional(),
  /** Of a transaction id or an address. */
  format: z.enum(formFormats).optional(),
})

export const topicFormBody = z.strictObject({
  /** To customers. */
  shown: z.boolean(),
  position: z.int().min(0).max(100_000),
  /** What customers read; none: the topic's own name. */
  names: labels,
  fields: z.array(field).max(maxFields).superRefine(checkFields),
})
export type TopicFormBody = z.infer<typeof topicFormBody>

/** What is asked of somebody who writes about a topic. */
export const topicForm = topicFormBody.extend({ topicId: id, topic: z.string() })
export type TopicForm = z.infer<typeof topicForm>

export const keptAnswer = z.object({
  key: z.string(),
  topicId: id.nullable(),
  /** As the customer read it. */
  label: z.string(),
  kind: z.enum(fieldKinds),
  value: z.string(),
  /** Of a choice, as its form calls it today. */
  valueLabels: z.record(z.string(), z.string()).nullable(),
})
export type KeptAnswer = z.infer<typeof keptAnswer>

function checkFields(fields: readonly z.infer<typeof field>[], ctx: z.RefinementCtx): void {
  const before = new Map<string, z.infer<typeof field>>()
  fields.forEach((one, at) => {
    for (const [part, message] of problemsOf(one, before)) {
      ctx.addIssue({ code: 'custom', path: [at, part], message })
    }
    before.set(one.key, one)
  })
}

type Field = z.infer<typeof field>

function problemsOf(one: Field, before: ReadonlyMap<string, Field>): [keyof FormField, string][] {
  const { kind, when, options, format } = one
  const problems: [keyof FormField, string][] = []
  if (before.has(one.key)) problems.push(['key', 'stands here twice'])
  const isChoice = kind === 'choice'
  if (isChoice !== (options !== undefined)) problems.push(['options', 'belong to a choice, and it needs some'])
  if (options && new Set(options.map((each) => each.value)).size < options.length) {
    problems.push(['options', 'must not repeat a value'])
  }
  if (format !== undefined && kind !== 'transactionId' && kind !== 'address') {
    problems.push(['format', 'belongs to a transaction id or an address'])
  }
  // What is chosen from a list gives nothing away.
  if (!isChoice && [one.key, ...Object.values(one.labels)].some(asksForSecrets)) {
    problems.push(['labels', 'must not ask for what only the customer may know (passwords, codes, keys, phrases)'])
  }
  const asked = when && before.get(when.field)
  if (when && !asked) problems.push(['when', 'names no field before this one'])
  const known = asked?.options?.map((each) => each.value)
  if (when && known && !when.is.every((each) => known.includes(each))) {
    problems.push(['when', `names what cannot be chosen in ${labelOf(asked?.labels ?? {}, 'en', 'en')}`])
  }
  return problems
}
