import { z } from 'zod'
import { id } from './primitive.ts'

const tags = z.array(z.string().trim().min(1).max(60)).min(1).max(20)

const handling = [
  z.strictObject({ type: z.literal('team'), teamId: id }),
  z.strictObject({ type: z.literal('agent'), agentId: id }),
  z.strictObject({ type: z.literal('priority'), priority: z.enum(['low', 'normal', 'high', 'urgent']) }),
  z.strictObject({ type: z.literal('addTags'), tags }),
  z.strictObject({ type: z.literal('removeTags'), tags }),
  z.strictObject({ type: z.literal('topic'), topicId: id }),
  z.strictObject({ type: z.literal('tier'), tier: z.number().int().min(1).max(3) }),
  z.strictObject({ type: z.literal('vip'), vip: z.boolean() }),
  z.strictObject({ type: z.literal('policy'), policyId: id }),
  z.strictObject({ type: z.literal('bot'), on: z.boolean() }),
  z.strictObject({ type: z.literal('note'), text: z.string().trim().min(1).max(5_000) }),
  z.strictObject({ type: z.literal('notify'), agentIds: z.array(id).max(50), teamId: id.optional() }),
] as const

/** What a macro does beside its words. */
export const macroAction = z.discriminatedUnion('type', handling)
export type MacroAction = z.infer<typeof macroAction>

export const ruleAction = z.discriminatedUnion('type', [
  ...handling,
  /** Its actions; and its words, as an automatic answer to the message that set the rule off. */
  z.strictObject({ type: z.literal('macro'), macroId: id }),
  /** An event `rule.fired` with this label, for outgoing webhooks. */
  z.strictObject({ type: z.literal('webhook'), label: z.string().trim().min(1).max(100) }),
])
export type RuleAction = z.infer<typeof ruleAction>

/** Named, but not there any more: it is left out until somebody mends it. */
export const missing = z.object({ kind: z.enum(['team', 'agent', 'topic', 'macro', 'inbox']), id })
export type Missing = z.infer<typeof missing>
