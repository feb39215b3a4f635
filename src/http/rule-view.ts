import type { Rule as DomainRule } from '../domain/rule.ts'
import type { Explanation as Explained, ExplainedRule } from '../domain/rule-evaluate.ts'
import type { RuleRow } from '../store/rule.ts'
import type { Reference } from '../store/rule-missing.ts'
import type { RuleRunRow } from '../store/rule-run.ts'
import type { Rule, RuleRun, TestedRule } from '../wire/rule.ts'
import type { RuleAction } from '../wire/rule-action.ts'
import type { Conditions, Explanation } from '../wire/rule-condition.ts'

// What is stored was checked by the schemas of src/wire; readonly is all that tells the two apart.
const actionsOf = (actions: DomainRule['actions']) => [...actions] as RuleAction[]

export function ruleView(row: RuleRow, missing: readonly Reference[]): Rule {
  const { id, name, enabled, event, conditions, actions, stops, updatedAt } = row
  return {
    id,
    name,
    enabled,
    stops,
    event: event as Rule['event'],
    conditions: conditions as Conditions,
    actions: actionsOf(actions),
    missing: [...missing],
    updatedAt: updatedAt.toISOString(),
  }
}

export function testedView({ rule, outcome, why }: ExplainedRule): TestedRule {
  return {
    id: rule.id === '' ? null : rule.id,
    name: rule.name,
    outcome,
    why: whyView(why),
    actions: actionsOf(rule.actions),
  }
}

export function runView({ id, ruleId, ruleName, trigger, why, actions, at }: RuleRunRow): RuleRun {
  return {
    id,
    ruleId,
    name: ruleName,
    event: trigger.split(':')[0] as RuleRun['event'],
    at: at.toISOString(),
    why: whyView(why as Explained),
    actions: actions as RuleRun['actions'],
  }
}

const whyView = (why: Explained): Explanation => why as Explanation
