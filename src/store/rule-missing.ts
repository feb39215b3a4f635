import type { Conditions, RuleAction } from '../domain/rule.ts'
import { conditionsOf, noValue } from '../domain/rule.ts'
import { type Queryable, together } from './database.ts'

export type NamedKind = 'team' | 'agent' | 'topic' | 'macro' | 'inbox'
export interface Reference {
  readonly kind: NamedKind
  readonly id: string
}

/** Everything a rule or macro names. */
export function referencesIn(actions: readonly RuleAction[], conditions?: Conditions): Reference[] {
  const found = [...actions.flatMap(ofAction), ...(conditions ? conditionsOf(conditions).flatMap(ofCondition) : [])]
  return [...new Map(found.map((one) => [`${one.kind} ${one.id}`, one])).values()]
}

function ofAction(action: RuleAction): Reference[] {
  switch (action.type) {
    case 'team':
      return [{ kind: 'team', id: action.teamId }]
    case 'agent':
      return [{ kind: 'agent', id: action.agentId }]
    case 'topic':
      return [{ kind: 'topic', id: action.topicId }]
    case 'macro':
      return [{ kind: 'macro', id: action.macroId }]
    case 'notify':
      return [
        ...action.agentIds.map((id): Reference => ({ kind: 'agent', id })),
        ...(action.teamId === undefined ? [] : [{ kind: 'team' as const, id: action.teamId }]),
      ]
    default:
      return []
  }
}

const kindOfField: Readonly<Record<string, NamedKind>> = {
  team: 'team',
  assignee: 'agent',
  previousAgent: 'agent',
  topic: 'topic',
  inbox: 'inbox',
}

function ofCondition(condition: ReturnType<typeof conditionsOf>[number]): Reference[] {
  if (condition.field === 'queue') return condition.teamId === undefined ? [] : [{ kind: 'team', id: condition.teamId }]
  const kind = kindOfField[condition.field]
  if (kind === undefined || !('in' in condition)) return []
  return (condition.in ?? []).filter((id) => id !== noValue).map((id) => ({ kind, id }))
}

const tables: Readonly<Record<NamedKind, string>> = {
  team: 'select id from team where id = any($1::bigint[])',
  agent: 'select id from agent where id = any($1::bigint[]) and active',
  topic: 'select id from topic where id = any($1::bigint[])',
  inbox: 'select id from inbox where id = any($1::bigint[]) and deleted_at is null',
  macro: 'select id from macro where id = any($1::bigint[]) and owner_id is null and team_id is null',
}

/** Answers a function that keeps of any references those that are not there. */
export async function missingAmong(
  q: Queryable,
  references: readonly Reference[],
): Promise<(named: readonly Reference[]) => Reference[]> {
  const kinds = Object.keys(tables) as NamedKind[]
  const found = await together(
    kinds.map((kind) => {
      const ids = references.filter((one) => one.kind === kind).map(({ id }) => id)
      return ids.length === 0 ? { rows: [] } : q.query(tables[kind], [[...new Set(ids)]])
    }),
  )
  const there = new Set(
    kinds.flatMap((kind, at) => (found[at]?.rows ?? []).map(({ id }: { id: string }) => `${kind} ${id}`)),
  )
  return (named) => named.filter(({ kind, id }) => !there.has(`${kind} ${id}`))
}
