import { type ConditionGroup, type Conditions, isGroup, type Rule, type RuleAction } from './rule.ts'
import { type ConditionResult, checkCondition, type PatternTest } from './rule-condition.ts'
import { afterActions } from './rule-effects.ts'
import type { RuleFacts, RuleTrigger } from './rule-facts.ts'

export interface GroupResult {
  readonly match: 'all' | 'any'
  readonly ok: boolean
  readonly of: readonly ConditionResult[]
}

/** Every condition with what it came to. */
export interface Explanation {
  readonly match: 'all' | 'any'
  readonly ok: boolean
  readonly of: readonly (ConditionResult | GroupResult)[]
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
export function holds(conditions: Conditions, facts: RuleFacts, test: PatternTest): boolean {
  const group = ({ match, of }: ConditionGroup) =>
    match === 'all' ? of.every((one) => single(one)) : of.some((one) => single(one))
  const single = (one: ConditionGroup['of'][number]) => checkCondition(one, facts, test).ok
  const item = (one: Conditions['of'][number]) => (isGroup(one) ? group(one) : single(one))
  if (conditions.of.length === 0) return true
  return conditions.match === 'all' ? conditions.of.every(item) : conditions.of.some(item)
}

export function explain({ match, of }: Conditions, facts: RuleFacts, test: PatternTest): Explanation {
  const results = of.map((item): ConditionResult | GroupResult => {
    if (!isGroup(item)) return checkCondition(item, facts, test)
    const inner = item.of.map((condition) => checkCondition(condition, facts, test))
    return { match: item.match, ok: all(item.match, inner), of: inner }
  })
  return { match, ok: all(match, results), of: results }
}

function all(match: 'all' | 'any', results: readonly { readonly ok: boolean }[]): boolean {
  // Without conditions a rule is for everything.
  if (results.length === 0) return true
  return match === 'all' ? results.every(({ ok }) => ok) : results.some(({ ok }) => ok)
}

/** Every rule with why it fires or does not, for people: what stands below a rule that stops is said to be not asked. */
export function explainAll(rules: readonly Rule[], facts: RuleFacts, test: PatternTest): ExplainedRule[] {
  let seen = facts
  let stopped = false
  return rules.map((rule): ExplainedRule => {
    const asked = answers(rule, facts.trigger)
    const why = explain(rule.conditions, seen, test)
    const outcome = !asked ? 'otherEvent' : stopped ? 'stopped' : why.ok ? 'fires' : 'no'
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
