import fc from 'fast-check'
import {
  type ChoiceField,
  type Condition,
  type Conditions,
  changedFields,
  choiceFields,
  numberFields,
  type Rule,
  type RuleAction,
  type RuleEvent,
  textFields,
} from '../../src/domain/rule.ts'
import type { RuleFacts, RuleTrigger } from '../../src/domain/rule-facts.ts'
import { searched } from '../../src/domain/rule-words.ts'

/** All of these. */
export const all = (...conditions: Condition[]): Conditions => ({
  match: 'all',
  groups: [{ match: 'all', conditions }],
})

/** Facts of a case about which little is known. */
export function factsOf(given: {
  trigger?: RuleTrigger
  choices?: Partial<RuleFacts['choices']>
  text?: string | null
  subject?: string | null
  numbers?: Partial<RuleFacts['numbers']>
  queues?: Record<string, number>
  attributes?: Record<string, unknown>
  answers?: Record<string, string>
}): RuleFacts {
  const none = Object.fromEntries(choiceFields.map((field) => [field, [] as string[]])) as Record<ChoiceField, string[]>
  const { text = '', subject = null, queues = {} } = given
  return {
    trigger: given.trigger ?? { kind: 'message', first: true },
    choices: { ...none, ...given.choices },
    texts: {
      text: text === null ? null : searched(text),
      subject: subject === null ? null : searched(subject),
    },
    numbers: { waitingMinutes: null, messageCount: 1, ...given.numbers },
    queueOf: (teamId) => queues[teamId] ?? null,
    attributes: given.attributes ?? {},
    answers: given.answers ?? {},
  }
}

export function ruleOf(given: Partial<Rule> = {}): Rule {
  return {
    id: '1',
    name: 'Rule',
    event: { kind: 'message', which: 'every' },
    conditions: { match: 'all', groups: [] },
    actions: [],
    stops: false,
    ...given,
  }
}

const value = fc.constantFrom('1', '2', '3', 'yes', 'open', 'none', 'zh')
const values = fc.array(value, { maxLength: 3 })
const id = fc.constantFrom('1', '2', '3')
const word = fc.constantFrom('refund', 'stuck*', '提现', 'c++', 'Ａpi', '', '  ', 'ö')

const condition: fc.Arbitrary<Condition> = fc
  .record({
    not: fc.boolean(),
    shape: fc.oneof(
      fc.record({ field: fc.constantFrom(...choiceFields), in: values }),
      fc.record({ field: fc.constantFrom(...textFields), words: fc.array(word, { maxLength: 3 }) }),
      fc.record({ field: fc.constantFrom(...textFields), pattern: fc.constantFrom('a+b', '提.*现', '(') }),
      fc.record(
        {
          field: fc.constantFrom(...numberFields),
          atLeast: fc.integer({ min: 0, max: 5 }),
          atMost: fc.integer({ min: 0, max: 5 }),
          teamId: id,
        },
        { requiredKeys: ['field'] },
      ),
      fc.record(
        {
          field: fc.constant('attribute' as const),
          name: fc.constantFrom('plan', 'toString', '__proto__'),
          in: values,
        },
        { requiredKeys: ['field', 'name'] },
      ),
      fc.record(
        {
          field: fc.constant('answer' as const),
          key: fc.constantFrom('impact', 'toString', '__proto__'),
          in: values,
          words: fc.array(word, { maxLength: 3 }),
          pattern: fc.constantFrom('a+b', '('),
        },
        { requiredKeys: ['field', 'key'] },
      ),
    ),
  })
  .map(({ not, shape }) => ({ ...shape, not }) as Condition)

const match = fc.constantFrom('all' as const, 'any' as const)
const conditions: fc.Arbitrary<Conditions> = fc.record({
  match,
  groups: fc.array(fc.record({ match, conditions: fc.array(condition, { maxLength: 4 }) }), { maxLength: 3 }),
})

const action: fc.Arbitrary<RuleAction> = fc.oneof(
  fc.record({ type: fc.constant('team' as const), teamId: id }),
  fc.record({ type: fc.constant('agent' as const), agentId: id }),
  fc.record({ type: fc.constant('priority' as const), priority: fc.constantFrom('low' as const, 'urgent' as const) }),
  fc.record({ type: fc.constantFrom('addTags' as const, 'removeTags' as const), tags: values }),
  fc.record({ type: fc.constant('topic' as const), topicId: id }),
  fc.record({ type: fc.constant('tier' as const), tier: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ type: fc.constant('vip' as const), vip: fc.boolean() }),
  fc.record({ type: fc.constant('webhook' as const), label: word }),
)

const event: fc.Arbitrary<RuleEvent> = fc.oneof(
  fc.record({ kind: fc.constant('message' as const), which: fc.constantFrom('first' as const, 'every' as const) }),
  fc.record({
    kind: fc.constant('change' as const),
    of: fc.array(fc.constantFrom(...changedFields), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ kind: fc.constantFrom('waiting' as const, 'due' as const), minutes: fc.constant(5) }),
)

export const anyRules: fc.Arbitrary<Rule[]> = fc
  .array(fc.record({ event, conditions, actions: fc.array(action, { maxLength: 4 }), stops: fc.boolean() }), {
    maxLength: 12,
  })
  .map((rules) => rules.map((rule, n) => ({ ...rule, id: String(n + 1), name: `Rule ${n + 1}` })))

const trigger: fc.Arbitrary<RuleTrigger> = fc.oneof(
  fc.record({ kind: fc.constant('message' as const), first: fc.boolean() }),
  fc.record({
    kind: fc.constant('change' as const),
    of: fc.array(fc.constantFrom(...changedFields), { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constantFrom('waiting' as const, 'due' as const), ruleId: value }),
)
const maybeText = fc.option(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), word))

/** Whatever a platform, an administrator and a customer may have left there. */
export const anyFacts: fc.Arbitrary<RuleFacts> = fc
  .record({
    trigger,
    text: maybeText,
    subject: maybeText,
    choices: fc.record(
      Object.fromEntries(choiceFields.map((field) => [field, fc.option(values)])) as Record<
        ChoiceField,
        fc.Arbitrary<string[] | null>
      >,
    ),
    numbers: fc.record({ waitingMinutes: fc.option(fc.nat(9)), messageCount: fc.option(fc.nat(9)) }),
    queues: fc.dictionary(value, fc.nat(9)),
    attributes: fc.dictionary(fc.constantFrom('plan', 'toString', '__proto__', 'x'), fc.anything()),
  })
  .map(factsOf)
