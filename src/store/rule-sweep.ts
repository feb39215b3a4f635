import { named, type Queryable } from './database.ts'

/** Where a sweep of a rule stands. */
export interface SweepMark {
  readonly upto: Date
  readonly wholeAt: Date
}

export async function sweepMarks(q: Queryable, ruleIds: readonly string[]): Promise<Map<string, SweepMark>> {
  const text = 'select rule_id as id, upto, whole_at as "wholeAt" from rule_sweep where rule_id = any($1::bigint[])'
  const { rows } = await q.query({ name: 'rule-sweep-marks', text, values: [ruleIds] })
  return new Map((rows as (SweepMark & { id: string })[]).map(({ id, ...mark }) => [id, mark]))
}

/** A rule deleted meanwhile needs none. */
export async function markSwept(q: Queryable, ruleId: string, mark: SweepMark): Promise<void> {
  await q.query({
    name: 'rule-sweep-mark',
    text: `insert into rule_sweep (rule_id, upto, whole_at) select id, $2, $3 from rule where id = $1
      on conflict (rule_id) do update set upto = excluded.upto, whole_at = excluded.whole_at`,
    values: [ruleId, mark.upto, mark.wholeAt],
  })
}

export interface Ripe {
  readonly conversationId: string
  readonly at: Date
  /** The same to the microsecond. */
  readonly exactly: string
}

interface SweepRange {
  readonly ruleId: string
  /** Behind this one. */
  readonly after: { readonly exactly: string; readonly conversationId: string }
  readonly to: Date
  readonly limit: number
}

const range = (
  at: string,
  kind: string,
) => `select c.id as "conversationId", c.${at} as at, c.${at}::text as exactly from conversation c
  where (c.${at}, c.id) > ($2::timestamptz, $5::bigint) and c.${at} <= $3 and c.status not in ('resolved', 'spam') and c.merged_into is null
    and not exists (select from rule_run r where r.conversation_id = c.id and r.rule_id = $1
      and r.trigger = '${kind}:' || round(extract(epoch from date_trunc('milliseconds', c.${at})) * 1000)::bigint)
  order by c.${at}, c.id limit $4`

const waiting = named('rule-sweep-waiting', range('waiting_since', 'waiting'))
const due = named('rule-sweep-due', range('due_at', 'due'))

/** Conversations that waited, or whose promise falls, within these times and for which the rule did not fire yet. */
export async function ripeFor(q: Queryable, kind: 'waiting' | 'due', wish: SweepRange): Promise<Ripe[]> {
  const { ruleId, after, to, limit } = wish
  const values = [ruleId, after.exactly, to, limit, after.conversationId]
  const { rows } = await (kind === 'waiting' ? waiting : due)(q, values)
  return rows as Ripe[]
}
