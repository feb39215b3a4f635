import type { Queryable } from './database.ts'

export interface NewRuleRun {
  readonly ruleId: string
  readonly ruleName: string
  readonly conversationId: string
  readonly trigger: string
  /** Conditions and how they came out; nothing of what a customer wrote. */
  readonly why: unknown
  readonly actions: unknown
}

/** Answers which of them are new, as `conversation rule`: the others happened for this fact before, here or on another node. */
export async function claimRuns(tx: Queryable, runs: readonly NewRuleRun[]): Promise<Set<string>> {
  const { rows } = await tx.query({
    name: 'rule-run-claim',
    text: `insert into rule_run (rule_id, rule_name, conversation_id, trigger, why, actions)
      select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::jsonb[], $6::jsonb[])
      on conflict (conversation_id, rule_id, trigger) do nothing returning conversation_id, rule_id`,
    values: [
      runs.map((run) => run.ruleId),
      runs.map((run) => run.ruleName),
      runs.map((run) => run.conversationId),
      runs.map((run) => run.trigger),
      runs.map((run) => JSON.stringify(run.why)),
      runs.map((run) => JSON.stringify(run.actions)),
    ],
  })
  return new Set(
    rows.map((row: { conversation_id: string; rule_id: string }) => runKey(row.conversation_id, row.rule_id)),
  )
}

export const runKey = (conversationId: string, ruleId: string): string => `${conversationId} ${ruleId}`

export interface RuleRunRow {
  readonly id: string
  readonly ruleId: string
  readonly ruleName: string
  readonly trigger: string
  readonly why: unknown
  readonly actions: { readonly type: string; readonly state: string }[]
  readonly at: Date
}

/** What really fired on a conversation, newest first. */
export async function listRuns(q: Queryable, conversationId: string, limit = 100): Promise<RuleRunRow[]> {
  const { rows } = await q.query(
    `select id, rule_id as "ruleId", rule_name as "ruleName", trigger, why, actions, at from rule_run
      where conversation_id = $1 order by id desc limit $2`,
    [conversationId, limit],
  )
  return rows as RuleRunRow[]
}

export async function purgeRuleRuns(q: Queryable, limit = 5_000): Promise<number> {
  const { rowCount } = await q.query(
    `delete from rule_run where id in (select id from rule_run where at < now() - interval '30 days' order by at limit $1)`,
    [limit],
  )
  return rowCount ?? 0
}
