import type { Rule } from '../domain/rule.ts'
import { type Database, transaction } from '../store/database.ts'
import { markSwept, ripeFor, type SweepMark, sweepMarks } from '../store/rule-sweep.ts'
import { applyRules, type RuleContext } from './apply-rules.ts'

const batch = 16
const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** What happened longer ago than this before a rule was made is no longer its business. */
const lookBackMs = 7 * 24 * hourMs
/** A message may come in later than it was said: so far back every sweep looks again, and all the way once an hour. */
const overlapMs = 15 * minuteMs

/** Rules about time: what has waited too long or falls due soon. Several nodes may sweep at once; each rule fires once. */
export async function sweepRules(db: Database, ctx: RuleContext): Promise<number> {
  const { rules } = await ctx.rules.current(db.pool)
  const timed = rules.filter(({ event }) => event.kind === 'waiting' || event.kind === 'due')
  if (timed.length === 0) return 0
  const ids = timed.map(({ id }) => id)
  const marks = await sweepMarks(db.pool, ids)
  let found = 0
  for (const rule of timed) found += await sweepRule(db, ctx, { rule, mark: marks.get(rule.id) })
  return found
}

interface Sweep {
  readonly rule: Rule
  readonly mark: SweepMark | undefined
}

async function sweepRule(db: Database, ctx: RuleContext, { rule, mark }: Sweep): Promise<number> {
  const { event } = rule
  if (event.kind !== 'waiting' && event.kind !== 'due') return 0
  const now = ctx.clock()
  const to = new Date(now.getTime() + event.minutes * minuteMs * (event.kind === 'waiting' ? -1 : 1))
  const whole = mark === undefined || now.getTime() - mark.wholeAt.getTime() > hourMs
  const since = whole ? to.getTime() - lookBackMs : Math.min(mark.upto.getTime(), to.getTime()) - overlapMs
  let found = 0
  let after = { exactly: new Date(since).toISOString(), conversationId: '0' }
  for (let more = true; more; ) {
    const ripe = await ripeFor(db.pool, event.kind, { ruleId: rule.id, after, to, limit: batch })
    const facts = ripe.map(({ conversationId, at }) => ({ conversationId, at, kind: event.kind, ruleId: rule.id }))
    if (facts.length > 0) await transaction(db, (tx) => applyRules(tx, ctx, facts))
    found += ripe.length
    // Those for which it does not fire are passed by.
    after = ripe.at(-1) ?? after
    more = ripe.length === batch
  }
  await markSwept(db.pool, rule.id, { upto: to, wholeAt: whole ? now : mark.wholeAt })
  return found
}
