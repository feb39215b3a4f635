import { z } from 'zod'
import { id, time } from './primitive.ts'
import { missing, ruleAction } from './rule-action.ts'
import { conditions, explanation } from './rule-condition.ts'

const minutes = z.number().int().min(1).max(10_080)

export const ruleEvent = z.discriminatedUnion('kind', [
  /** first: a case begins; every: also whatever the customer says later. */
  z.strictObject({ kind: z.literal('message'), which: z.enum(['first', 'every']) }),
  /** A person changed one of these. */
  z.strictObject({
    kind: z.literal('change'),
    of: z
      .array(z.enum(['status', 'priority', 'tags', 'assignee', 'team']))
      .min(1)
      .max(5),
  }),
  /** The customer has waited so long. */
  z.strictObject({ kind: z.literal('waiting'), minutes }),
  /** A promise falls due within so long. */
  z.strictObject({ kind: z.literal('due'), minutes }),
])
export type RuleEvent = z.infer<typeof ruleEvent>

const parts = {
  name: z.string().trim().min(1).max(100),
  enabled: z.boolean(),
  event: ruleEvent,
  conditions,
  actions: z.array(ruleAction).min(1).max(20),
  /** Once it fired, the rules below it are not asked. */
  stops: z.boolean(),
}

export const rule = z.object({ id, ...parts, missing: z.array(missing), updatedAt: time })
export type Rule = z.infer<typeof rule>

export const newRule = z.strictObject({
  ...parts,
  enabled: parts.enabled.optional(),
  conditions: conditions.optional(),
  stops: parts.stops.optional(),
})
export type NewRule = z.infer<typeof newRule>
export const rulePatch = newRule.partial()
export type RulePatch = z.infer<typeof rulePatch>

/** From top to bottom; rules that are not named follow in their old order. */
export const ruleOrder = z.strictObject({ ids: z.array(id).max(200) })
export type RuleOrder = z.infer<typeof ruleOrder>

const event = z.enum(['message', 'change', 'waiting', 'due'])

/** What it would do may still be open. */
const draft = newRule.extend({ id: id.optional(), actions: z.array(ruleAction).max(20) })

/** What would happen, and nothing does. One of the three says about what; a conversation alone means its first message. */
export const ruleTest = z
  .strictObject({
    /** Absent: those that are on. A draft without an id is one more. */
    rules: z.array(draft).max(200).optional(),
    conversationId: id.optional(),
    /** As people say it: 1042. */
    number: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
    messageId: id.optional(),
    /** Which rules are asked. */
    event: event.optional(),
  })
  .refine(
    ({ conversationId, number, messageId }) =>
      [conversationId, number, messageId].filter((given) => given !== undefined).length === 1,
    'needs one of conversationId, number and messageId',
  )
export type RuleTest = z.infer<typeof ruleTest>

export const testedRule = z.object({
  /** null: a draft. */
  id: id.nullable(),
  name: z.string(),
  /** stopped: a rule above ended it; otherEvent: it is asked at another time. */
  outcome: z.enum(['fires', 'no', 'stopped', 'otherEvent']),
  why: explanation,
  actions: z.array(ruleAction),
})
export type TestedRule = z.infer<typeof testedRule>

export const ruleTestAnswer = z.object({
  conversation: z.object({ id, number: z.number().int() }),
  /** The customer's message it was tried with. */
  messageId: id.nullable(),
  /** Of before the inbox was switched on: no rule is ever asked. */
  history: z.boolean(),
  rules: z.array(testedRule),
})
export type RuleTestAnswer = z.infer<typeof ruleTestAnswer>

/** A rule that really fired; kept for 30 days. */
export const ruleRun = z.object({
  id,
  ruleId: id,
  name: z.string(),
  event,
  at: time,
  why: explanation,
  /** same: it was so already; gone: what it names is not there; later: words that leave by themselves, if they may. */
  actions: z.array(z.object({ type: z.string(), state: z.enum(['done', 'same', 'gone', 'later']) })),
})
export type RuleRun = z.infer<typeof ruleRun>

export const conversationRules = ruleTestAnswer.extend({ fired: z.array(ruleRun) })
export type ConversationRules = z.infer<typeof conversationRules>
