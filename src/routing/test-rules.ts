import type { Rule } from '../domain/rule.ts'
import { type ExplainedRule, explainAll } from '../domain/rule-evaluate.ts'
import type { RuleTrigger } from '../domain/rule-facts.ts'
import type { Queryable } from '../store/database.ts'
import { ruleFacts, triedMessage } from '../store/rule-facts.ts'
import { type RuleContext, worldOf } from './apply-rules.ts'
import { openBook } from './rule-book.ts'
import { factsOf } from './rule-facts-of.ts'

export interface DryRun {
  readonly messageId: string | null
  /** No rule is ever asked about it. */
  readonly history: boolean
  readonly rules: readonly ExplainedRule[]
}

interface Wish {
  readonly conversationId: string
  /** null: its first. */
  readonly messageId: string | null
  readonly event: RuleTrigger['kind']
}

/** What the rules would say to a case as it is now; nothing is changed. The caller has checked that it may be seen. */
export async function testRules(
  q: Queryable,
  ctx: Omit<RuleContext, 'rules'>,
  { rules, wish }: { readonly rules: readonly Rule[]; readonly wish: Wish },
): Promise<DryRun> {
  const book = await openBook(rules, 'dry run', q)
  const tried = await triedMessage(q, wish.conversationId, wish.messageId)
  const asked = { conversationId: wish.conversationId, messageId: tried?.id ?? null }
  const [row] = await ruleFacts(q, [asked], book.needs)
  if (!row) return { messageId: tried?.id ?? null, history: true, rules: [] }
  const first = tried?.first ?? false
  const trigger: RuleTrigger = wish.event === 'message' ? { kind: 'message', first } : { kind: 'waiting', ruleId: '' }
  const world = await worldOf(q, { ctx, book }, [row])
  const asks = ({ event }: Rule) =>
    event.kind === wish.event && (event.kind !== 'message' || event.which === 'every' || first)
  const explained = explainAll(book.rules, factsOf(row, trigger, world), book.test, asks)
  // As they were written: a macro is one action.
  const written = explained.map((one, at) => ({ ...one, rule: rules[at] ?? one.rule }))
  return { messageId: row.messageId, history: false, rules: written }
}
