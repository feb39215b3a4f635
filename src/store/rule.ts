import type { Conditions, HandlingAction, Rule, RuleAction, RuleEvent } from '../domain/rule.ts'
import type { Queryable } from './database.ts'

export interface RuleRow extends Rule {
  readonly enabled: boolean
  readonly updatedAt: Date
}

export interface RuleSet {
  readonly version: string
  readonly everyMessage: boolean
  readonly changes: boolean
}

export interface NewRule {
  readonly name: string
  readonly enabled: boolean
  readonly event: RuleEvent
  readonly conditions: Conditions
  readonly actions: readonly RuleAction[]
  readonly stops: boolean
}

const columns = `id, name, enabled, event, conditions, actions, stops, updated_at as "updatedAt"`

/** Each transaction that changes rules or macros begins with this: one at a time, and everybody loads them anew. */
export async function changeRuleSet(tx: Queryable): Promise<void> {
  await tx.query(
    'insert into rule_set (version) values (1) on conflict (only_row) do update set version = rule_set.version + 1',
  )
}

/** At the end of a change of rules. */
export async function noteRuleKinds(tx: Queryable): Promise<void> {
  await tx.query(`update rule_set set
    every_message = exists (select from rule where enabled and event ->> 'kind' = 'message' and event ->> 'which' = 'every'),
    changes = exists (select from rule where enabled and event ->> 'kind' = 'change')`)
}

export async function ruleSet(q: Queryable): Promise<RuleSet> {
  const { rows } = await q.query({
    name: 'rule-set',
    text: `select version, every_message as "everyMessage", changes from rule_set`,
  })
  return (rows[0] as RuleSet | undefined) ?? { version: '0', everyMessage: false, changes: false }
}

/** In their order. */
export async function listRules(q: Queryable, only: { readonly enabled?: boolean } = {}): Promise<RuleRow[]> {
  const text = `select ${columns} from rule where ($1::boolean is null or enabled = $1) order by position, id limit 1000`
  return (await q.query(text, [only.enabled ?? null])).rows as RuleRow[]
}

export async function findRule(q: Queryable, id: string): Promise<RuleRow | null> {
  const { rows } = await q.query(`select ${columns} from rule where id = $1`, [id])
  return (rows[0] as RuleRow | undefined) ?? null
}

export async function countRules(q: Queryable): Promise<number> {
  return (await q.query('select count(*)::int as n from rule')).rows[0].n
}

/** Below all others. */
export async function insertRule(tx: Queryable, rule: NewRule): Promise<RuleRow> {
  const { rows } = await tx.query(
    `insert into rule (position, name, enabled, event, conditions, actions, stops)
     select coalesce(max(position), 0) + 1, $1, $2, $3, $4, $5, $6 from rule returning ${columns}`,
    valuesOf(rule),
  )
  return rows[0] as RuleRow
}

export async function updateRule(tx: Queryable, id: string, rule: NewRule): Promise<RuleRow | null> {
  const { rows } = await tx.query(
    `update rule set name = $1, enabled = $2, event = $3, conditions = $4, actions = $5, stops = $6, updated_at = now()
     where id = $7 returning ${columns}`,
    [...valuesOf(rule), id],
  )
  return (rows[0] as RuleRow | undefined) ?? null
}

function valuesOf({ name, enabled, event, conditions, actions, stops }: NewRule): unknown[] {
  return [name, enabled, JSON.stringify(event), JSON.stringify(conditions), JSON.stringify(actions), stops]
}

export async function deleteRule(tx: Queryable, id: string): Promise<boolean> {
  return (await tx.query('delete from rule where id = $1', [id])).rowCount === 1
}

/** The named ones come first, in this order; what was added meanwhile follows. */
export async function orderRules(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query(
    `update rule r set position = w.n from (
       select o.id, row_number() over (order by g.n nulls last, o.position, o.id)::int as n
         from rule o left join unnest($1::bigint[]) with ordinality g (id, n) on g.id = o.id) w
     where r.id = w.id and r.position <> w.n`,
    [ids],
  )
}

export interface MacroParts {
  readonly id: string
  readonly name: string
  readonly text: string
  readonly actions: readonly HandlingAction[]
}

/** Everybody's macros among these: what belongs to some people only is nothing for rules. */
export async function macroParts(q: Queryable, ids: readonly string[]): Promise<MacroParts[]> {
  if (ids.length === 0) return []
  const text = `select id, name, text, actions from macro where id = any($1::bigint[]) and owner_id is null and team_id is null`
  return (await q.query(text, [ids])).rows as MacroParts[]
}
