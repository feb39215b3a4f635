import { filledIn } from '../domain/macro-text.ts'
import { type Queryable, together } from '../store/database.ts'
import { notify } from '../store/feed-insert.ts'
import { type MacroRow, macroPeople, noteMacroUse } from '../store/macro.ts'
import { existing, lockContacts, lockForRules, ruleFacts } from '../store/rule-facts.ts'
import { writeRuled } from '../store/rule-write.ts'
import { namedIn } from './rule-names.ts'
import { type ActionOutcome, planSteps } from './rule-plan.ts'
import { writingOf } from './rule-writing.ts'

export interface AppliedMacro {
  /** Filled in, for the composer. */
  readonly text: string
  readonly outcomes: readonly ActionOutcome[]
}

interface Wish {
  readonly macro: MacroRow
  readonly conversationId: string
  /** 'agent:7' */
  readonly actor: string
  readonly agentId: string | null
  readonly now: Date
}

/** A person applies a macro: its actions are theirs, its words are not sent yet. null: the case was joined to another. */
export async function applyMacro(tx: Queryable, wish: Wish): Promise<AppliedMacro | null> {
  const { macro, conversationId, actor, agentId } = wish
  const changesContact = macro.actions.some(({ type }) => type === 'vip')
  const [, , rows, people] = await together([
    changesContact ? lockContacts(tx, [conversationId]) : undefined,
    lockForRules(tx, [conversationId], changesContact),
    ruleFacts(tx, [{ conversationId, messageId: null }], { previousAgent: false, queues: false, history: true }),
    macroPeople(tx, conversationId, agentId),
  ])
  const row = rows[0]
  if (!row || !people) return null
  const there = await existing(tx, namedIn(macro.actions, [row.inboxId]))
  const step = { id: macro.id, actor, named: { macro: macro.name }, actions: macro.actions }
  const plan = planSteps(row, [step], there)
  await writeRuled(tx, await writingOf(tx, [{ plan, key: `macro:${wish.now.getTime()}` }], wish.now))
  await notify(tx, ['queue'])
  await noteMacroUse(tx, macro.id)
  const text = filledIn(macro.text, {
    'contact.name': people.contactName,
    'conversation.number': `#${people.number}`,
    'agent.name': people.agentName,
  })
  return { text, outcomes: plan.outcomes.get(macro.id) ?? [] }
}
