import type { ConditionResult } from '../domain/rule-condition.ts'
import type { Explanation } from '../domain/rule-evaluate.ts'

/** What is kept of an explanation: conditions and our own values; what is known of a person stays with the person. */
export function keptWhy({ match, ok, groups }: Explanation): Explanation {
  return { match, ok, groups: groups.map((group) => ({ ...group, conditions: group.conditions.map(kept) })) }
}

function kept(result: ConditionResult): ConditionResult {
  return result.condition.field === 'attribute' || result.condition.field === 'answer'
    ? { ...result, found: [] }
    : result
}
