import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Condition, Rule, RuleAction } from '../../../src/domain/rule.ts'
import { checkCondition } from '../../../src/domain/rule-condition.ts'
import { answers, evaluate, explain, explainAll, holds } from '../../../src/domain/rule-evaluate.ts'
import { containsWord, searched } from '../../../src/domain/rule-words.ts'
import { all, anyFacts, anyRules, factsOf, ruleOf } from '../../support/rule-samples.ts'

const test = (pattern: string, text: string) => (pattern === '(' ? null : new RegExp(pattern).test(text))
const ids = (rules: readonly { rule: Rule }[]) => rules.map(({ rule }) => rule.id)
const check = (condition: Condition, given: Parameters<typeof factsOf>[0]) =>
  checkCondition(condition, factsOf(given), test)

describe('rules, whatever they are and whatever they meet', () => {
  it('never throw, fire in their order, each at most once, and say the same when asked again', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        const { fired, actions } = evaluate(rules, facts, test)
        const positions = fired.map(({ rule }) => rules.indexOf(rule))
        expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b))
        expect(actions).toEqual(fired.flatMap(({ rule }) => rule.actions))
        expect(evaluate(rules, facts, test)).toEqual({ fired, actions })
      }),
      { numRuns: 2_000 },
    )
  })

  it('fire exactly where their explanation says so, and nothing below a rule that stops', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        const { fired } = evaluate(rules, facts, test)
        for (const { rule, why } of fired) {
          expect(why.ok).toBe(true)
          expect(answers(rule, facts.trigger)).toBe(true)
        }
        const told = explainAll(rules, facts, test, (rule) => answers(rule, facts.trigger))
        expect(ids(told.filter(({ outcome }) => outcome === 'fires'))).toEqual(ids(fired))
        const end = fired.findIndex(({ rule }) => rule.stops)
        expect(end === -1 || end === fired.length - 1).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('hold or do not hold, as each of their conditions together says', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, (rules, facts) => {
        for (const { conditions } of rules) {
          const told = explain(conditions, facts, test)
          expect(holds(conditions, facts, test)).toBe(told.ok)
          const oks = told.groups.map(({ ok }) => ok)
          if (oks.length > 0) expect(told.ok).toBe(told.match === 'all' ? !oks.includes(false) : oks.includes(true))
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('come to an end after one pass, also where each makes the other true', () => {
    const flip = (id: string, has: string, next: string): Rule =>
      ruleOf({
        id,
        conditions: all({ field: 'tag', in: [has] }),
        actions: [
          { type: 'removeTags', tags: [has] },
          { type: 'addTags', tags: [next] },
        ],
      })
    const rules = [flip('1', 'a', 'b'), flip('2', 'b', 'a'), flip('3', 'a', 'b')]
    expect(ids(evaluate(rules, factsOf({ choices: { tag: ['a'] } }), test).fired)).toEqual(['1', '2', '3'])
  })
})

describe('a rule', () => {
  const tagged = (id: string, tag: string): Rule => ruleOf({ id, conditions: all({ field: 'tag', in: [tag] }) })

  it('sees what the rules above it did, not what those below it do', () => {
    const adds = ruleOf({ id: '2', actions: [{ type: 'addTags', tags: ['vip'] }] })
    expect(ids(evaluate([tagged('1', 'vip'), adds, tagged('3', 'vip')], factsOf({}), test).fired)).toEqual(['2', '3'])
  })

  it.each<[RuleAction, Condition]>([
    [
      { type: 'team', teamId: '7' },
      { field: 'team', in: ['7'] },
    ],
    [
      { type: 'agent', agentId: '7' },
      { field: 'assignee', in: ['7'] },
    ],
    [
      { type: 'priority', priority: 'urgent' },
      { field: 'priority', in: ['urgent'] },
    ],
    [
      { type: 'tier', tier: 3 },
      { field: 'tier', in: ['3'] },
    ],
    [
      { type: 'topic', topicId: '7' },
      { field: 'topic', in: ['7'] },
    ],
    [
      { type: 'vip', vip: true },
      { field: 'vip', in: ['yes'] },
    ],
    [
      { type: 'removeTags', tags: ['old'] },
      { field: 'tag', in: ['none'] },
    ],
  ])('sees %j', (action, condition) => {
    const rules = [ruleOf({ id: '1', actions: [action] }), ruleOf({ id: '2', conditions: all(condition) })]
    expect(ids(evaluate(rules, factsOf({ choices: { tag: ['old'] } }), test).fired)).toEqual(['1', '2'])
  })

  it('without conditions is for everything; a stop ends the list', () => {
    const rules = [ruleOf({ id: '1', stops: true, conditions: { match: 'any', groups: [] } }), ruleOf({ id: '2' })]
    expect(ids(evaluate(rules, factsOf({}), test).fired)).toEqual(['1'])
    expect(explainAll(rules, factsOf({}), test, () => true).map(({ outcome }) => outcome)).toEqual(['fires', 'stopped'])
  })

  it('is asked only at its own event', () => {
    const first = ruleOf({ event: { kind: 'message', which: 'first' } })
    expect(answers(first, { kind: 'message', first: true })).toBe(true)
    expect(answers(first, { kind: 'message', first: false })).toBe(false)
    const change = ruleOf({ event: { kind: 'change', of: ['priority'] } })
    expect(answers(change, { kind: 'change', of: ['status'] })).toBe(false)
    expect(answers(change, { kind: 'change', of: ['status', 'priority'] })).toBe(true)
    const waits = ruleOf({ id: '5', event: { kind: 'waiting', minutes: 10 } })
    expect(answers(waits, { kind: 'waiting', ruleId: '5' })).toBe(true)
    expect(answers(waits, { kind: 'waiting', ruleId: '6' })).toBe(false)
  })
})

describe('a condition', () => {
  it('that nobody can answer does not hold, negated or not, and says so', () => {
    for (const not of [false, true]) {
      const hours = check({ field: 'businessHours', in: ['open'], not }, { choices: { businessHours: null } })
      expect(hours).toMatchObject({ ok: false, known: false })
      expect(check({ field: 'queue', atLeast: 1, not }, {})).toMatchObject({ ok: false, known: false })
      expect(check({ field: 'text', pattern: '(', not }, { text: 'x' })).toMatchObject({ ok: false, known: false })
      expect(check({ field: 'subject', words: ['x'], not }, {})).toMatchObject({ ok: false, known: false })
    }
  })

  it('knows that there is no value', () => {
    expect(check({ field: 'team', in: ['none', '3'] }, {}).ok).toBe(true)
    expect(check({ field: 'team', in: ['none'] }, { choices: { team: ['3'] } }).ok).toBe(false)
    expect(check({ field: 'team', in: ['none'], not: true }, { choices: { team: ['3'] } }).ok).toBe(true)
  })

  it('reads attributes of a contact, and nothing that every object has', () => {
    const attributes = { plan: 'Gold', since: 2024, groups: ['a', 'B'], odd: { x: 1 } }
    const ok = (name: string, values?: string[]) =>
      check({ field: 'attribute', name, ...(values && { in: values }) }, { attributes }).ok
    expect([ok('plan', ['gold']), ok('since', ['2024']), ok('groups', ['b']), ok('plan')]).toEqual(Array(4).fill(true))
    expect([ok('plan', ['silver']), ok('odd', ['1']), ok('toString'), ok('__proto__'), ok('no')]).toEqual(
      Array(5).fill(false),
    )
  })

  it('reads what was filled in: by value, word or pattern, and nothing that every object has', () => {
    const answers = { network: 'TRON', note: 'Sent twice, please refund' }
    const ok = (condition: Record<string, unknown>) => check({ field: 'answer', ...condition } as never, { answers }).ok
    expect([ok({ key: 'network', in: ['tron'] }), ok({ key: 'note', words: ['refund'] }), ok({ key: 'note' })]).toEqual(
      Array(3).fill(true),
    )
    expect([
      ok({ key: 'network', in: ['tro'] }),
      ok({ key: 'note', words: ['fund'] }),
      ok({ key: 'toString' }),
    ]).toEqual(Array(3).fill(false))
    expect(ok({ key: 'network', in: ['bitcoin'], not: true })).toBe(true)
  })

  it('counts a queue: the team it names, else the conversation’s own', () => {
    const given = { choices: { team: ['2'] }, queues: { '2': 4, '3': 9 } }
    expect(check({ field: 'queue', atLeast: 4, atMost: 4 }, given)).toMatchObject({ ok: true, found: ['4'] })
    expect(check({ field: 'queue', atLeast: 5, teamId: '3' }, given)).toMatchObject({ ok: true, found: ['9'] })
  })
})

describe('words', () => {
  it.each([
    ['Please REFUND me!', 'refund', true],
    ['refunds', 'refund', false],
    ['Two refunds', 'refund*', true],
    ['prefund', 'refund*', false],
    ['ｒｅｆｕｎｄ', 'refund', true],
    ['my card  payment', 'Card payment', true],
    ['card-payment', 'card payment', true],
    ['我的提现一直没有到账', '提现', true],
    ['출금이 안 돼요', '출금', true],
    ['出金できません', '出金', true],
    ['мои деньги', 'деньги', true],
    ['I write C++ code', 'c++', true],
    ['I write C code', 'c++', false],
    ['it costs $100', '$100', true],
    ['anything', '', false],
    ['anything', '  ', false],
    ['anything', '...', false],
  ])('%j holds %j: %s', (text, word, expected) => {
    expect(containsWord(searched(text), word)).toBe(expected)
  })
})
