import type { ChangedField } from '../domain/rule.ts'
import type { Database, Queryable } from '../store/database.ts'
import { purgeRuleRuns } from '../store/rule-run.ts'
import type { AnswerContext } from './answer-asked.ts'
import { applyRules, type Happened, type RuleContext } from './apply-rules.ts'
import { sayMacro } from './say-macro.ts'
import { sweepRules } from './sweep-rules.ts'

interface RuleJob {
  readonly payload: Readonly<Record<string, unknown>>
}

/** The jobs rules need: what people changed is asked about, and what a macro says is said. */
export function ruleJobs(ctx: AnswerContext, rules: RuleContext) {
  return {
    rules: {
      runBatch: (tx: Queryable, jobs: readonly RuleJob[]) => applyRules(tx, rules, jobs.flatMap(changeIn)),
    },
    'say-macro': {
      run: ({ payload }: RuleJob) =>
        sayMacro(ctx, {
          ruleId: String(payload['ruleId']),
          macroId: String(payload['macroId']),
          messageId: String(payload['messageId']),
        }),
    },
  }
}

const fieldOf: Readonly<Record<string, ChangedField>> = {
  statusChanged: 'status',
  reopened: 'status',
  priorityChanged: 'priority',
  tagsChanged: 'tags',
  assigned: 'assignee',
  teamChanged: 'team',
}

/** Written with the activities of a change, in src/store/applied.ts. */
export function changeIn({ payload }: RuleJob): Happened[] {
  const { conversationId, version, kinds } = payload
  if (typeof conversationId !== 'string' || typeof version !== 'string' || !Array.isArray(kinds)) return []
  const of = kinds.flatMap((kind) => fieldOf[String(kind)] ?? [])
  return of.length > 0 ? [{ kind: 'change', conversationId, version, of }] : []
}

export function ruleSweep(db: Database, rules: RuleContext) {
  return { name: 'sweep-rules', everyMs: 5_000, run: async () => void (await sweepRules(db, rules)) }
}

export function purgeOldRuns(db: Database) {
  const run = async () => {
    while ((await purgeRuleRuns(db.pool)) > 0);
  }
  return { name: 'purge-rule-runs', everyMs: 3_600_000, run }
}
