import { type Condition, noValue } from './rule.ts'
import { attributeOf, type RuleFacts } from './rule-facts.ts'
import { containsWord, folded, searched } from './rule-words.ts'

/** Does this pattern stand in the text? null: the pattern is no pattern. */
export type PatternTest = (pattern: string, text: string) => boolean | null

/** What one condition came to, with what it saw. */
export interface ConditionResult {
  readonly condition: Condition
  readonly ok: boolean
  /** False: nobody knows the answer, so it counts as not held, negated or not. */
  readonly known: boolean
  /** The values it looked at; of a text the words that were found. */
  readonly found: readonly string[]
}

interface Finding {
  readonly holds: boolean
  readonly found: readonly string[]
}

export function checkCondition(condition: Condition, facts: RuleFacts, test: PatternTest): ConditionResult {
  const finding = findingOf(condition, facts, test)
  if (finding === null) return { condition, ok: false, known: false, found: [] }
  return { condition, ok: finding.holds !== (condition.not === true), known: true, found: finding.found }
}

/** null: not known. */
function findingOf(condition: Condition, facts: RuleFacts, test: PatternTest): Finding | null {
  switch (condition.field) {
    case 'attribute':
      return attributeFinding(condition, facts)
    case 'answer':
      return answerFinding(condition, facts, test)
    case 'text':
    case 'subject':
      return textFinding(condition, facts, test)
    case 'queue':
    case 'waitingMinutes':
    case 'messageCount':
      return numberFinding(condition, facts)
    default:
      return oneOf(condition.in, facts.choices[condition.field])
  }
}

function textFinding(
  { field, words = [], pattern }: Extract<Condition, { field: 'text' | 'subject' }>,
  facts: RuleFacts,
  test: PatternTest,
): Finding | null {
  const text = facts.texts[field]
  if (text === null) return null
  const found = words.filter((word) => containsWord(text, word))
  if (found.length > 0 || pattern === undefined) return { holds: found.length > 0, found }
  const holds = test(pattern, text.raw)
  return holds === null ? null : { holds, found }
}

function numberFinding(
  condition: Extract<Condition, { field: 'queue' | 'waitingMinutes' | 'messageCount' }>,
  facts: RuleFacts,
): Finding | null {
  const { field, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = condition
  const value = field === 'queue' ? queueLength(condition.teamId, facts) : facts.numbers[field]
  if (value === null) return null
  return { holds: value >= atLeast && value <= atMost, found: [String(Math.floor(value))] }
}

function queueLength(teamId: string | undefined, facts: RuleFacts): number | null {
  const team = teamId ?? facts.choices.team?.[0]
  return team === undefined ? null : facts.queueOf(team)
}

function attributeFinding(
  { name, in: wanted }: Extract<Condition, { field: 'attribute' }>,
  facts: RuleFacts,
): Finding | null {
  const values = attributeOf(facts, name) ?? []
  if (wanted === undefined) return { holds: values.length > 0, found: values }
  const same = new Set(wanted.map(folded))
  return { holds: values.some((value) => same.has(folded(value))), found: values }
}

function answerFinding(
  { key, in: wanted, words, pattern }: Extract<Condition, { field: 'answer' }>,
  { answers }: RuleFacts,
  test: PatternTest,
): Finding | null {
  const value = Object.hasOwn(answers, key) ? answers[key] : undefined
  if (value === undefined) return { holds: false, found: [] }
  const found = [value]
  if (wanted?.some((one) => folded(one) === folded(value))) return { holds: true, found }
  const text = searched(value)
  if (words?.some((word) => containsWord(text, word))) return { holds: true, found }
  if (pattern === undefined) return { holds: wanted === undefined && words === undefined, found }
  const holds = test(pattern, text.raw)
  return holds === null ? null : { holds, found }
}

function oneOf(wanted: readonly string[], values: readonly string[] | null): Finding | null {
  if (values === null) return null
  const holds = values.length === 0 ? wanted.includes(noValue) : values.some((value) => wanted.includes(value))
  return { holds, found: values }
}
