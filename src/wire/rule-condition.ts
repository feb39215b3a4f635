import { z } from 'zod'
import { noValue } from '../domain/rule.ts'
import { status } from './conversation.ts'
import { id } from './primitive.ts'

/** "none" stands for "has none". */
const none = z.literal(noValue)
const idOrNone = z.union([id, none])
const not = z.boolean().optional()

function oneOf<F extends string, V extends z.ZodType<string>>(field: F, value: V) {
  return z.strictObject({ field: z.literal(field), in: z.array(value).min(1).max(50), not })
}

const priority = z.enum(['low', 'normal', 'high', 'urgent'])
const fileKind = z.enum(['image', 'video', 'audio', 'file', noValue])
const word = z.string().trim().min(1).max(100)
const count = z.number().int().min(0).max(1_000_000)

const text = z
  .strictObject({
    field: z.enum(['text', 'subject']),
    /** Any of them, whole and in any case; "refund*" also finds "refunds". */
    words: z.array(word).min(1).max(100).optional(),
    /** A regular expression as RE2 understands it: in any case, without look-around and back-references. */
    pattern: z.string().min(1).max(500).optional(),
    not,
  })
  .refine(({ words, pattern }) => words !== undefined || pattern !== undefined, 'needs words or a pattern')

const number = z
  .strictObject({
    field: z.enum(['waitingMinutes', 'messageCount', 'queue']),
    atLeast: count.optional(),
    atMost: count.optional(),
    /** Whose queue; absent: that of the conversation's team. */
    teamId: id.optional(),
    not,
  })
  .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, 'needs atLeast or atMost')

const attribute = z.strictObject({
  field: z.literal('attribute'),
  name: z.string().trim().min(1).max(60),
  /** Absent: whether it is known at all. */
  in: z.array(z.string().trim().min(1).max(200)).min(1).max(50).optional(),
  not,
})

const answer = z.strictObject({
  field: z.literal('answer'),
  /** Of the form's field. */
  key: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .max(60),
  /** These three or none: whether it was answered at all. */
  in: z.array(z.string().trim().min(1).max(200)).min(1).max(50).optional(),
  words: z.array(word).min(1).max(100).optional(),
  pattern: z.string().min(1).max(500).optional(),
  not,
})

export const condition = z.discriminatedUnion('field', [
  oneOf('channel', z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)),
  oneOf('inbox', id),
  oneOf('audience', z.enum(['private', 'shared', 'public'])),
  oneOf('language', z.union([z.string().regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/), none])),
  oneOf('topic', idOrNone),
  oneOf('vip', z.enum(['yes', 'no'])),
  oneOf('businessHours', z.enum(['open', 'closed'])),
  oneOf('previousAgent', idOrNone),
  oneOf('attachments', fileKind),
  oneOf('status', status),
  oneOf('priority', priority),
  oneOf('tier', z.enum(['1', '2', '3'])),
  oneOf('tag', z.string().trim().min(1).max(60)),
  oneOf('team', idOrNone),
  oneOf('assignee', idOrNone),
  text,
  number,
  attribute,
  answer,
])
export type Condition = z.infer<typeof condition>

const match = z.enum(['all', 'any'])

/** Without groups a rule is for everything. */
export const conditions = z.strictObject({
  match,
  groups: z.array(z.strictObject({ match, conditions: z.array(condition).min(1).max(20) })).max(10),
})
export type Conditions = z.infer<typeof conditions>

export const groupResult = z.object({
  match,
  ok: z.boolean(),
  conditions: z.array(
    z.object({
      condition,
      ok: z.boolean(),
      /** False: nobody knows, so it does not hold, negated or not. */
      known: z.boolean(),
      /** The values it saw; of a text the words that were found. */
      found: z.array(z.string()),
    }),
  ),
})
/** How conditions came out. */
export const explanation = z.object({ match, ok: z.boolean(), groups: z.array(groupResult) })
export type Explanation = z.infer<typeof explanation>
