import { z } from 'zod'
import { id, time } from './primitive.ts'
import { macroAction, missing } from './rule-action.ts'

const parts = {
  name: z.string().trim().min(1).max(100),
  /** CommonMark with {{contact.name}}, {{conversation.number}}, {{agent.name}}; {{contact.name|there}} says what else. */
  text: z.string().max(10_000),
  actions: z.array(macroAction).max(20),
  visibleTo: z.enum(['all', 'team', 'me']),
  /** With visibleTo team. */
  teamId: id.nullable(),
}

export const macro = z.object({
  id,
  ...parts,
  missing: z.array(missing),
  /** May you change it? */
  yours: z.boolean(),
  used: z.number().int(),
  lastUsedAt: time.nullable(),
})
export type Macro = z.infer<typeof macro>

export const newMacro = z.strictObject({
  ...parts,
  text: parts.text.optional(),
  actions: parts.actions.optional(),
  teamId: parts.teamId.optional(),
})
export type NewMacro = z.infer<typeof newMacro>
export const macroPatch = newMacro.partial()
export type MacroPatch = z.infer<typeof macroPatch>

/** Its actions are done; its words, filled in, are for the composer. */
export const appliedMacro = z.object({
  text: z.string(),
  actions: z.array(z.object({ type: z.string(), state: z.enum(['done', 'same', 'gone', 'later']) })),
})
export type AppliedMacro = z.infer<typeof appliedMacro>
