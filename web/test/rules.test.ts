import { expect, test } from 'vitest'
import type { Macro } from '../../src/wire/macro.ts'
import { bodyOf, draftOf, emptyDraft, keyed, moved, newCondition, writtenSoFar } from '../src/data/rule-draft.ts'
import type { RuleNames } from '../src/data/rule-names.ts'
import { ruleWords } from '../src/data/rule-words.ts'
import { openLanguage } from '../src/i18n.ts'
import { matching } from '../src/pages/composer/macro-picker.tsx'
import { wordsIn } from '../src/pages/settings/rules/comma-field.tsx'

const payments = { value: '3', label: 'Payments' }
const names: RuleNames = {
  choices: (field) => (field === 'team' ? [{ value: 'none', label: 'None' }, payments] : null),
  teams: [payments],
  agents: [{ value: '7', label: 'Ann' }],
  topics: [{ value: '4', label: 'Deposits' }],
  policies: [{ value: '5', label: 'VIP' }],
  macros: [],
}
const english = async () => ruleWords((await openLanguage('en')).t, 'en', names)

test('a rule is read as a person would say it', async () => {
  const words = await english()
  const said = words.conditions({
    match: 'any',
    groups: [
      {
        match: 'all',
        conditions: [
          { field: 'text', words: ['deposit', '充值'] },
          { field: 'team', in: ['3', '99', 'none'], not: true },
        ],
      },
      {
        match: 'any',
        conditions: [
          { field: 'messageCount', atLeast: 2, atMost: 5 },
          { field: 'vip', in: ['no'], not: true },
          { field: 'attribute', name: 'plan', not: true },
        ],
      },
    ],
  })
  expect(said).toBe(
    '(Message contains “deposit” or “充值” and Team not Payments, something that is gone, or None) or ' +
      '(Number of messages: 2 to 5 or the customer is a VIP or “plan” is not known)',
  )
  expect(words.event({ kind: 'change', of: ['status', 'tags'] })).toBe(
    'When a colleague changes the status or the tags',
  )
  const actions = [
    { type: 'team' as const, teamId: '3' },
    { type: 'notify' as const, agentIds: ['7', '8'], teamId: '3' },
    { type: 'vip' as const, vip: false },
    { type: 'topic' as const, topicId: '4' },
    { type: 'policy' as const, policyId: '5' },
  ]
  expect(words.actions(actions)).toBe(
    'give to Payments · tell Ann, something that is gone, & Payments · no longer a VIP · set the topic Deposits · response times “VIP”',
  )
  expect(words.conditions({ match: 'all', groups: [] })).toBeNull()
})

test('a draft becomes the rule it was made of; rows that say nothing yet are not tried', () => {
  const written = {
    ...bodyOf({ ...emptyDraft(), name: ' x ', groups: [], actions: [keyed({ type: 'vip', vip: true } as const)] }),
    id: '1',
    missing: [],
    updatedAt: '',
  }
  expect(bodyOf(draftOf(written))).toMatchObject({
    name: 'x',
    conditions: { match: 'all', groups: [] },
    actions: [{ type: 'vip' }],
  })
  const [group] = emptyDraft().groups
  if (!group) throw new Error('no block')
  const half = {
    ...group,
    conditions: [newCondition('text'), newCondition('attribute'), newCondition('inbox'), newCondition('queue')].map(
      keyed,
    ),
  }
  const tried = writtenSoFar({
    ...emptyDraft(),
    groups: [half],
    actions: [keyed({ type: 'team', teamId: '' } as const)],
  })
  expect(tried.conditions.groups).toEqual([{ match: 'all', conditions: [{ field: 'queue', atLeast: 1 }] }])
  expect(tried.actions).toEqual([])
})

test('rules move by one place, and not past the ends', () => {
  const list = ['1', '2', '3'].map((id) => ({ id }))
  const ids = (rules: { id: string }[]) => rules.map(({ id }) => id).join('')
  expect([
    ids(moved(list, '3', -1)),
    ids(moved(list, '1', 1)),
    ids(moved(list, '1', -1)),
    ids(moved(list, '3', 1)),
    ids(moved(list, '9', 1)),
  ]).toEqual(['132', '213', '123', '123', '123'])
})

test('words are told apart by commas of any kind', () => {
  expect(wordsIn(' deposit, 充值，入金、 deposit ,, card payment')).toEqual(['deposit', '充值', '入金', 'card payment'])
})

test('macros are found by name before they are found by words, the most used first', () => {
  const macro = (name: string, text: string, used: number): Macro => ({
    ...{ id: name, name, text, used, actions: [], visibleTo: 'all', teamId: null, missing: [], yours: true },
    lastUsedAt: null,
  })
  const list = [
    macro('Close', 'ask for the deposit', 9),
    macro('My deposit', '', 1),
    macro('Deposit late', '', 2),
    macro('Deposit sent', '', 5),
  ]
  expect(matching(list, 'depo').map(({ name }) => name)).toEqual([
    'Deposit sent',
    'Deposit late',
    'My deposit',
    'Close',
  ])
  expect(matching(list, 'none of these')).toEqual([])
})
