import type { ConditionGroup, Conditions, Rule, RuleAction } from './rule.ts'
import { type ConditionResult, checkCondition, type PatternTest } from './rule-condition.ts'
import { afterActions } from './rule-effects.ts'
import type { RuleFacts, RuleTrigger } from './rule-facts.ts'

export interface GroupResult {
  readonly match: 'all' | 'any'
  readonly ok: boolean
  readonly conditions: readonly ConditionResult[]
}

/** Every condition with what it came to. */
export interface Explanation {
  readonly match: 'all' | 'any'
  readonly ok: boolean
  readonly groups: readonly GroupResult[]
}

export interface FiredRule {
  readonly rule: Rule
  readonly why: Explanation
}

export interface Evaluation {
  /** In the order in which they fired. */
  readonly fired: readonly FiredRule[]
  /** Of all of them, in order: where two set the same, the later one holds. */
  readonly actions: readonly RuleAction[]
}

/**
 * Asks the rules from top to bottom, each once. A rule sees what those above it did; nothing a rule does asks any rule again, so
 * whatever the rules are, this ends after as many steps as there are rules.
 */
export function evaluate(rules: readonly Rule[], facts: RuleFacts, test: PatternTest): Evaluation {
  const fired: FiredRule[] = []
  let seen = facts
  for (const rule of rules) {
    if (!answers(rule, facts.trigger) || !holds(rule.conditions, seen, test)) continue
    fired.push({ rule, why: explain(rule.conditions, seen, test) })
    seen = afterActions(seen, rule.actions)
    if (rule.stops) break
  }
  return { fired, actions: fired.flatMap(({ rule }) => rule.actions) }
}

/** Is this rule asked at all? */
export function answers({ id, event }: Pick<Rule, 'id' | 'event'>, trigger: RuleTrigger): boolean {
  switch (trigger.kind) {
    case 'message':
      return event.kind === 'message' && (event.which === 'every' || trigger.first)
    case 'change':
      return event.kind === 'change' && event.of.some((field) => trigger.of.includes(field))
    case 'waiting':
    case 'due':
      return event.kind === trigger.kind && id === trigger.ruleId
    default:
      return trigger satisfies never
  }
}

/** The same answer as `explain`, as soon as it is clear: most rules fail at their first condition. */
export function holds({ match, groups }: Conditions, facts: RuleFacts, test: PatternTest): boolean {
  const group = (one: ConditionGroup) =>
    quickly(one.match, one.conditions, (condition) => checkCondition(condition, facts, test).ok)
  return quickly(match, groups, group)
}

// Without conditions a rule is for everything.
function quickly<T>(match: 'all' | 'any', of: readonly T[], ok: (one: T) => boolean): boolean {
  if (of.length === 0) return true
  return match === 'all' ? of.every(ok) : of.some(ok)
}

export function explain({ match, groups }: Conditions, facts: RuleFacts, test: PatternTest): Explanation {
  const results = groups.map((group): GroupResult => {
    const conditions = group.conditions.map((condition) => checkCondition(condition, facts, test))
    return { match: group.match, ok: quickly(group.match, conditions, isOk), conditions }
  })
  return { match, ok: quickly(match, results, isOk), groups: results }
}

const isOk = ({ ok }: { readonly ok: boolean }): boolean => ok

/**
 * Every rule with why it fires or does not, for people. `asks` says which are asked; what stands below a rule that stops is said to
 * be not asked.
 */
export function explainAll(
  rules: readonly Rule[],
  facts: RuleFacts,
  test: PatternTest,
  asks: (rule: Rule) => boolean,
): ExplainedRule[] {
  let seen = facts
  let stopped = false
  return rules.map((rule): ExplainedRule => {
    const why = explain(rule.conditions, seen, test)
    const outcome = !asks(rule) ? 'otherEvent' : stopped ? 'stopped' : why.ok ? 'fires' : 'no'
    if (outcome === 'fires') {
      seen = afterActions(seen, rule.actions)
      stopped = rule.stops
    }
    return { rule, outcome, why }
  })
}

export interface ExplainedRule {
  readonly rule: Rule
  /** stopped: a rule above ended it; otherEvent: it is asked at another time. */
  readonly outcome: 'fires' | 'no' | 'stopped' | 'otherEvent'
  readonly why: Explanation
}
