import { type ChangedField, conditionsOf, type Rule } from '../domain/rule.ts'
import { answers, evaluate, type FiredRule } from '../domain/rule-evaluate.ts'
import type { RuleTrigger } from '../domain/rule-facts.ts'
import { isTransient, type Queryable, together } from '../store/database.ts'
import { notify } from '../store/feed-insert.ts'
import {
  existing,
  type FactRow,
  lockContacts,
  lockForRules,
  type Named,
  queueLengths,
  ruleFacts,
} from '../store/rule-facts.ts'
import { claimRuns, runKey } from '../store/rule-run.ts'
import { writeRuled } from '../store/rule-write.ts'
import { openInboxes } from './open-inboxes.ts'
import type { BookAction, RuleBook, Rules } from './rule-book.ts'
import { factsOf, type World } from './rule-facts-of.ts'
import { namedIn } from './rule-names.ts'
import { type ConversationPlan, planSteps, type Step } from './rule-plan.ts'
import { keptWhy } from './rule-why.ts'
import { writingOf } from './rule-writing.ts'

export interface RuleContext {
  readonly rules: Rules
  readonly clock: () => Date
  /** Told when rules could not be asked; what they were asked about goes on without them. */
  readonly onFailure?: (error: unknown) => void
}

/** One fact that may set off rules. */
export type Happened = { readonly conversationId: string } & (
  | { readonly kind: 'message'; readonly messageId: string }
  | { readonly kind: 'change'; readonly version: string; readonly of: readonly ChangedField[] }
  | { readonly kind: 'waiting' | 'due'; readonly ruleId: string; readonly at: Date }
)

/**
 * Asks the rules about each of these facts and does what they say, in the transaction that holds the jobs. A rule fires at most
 * once for one fact, whoever asks how often: `rule_run` is unique. What rules do is no fact, so they never set off each other.
 */
export async function applyRules(tx: Queryable, ctx: RuleContext, happened: readonly Happened[]): Promise<void> {
  const book = await ctx.rules.current(tx)
  const asked = happened.filter((fact) => book.rules.some((rule) => mayAnswer(rule, fact)))
  for (const round of roundsOf(asked)) {
    await tx.query('savepoint rules')
    try {
      await applyRound(tx, { ctx, book }, round)
      await tx.query('release savepoint rules')
    } catch (error) {
      // A case must find its people whatever became of a rule.
      if (isTransient(error)) throw error
      await tx.query('rollback to savepoint rules')
      ctx.onFailure?.(error)
    }
  }
}

/** Before anything is read of the conversation. */
function mayAnswer(rule: Rule, fact: Happened): boolean {
  return answers(rule, triggerOf(fact, true))
}

/** One fact of each conversation at a time, in their order. */
function roundsOf(happened: readonly Happened[]): { facts: Happened[]; isFirst: boolean }[] {
  const rounds: { facts: Happened[]; isFirst: boolean }[] = []
  const seen = new Map<string, number>()
  for (const fact of happened) {
    const n = seen.get(fact.conversationId) ?? 0
    seen.set(fact.conversationId, n + 1)
    rounds[n] ??= { facts: [], isFirst: n === 0 }
    rounds[n].facts.push(fact)
  }
  return rounds
}

interface Asking {
  readonly ctx: Pick<RuleContext, 'clock'>
  readonly book: RuleBook
}

async function applyRound(
  tx: Queryable,
  { ctx, book }: { readonly ctx: RuleContext; readonly book: RuleBook },
  { facts, isFirst }: { readonly facts: readonly Happened[]; readonly isFirst: boolean },
): Promise<void> {
  const ids = facts.map(({ conversationId }) => conversationId)
  const asked = facts.map((f) => ({
    conversationId: f.conversationId,
    messageId: f.kind === 'message' ? f.messageId : null,
  }))
  const [, , rows] = await together([
    book.changesContacts ? lockContacts(tx, ids) : undefined,
    lockForRules(tx, ids, book.changesContacts),
    // Begun with the locks, run under them: PostgreSQL looks afresh for each statement.
    ruleFacts(tx, asked, book.needs),
  ])
  const world = await worldOf(tx, { ctx, book }, rows)
  const byId = new Map(facts.map((fact) => [fact.conversationId, fact]))
  const fired = rows.flatMap((row): Firing[] => {
    const fact = byId.get(row.id)
    if (fact === undefined || !stillTrue(fact, row)) return []
    const trigger = triggerOf(fact, isFirst && row.fresh)
    const { fired: rules } = evaluate(book.rules, factsOf(row, trigger, world), book.test)
    return rules.length > 0 ? [{ row, fact, rules }] : []
  })
  if (fired.length > 0) await act(tx, ctx, fired)
}

