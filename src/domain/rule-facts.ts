import type { ChangedField, ChoiceField, NumberField, TextField } from './rule.ts'
import type { SearchedText } from './rule-words.ts'

/** What set the rules off. */
export type RuleTrigger =
  | { readonly kind: 'message'; readonly first: boolean }
  | { readonly kind: 'change'; readonly of: readonly ChangedField[] }
  | { readonly kind: 'waiting'; readonly ruleId: string }
  | { readonly kind: 'due'; readonly ruleId: string }

/** Everything conditions may ask, as it was found. `null`: nobody knows. */
export interface RuleFacts {
  readonly trigger: RuleTrigger
  readonly choices: Readonly<Record<ChoiceField, readonly string[] | null>>
  readonly texts: Readonly<Record<TextField, SearchedText | null>>
  readonly numbers: Readonly<Record<Exclude<NumberField, 'queue'>, number | null>>
  /** Waiting in the queue of a team. */
  readonly queueOf: (teamId: string) => number | null
  readonly attributes: Readonly<Record<string, unknown>>
  /** Of forms, by key. */
  readonly answers: Readonly<Record<string, string>>
}

/** An attribute's value as text; what is no single value is not known. */
export function attributeOf(facts: RuleFacts, name: string): readonly string[] | null {
  const value = Object.hasOwn(facts.attributes, name) ? facts.attributes[name] : undefined
  if (value === undefined || value === null) return null
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.filter((one) => ['string', 'number', 'boolean'].includes(typeof one)).map(String)
}
