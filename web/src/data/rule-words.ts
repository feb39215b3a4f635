import type { TFunction } from 'i18next'
import type { Rule, RuleEvent } from '../../../src/wire/rule.ts'
import type { RuleAction } from '../../../src/wire/rule-action.ts'
import type { Condition, Conditions } from '../../../src/wire/rule-condition.ts'
import type { Choice, RuleNames } from './rule-names.ts'

/** Rules in words a person says. */
export interface RuleWords {
  event(event: RuleEvent): string
  condition(condition: Condition): string
  /** null: for everything. */
  conditions(conditions: Conditions): string | null
  action(action: RuleAction): string
  actions(actions: Rule['actions']): string
  /** Values of a condition's field. */
  values(field: Condition['field'], values: readonly string[]): string
}

export function ruleWords(t: TFunction, language: string, names: RuleNames): RuleWords {
  const list = (items: readonly string[], type: 'conjunction' | 'disjunction' = 'disjunction') =>
    new Intl.ListFormat(language, { type, style: 'short' }).format(items)
  const named = (choices: readonly Choice[] | null, value: string) =>
    choices?.find((choice) => choice.value === value)?.label ??
    (choices && /^\d+$/.test(value) ? t('rules.value.gone') : value)
  const quoted = (words: readonly string[]) => list(words.map((word) => `“${word}”`))
  const values: RuleWords['values'] = (field, given) =>
    list(given.map((value) => (value === 'none' ? t('rules.value.none') : named(names.choices(field), value))))

  const condition = (one: Condition): string => {
    const field = t(`rules.field.${one.field}`)
    if (one.field === 'attribute') {
      if (one.in === undefined) return t(one.not ? 'rules.say.knownNot' : 'rules.say.known', { field: one.name })
      return t(one.not ? 'rules.say.isNot' : 'rules.say.is', { field: `“${one.name}”`, values: list(one.in) })
    }
    if (one.field === 'answer') return sayAnswer(t, one, { list, quoted })
    if (one.field === 'vip' && one.in.length === 1)
      return t((one.in[0] === 'yes') !== (one.not === true) ? 'rules.say.vip' : 'rules.say.vipNot')
    if ('in' in one)
      return t(one.not ? 'rules.say.isNot' : 'rules.say.is', { field, values: values(one.field, one.in) })
    if ('atLeast' in one || 'atMost' in one) return sayNumber(t, field, one)
    if ('pattern' in one && one.pattern !== undefined)
      return t(one.not ? 'rules.say.matchesNot' : 'rules.say.matches', { field, values: one.pattern })
    const words = 'words' in one ? (one.words ?? []) : []
    return t(one.not ? 'rules.say.containsNot' : 'rules.say.contains', { field, values: quoted(words) })
  }

  const conditions: RuleWords['conditions'] = ({ match, groups }) => {
    const said = groups.map((group) =>
      group.conditions.map(condition).join(t(group.match === 'all' ? 'rules.and' : 'rules.or')),
    )
    if (said.length <= 1) return said[0] ?? null
    return said.map((group) => t('rules.grouped', { group })).join(t(match === 'all' ? 'rules.and' : 'rules.or'))
  }

  const action = (one: RuleAction) => sayAction(t, one, { named, names, list: (items) => list(items, 'conjunction') })
  return {
    condition,
    conditions,
    values,
    action,
    event: (event) => sayEvent(t, event, (items) => list(items)),
    actions: (all) => all.map(action).join(' · '),
  }
}

type OfAnswer = Extract<Condition, { field: 'answer' }>
type Listed = (items: readonly string[]) => string

function sayAnswer(
  t: TFunction,
  { key, in: wanted, words, pattern, not }: OfAnswer,
  { list, quoted }: { list: Listed; quoted: Listed },
): string {
  const field = `“${key}”`
  if (wanted) return t(not ? 'rules.say.isNot' : 'rules.say.is', { field, values: list(wanted) })
  if (words) return t(not ? 'rules.say.containsNot' : 'rules.say.contains', { field, values: quoted(words) })
  if (pattern !== undefined) return t(not ? 'rules.say.matchesNot' : 'rules.say.matches', { field, values: pattern })
  return t(not ? 'rules.say.knownNot' : 'rules.say.known', { field: key })
}

function sayNumber(
  t: TFunction,
  field: string,
  { atLeast: low, atMost: high }: { atLeast?: number | undefined; atMost?: number | undefined },
): string {
  if (low === undefined) return t('rules.say.atMost', { field, high })
  return high === undefined ? t('rules.say.atLeast', { field, low }) : t('rules.say.between', { field, low, high })
}

function sayEvent(t: TFunction, event: RuleEvent, list: (items: readonly string[]) => string): string {
  switch (event.kind) {
    case 'message':
      return t(`rules.event.${event.which}`)
    case 'change':
      return t('rules.event.changeOf', { fields: list(event.of.map((field) => t(`rules.change.${field}`))) })
    case 'waiting':
      return t('rules.event.waitingFor', { minutes: event.minutes })
    case 'due':
      return t('rules.event.dueIn', { minutes: event.minutes })
  }
}

interface Naming {
  named(choices: readonly Choice[], value: string): string
  list(items: readonly string[]): string
  readonly names: RuleNames
}

function sayAction(t: TFunction, action: RuleAction, { named, names, list }: Naming): string {
  switch (action.type) {
    case 'team':
      return t('rules.did.team', { name: named(names.teams, action.teamId) })
    case 'agent':
      return t('rules.did.agent', { name: named(names.agents, action.agentId) })
    case 'priority':
      return t('rules.did.priority', { priority: t(`priority.${action.priority}`) })
    case 'addTags':
    case 'removeTags':
      return t(`rules.did.${action.type}`, { tags: list(action.tags) })
    case 'tier':
      return t('rules.did.tier', { tier: action.tier })
    case 'vip':
      return t(action.vip ? 'rules.did.vipOn' : 'rules.did.vipOff')
    case 'bot':
      return t(action.on ? 'rules.did.botOn' : 'rules.did.botOff')
    case 'macro':
      return t('rules.did.macro', { name: named(names.macros, action.macroId) })
    case 'webhook':
      return t('rules.did.webhook', { label: action.label })
    case 'notify': {
      const people = action.agentIds.map((id) => named(names.agents, id))
      return t('rules.did.notify', {
        name: list(action.teamId ? [...people, named(names.teams, action.teamId)] : people),
      })
    }
    case 'topic':
      return t('rules.did.topic', { name: action.topicId })
    case 'note':
    case 'policy':
      return t(`rules.did.${action.type}`)
  }
}
