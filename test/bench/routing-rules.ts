import type { Conditions, RuleAction } from '../../src/domain/rule.ts'
import { type Database, transaction } from '../../src/store/database.ts'
import { changeRuleSet, insertRule, noteRuleKinds } from '../../src/store/rule.ts'
import { languages } from './routing-desk.ts'

export const ruleCount = 50

/**
 * As on a large desk: words in five languages, patterns, attributes, queues and who had it last. Of the bench's texts each sets
 * off two: one that tags, one that gives a priority.
 */
export async function layRules(db: Database, teamIds: readonly string[]): Promise<void> {
  await transaction(db, async (tx) => {
    await changeRuleSet(tx)
    for (let n = 0; n < ruleCount; n += 1) {
      await insertRule(tx, {
        name: `Rule ${n}`,
        enabled: true,
        event: { kind: 'message', which: n % 7 === 0 ? 'every' : 'first' },
        conditions: conditionsOf(n, teamIds),
        actions: [actionOf(n, teamIds)],
        stops: n % 10 === 9,
      })
    }
    await noteRuleKinds(tx)
  })
}

const fires = (n: number): boolean => n % 5 === 0 && n < languages.length * 10

function conditionsOf(n: number, teamIds: readonly string[]): Conditions {
  const language = languages[Math.floor(n / 5) % languages.length] ?? 'en'
  const spoken = { field: 'language', in: [language] } as const
  if (fires(n)) return { match: 'all', groups: [{ match: 'all', conditions: [spoken] }] }
  const kinds = [
    { field: 'text', pattern: `(refund|chargeback|returned) +(request|of) +${n}` },
    { field: 'text', words: [`word${n}`, '冻结账户', 'フィッシング', 'взлом*', '해킹'] },
    { field: 'attribute', name: 'plan', in: [`plan${n}`] },
    { field: 'queue', atLeast: 900, teamId: teamIds[n % teamIds.length] },
    { field: 'previousAgent', in: [String(1_000_000 + n)] },
  ] as const
  const one = kinds[n % kinds.length] ?? kinds[0]
  return { match: 'all', groups: [{ match: 'all', conditions: [{ field: 'channel', in: ['loop'] }, one] }] }
}

function actionOf(n: number, teamIds: readonly string[]): RuleAction {
  if (fires(n)) {
    return n < 25 ? { type: 'addTags', tags: [`about-${n}`] } : { type: 'priority', priority: 'high' }
  }
  return n % 2 === 0 ? { type: 'team', teamId: teamIds[0] ?? '' } : { type: 'addTags', tags: [`never-${n}`] }
}
