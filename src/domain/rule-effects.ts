import type { ChoiceField, RuleAction } from './rule.ts'
import type { RuleFacts } from './rule-facts.ts'

/** The facts as the rules below see them. What cannot be done in the end (a team that is gone) is seen as done all the same. */
export function afterActions(facts: RuleFacts, actions: readonly RuleAction[]): RuleFacts {
  const choices: Record<ChoiceField, readonly string[] | null> = { ...facts.choices }
  for (const action of actions) {
    const effect = effectOf(action, choices)
    if (effect) choices[effect[0]] = effect[1]
  }
  return { ...facts, choices }
}

type Effect = readonly [ChoiceField, readonly string[]]

function effectOf(action: RuleAction, choices: RuleFacts['choices']): Effect | null {
  switch (action.type) {
    case 'team':
      return ['team', [action.teamId]]
    case 'agent':
      return ['assignee', [action.agentId]]
    case 'priority':
      return ['priority', [action.priority]]
    case 'tier':
      return ['tier', [String(action.tier)]]
    case 'topic':
      return ['topic', [action.topicId]]
    case 'vip':
      return ['vip', [action.vip ? 'yes' : 'no']]
    case 'addTags':
      return ['tag', withTags(choices.tag ?? [], action.tags)]
    case 'removeTags':
      return ['tag', (choices.tag ?? []).filter((tag) => !action.tags.includes(tag))]
    default:
      return null
  }
}

export function withTags(tags: readonly string[], added: readonly string[]): string[] {
  return [...new Set([...tags, ...added])].sort()
}