interface Firing {
  readonly row: FactRow
  readonly fact: Happened
  readonly rules: readonly FiredRule[]
}

function triggerOf(fact: Happened, first: boolean): RuleTrigger {
  switch (fact.kind) {
    case 'message':
      return { kind: 'message', first }
    case 'change':
      return { kind: 'change', of: fact.of }
    case 'waiting':
    case 'due':
      return { kind: fact.kind, ruleId: fact.ruleId }
    default:
      return fact satisfies never
  }
}

/** Found by a sweep a moment ago; under the lock somebody may have answered. */
function stillTrue(fact: Happened, { waitingSince, dueAt }: FactRow): boolean {
  if (fact.kind === 'waiting') return waitingSince?.getTime() === fact.at.getTime()
  if (fact.kind === 'due') return dueAt?.getTime() === fact.at.getTime()
  return true
}

/** Names one fact for ever. */
function triggerKey(fact: Happened): string {
  if (fact.kind === 'message') return `message:${fact.messageId}`
  return fact.kind === 'change' ? `change:${fact.version}` : `${fact.kind}:${fact.at.getTime()}`
}

/** What no conversation knows of itself, for all of them at once. */
export async function worldOf(q: Queryable, { ctx, book }: Asking, rows: readonly FactRow[]): Promise<World> {
  const now = ctx.clock()
  const asksHours = book.rules.some((rule) => conditionsOf(rule.conditions).some((c) => c.field === 'businessHours'))
  const inboxIds = [...new Set(rows.map(({ inboxId }) => inboxId))]
  const [queues, isOpen] = await together([
    book.needs.queues ? queueLengths(q, teamsIn(book, rows)) : new Map<string, number>(),
    asksHours ? openInboxes(q, inboxIds, now) : () => null,
  ])
  return { now, queues, isOpen }
}

/** Whose queue may be asked for: named by a condition, the conversation's own, or given to it by a rule above. */
function teamsIn(book: RuleBook, rows: readonly FactRow[]): string[] {
  const named = book.rules.flatMap(({ conditions, actions }) => [
    ...conditionsOf(conditions).flatMap((c) => (c.field === 'queue' && c.teamId !== undefined ? [c.teamId] : [])),
    ...actions.flatMap((action) => (action.type === 'team' ? [action.teamId] : [])),
  ])
  return [...new Set([...named, ...rows.flatMap(({ teamId }) => (teamId === null ? [] : [teamId]))])]
}

async function act(tx: Queryable, ctx: RuleContext, fired: readonly Firing[]): Promise<void> {
  const there = await existing(tx, namedBy(fired))
  const plan = (firing: Firing) => planSteps(firing.row, firing.rules.map(stepOf), there)
  const fresh = await claim(tx, fired, fired.map(plan))
  if (fresh.length === 0) return
  const plans = fresh.map((firing) => ({ plan: plan(firing), key: triggerKey(firing.fact) }))
  await writeRuled(tx, await writingOf(tx, plans, ctx.clock()))
  // T2 gives out what waits by itself, after the rules.
  if (fresh.some(({ fact }) => fact.kind !== 'message')) await notify(tx, ['queue'])
}

function stepOf({ rule }: FiredRule): Step {
  const { id, name, actions } = rule
  return { id, actor: `rule:${id}`, named: { rule: name }, actions: actions as readonly BookAction[] }
}

/** Those rules that had not fired for their fact yet. */
async function claim(tx: Queryable, fired: readonly Firing[], plans: readonly ConversationPlan[]): Promise<Firing[]> {
  const runs = fired.flatMap(({ row, fact, rules }, at) =>
    rules.map(({ rule, why }) => ({
      ruleId: rule.id,
      ruleName: rule.name,
      conversationId: row.id,
      trigger: triggerKey(fact),
      why: keptWhy(why),
      actions: plans[at]?.outcomes.get(rule.id) ?? [],
    })),
  )
  const mine = await claimRuns(tx, runs)
  return fired.flatMap((firing) => {
    const rules = firing.rules.filter(({ rule }) => mine.has(runKey(firing.row.id, rule.id)))
    return rules.length > 0 ? [{ ...firing, rules }] : []
  })
}

function namedBy(fired: readonly Firing[]): Named {
  const actions = fired.flatMap(({ rules }) => rules.flatMap(({ rule }) => rule.actions as readonly BookAction[]))
  return namedIn(
    actions,
    fired.map(({ row }) => row.inboxId),
  )
}
