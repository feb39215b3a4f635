import type { NewRule, Rule } from '../../../src/wire/rule.ts'
import type { RuleAction } from '../../../src/wire/rule-action.ts'
import type { Condition } from '../../../src/wire/rule-condition.ts'

/** A rule while it is written. Rows have keys of their own, so that React keeps them apart. */
export interface RuleDraft {
  readonly name: string
  readonly enabled: boolean
  readonly event: NewRule['event']
  readonly match: 'all' | 'any'
  readonly groups: readonly GroupDraft[]
  readonly actions: readonly Keyed<RuleAction>[]
  readonly stops: boolean
}
export interface GroupDraft {
  readonly key: string
  readonly match: 'all' | 'any'
  readonly conditions: readonly Keyed<Condition>[]
}
export interface Keyed<T> {
  readonly key: string
  readonly value: T
}

export const keyed = <T>(value: T): Keyed<T> => ({ key: crypto.randomUUID(), value })

export function newGroup(): GroupDraft {
  return { key: crypto.randomUUID(), match: 'all', conditions: [keyed(newCondition('text'))] }
}

export const emptyDraft = (): RuleDraft => ({
  name: '',
  enabled: true,
  event: { kind: 'message', which: 'first' },
  match: 'all',
  groups: [newGroup()],
  actions: [],
  stops: false,
})

export function draftOf({ name, enabled, event, conditions, actions, stops }: Rule): RuleDraft {
  const groups = conditions.groups.map((group) => ({
    key: crypto.randomUUID(),
    match: group.match,
    conditions: group.conditions.map(keyed),
  }))
  return { name, enabled, event, stops, match: conditions.match, groups, actions: actions.map(keyed) }
}

type RuleBody = Pick<Rule, 'name' | 'enabled' | 'event' | 'conditions' | 'actions' | 'stops'>

export function bodyOf({ name, enabled, event, match, groups, actions, stops }: RuleDraft): RuleBody {
  const written = groups
    .filter(({ conditions }) => conditions.length > 0)
    .map((group) => ({ match: group.match, conditions: group.conditions.map(({ value }) => value) }))
  return {
    name: name.trim(),
    enabled,
    event,
    stops,
    conditions: { match, groups: written },
    actions: actions.map(({ value }) => value),
  }
}

/** As far as it is written: rows that say nothing yet are left out. */
export function writtenSoFar(draft: RuleDraft): RuleBody {
  const body = bodyOf(draft)
  const groups = body.conditions.groups.map((group) => ({ ...group, conditions: group.conditions.filter(isWritten) }))
  return {
    ...body,
    name: body.name || '…',
    enabled: true,
    actions: body.actions.filter((action) => Object.values(action).every((value) => value !== '' && !isEmpty(value))),
    conditions: { ...body.conditions, groups: groups.filter(({ conditions }) => conditions.length > 0) },
  }
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0

function isWritten(condition: Condition): boolean {
  const { field: _field, not: _not, ...said } = condition
  const values = Object.values(said).filter((value) => value !== undefined)
  return values.length > 0 && values.every((value) => value !== '' && !isEmpty(value))
}

export type Field = Condition['field']

export const fields: readonly Field[] = [
  'text',
  'subject',
  'channel',
  'inbox',
  'language',
  'attachments',
  'vip',
  'attribute',
  'answer',
  'businessHours',
  'team',
  'assignee',
  'previousAgent',
  'priority',
  'status',
  'tag',
  'tier',
  'audience',
  'queue',
  'waitingMinutes',
  'messageCount',
]

export function newCondition(field: Field): Condition {
  switch (field) {
    case 'text':
    case 'subject':
      return { field, words: [] }
    case 'queue':
    case 'waitingMinutes':
    case 'messageCount':
      return { field, atLeast: 1 }
    case 'attribute':
      return { field, name: '', in: [] }
    case 'answer':
      return { field, key: '', in: [] }
    default:
      return { field, in: [] } as unknown as Condition
  }
}

export const actionTypes = [
  'team',
  'agent',
  'priority',
  'addTags',
  'removeTags',
  'tier',
  'vip',
  'bot',
  'note',
  'notify',
  'macro',
  'webhook',
] as const
export type ActionType = (typeof actionTypes)[number]

const fresh: { readonly [T in ActionType]: Extract<RuleAction, { type: T }> } = {
  team: { type: 'team', teamId: '' },
  agent: { type: 'agent', agentId: '' },
  priority: { type: 'priority', priority: 'high' },
  addTags: { type: 'addTags', tags: [] },
  removeTags: { type: 'removeTags', tags: [] },
  tier: { type: 'tier', tier: 2 },
  vip: { type: 'vip', vip: true },
  bot: { type: 'bot', on: false },
  note: { type: 'note', text: '' },
  notify: { type: 'notify', agentIds: [] },
  macro: { type: 'macro', macroId: '' },
  webhook: { type: 'webhook', label: '' },
}
export const newAction = (type: ActionType): RuleAction => fresh[type]

export function moved<T extends { id: string }>(list: readonly T[], id: string, by: 1 | -1): T[] {
  const from = list.findIndex((one) => one.id === id)
  const next = [...list]
  const to = from + by
  const [it] = from < 0 || to < 0 || to >= list.length ? [] : next.splice(from, 1)
  if (it) next.splice(to, 0, it)
  return next
}
