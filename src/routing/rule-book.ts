import { conditionsOf, type Rule, type RuleAction } from '../domain/rule.ts'
import type { PatternTest } from '../domain/rule-condition.ts'
import type { Queryable } from '../store/database.ts'
import { listRules, type MacroParts, macroParts, ruleSet } from '../store/rule.ts'
import type { RuleNeeds } from '../store/rule-facts.ts'
import { compilePatterns } from './safe-pattern.ts'

/** A macro's actions stand in its place; its words become `say`. A macro that is gone stays as it was. */
export type BookAction = RuleAction | { readonly type: 'say'; readonly macroId: string }

/** The rules that are on, ready to be asked. */
export interface RuleBook {
  readonly version: string
  readonly rules: readonly Rule[]
  readonly test: PatternTest
  readonly needs: RuleNeeds
  /** Contacts must be locked before conversations then. */
  readonly changesContacts: boolean
}

/** Keeps the newest book as long as its version stands; one for each process. */
export interface Rules {
  current(q: Queryable): Promise<RuleBook>
}

export function createRules(): Rules {
  let kept: RuleBook | null = null
  return {
    async current(q) {
      const { version } = await ruleSet(q)
      if (kept?.version !== version) kept = await openBook(await listRules(q, { enabled: true }), version, q)
      return kept
    },
  }
}

/** Also for drafts that nobody saved. */
export async function openBook(given: readonly Rule[], version: string, q: Queryable): Promise<RuleBook> {
  const macros = await macrosOf(given, q)
  const rules = given.map((rule) => ({ ...rule, actions: expanded(rule.actions, macros) as readonly RuleAction[] }))
  const conditions = rules.flatMap((rule) => conditionsOf(rule.conditions))
  const patterns = await compilePatterns(
    conditions.flatMap((one) => ('pattern' in one && one.pattern !== undefined ? [one.pattern] : [])),
  )
  return {
    version,
    rules,
    test: (pattern, text) => patterns.get(pattern)?.test(text) ?? null,
    needs: {
      previousAgent: conditions.some(({ field }) => field === 'previousAgent'),
      queues: conditions.some(({ field }) => field === 'queue'),
    },
    changesContacts: rules.some(({ actions }) => actions.some(({ type }) => type === 'vip')),
  }
}

async function macrosOf(rules: readonly Rule[], q: Queryable): Promise<Map<string, MacroParts>> {
  const ids = rules.flatMap(({ actions }) => actions.flatMap((one) => (one.type === 'macro' ? [one.macroId] : [])))
  return new Map((await macroParts(q, [...new Set(ids)])).map((macro) => [macro.id, macro]))
}

function expanded(actions: readonly RuleAction[], macros: ReadonlyMap<string, MacroParts>): BookAction[] {
  return actions.flatMap((action): BookAction[] => {
    const macro = action.type === 'macro' ? macros.get(action.macroId) : undefined
    if (macro === undefined) return [action]
    const says = macro.text.trim() === '' ? [] : [{ type: 'say' as const, macroId: macro.id }]
    return [...macro.actions, ...says]
  })
}
