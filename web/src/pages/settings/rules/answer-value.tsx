import { useTranslation } from 'react-i18next'
import type { Condition } from '../../../../../src/wire/rule-condition.ts'
import { SelectField, TextField } from '../../../components/field.tsx'
import { labelFor, useForms } from '../../../data/forms.ts'
import { CommaField } from './comma-field.tsx'
import { Operator } from './operator.tsx'
import { PickMany } from './pick-many.tsx'

type OfAnswer = Extract<Condition, { field: 'answer' }>
const operators = [
  ...(['is', 'isNot', 'contains', 'containsNot'] as const),
  ...(['matches', 'matchesNot', 'isKnown', 'isNotKnown'] as const),
]

export function AnswerValue({ condition, onChange }: { condition: OfAnswer; onChange: (next: Condition) => void }) {
  const { t, i18n } = useTranslation()
  const fields = useForms().flatMap((form) => form.fields)
  const names = new Map(fields.map((field) => [field.key, labelFor(field.labels, i18n.language)]))
  const { key, in: values, words, pattern } = condition
  if (key !== '' && !names.has(key)) names.set(key, key)
  const choices = fields.find((field) => field.key === key)?.options
  return (
    <>
      <SelectField
        label={t('rules.answerKey')}
        hideLabel
        className="min-w-0 flex-1"
        value={key}
        options={[
          { value: '', label: t('rules.answerKey') },
          ...[...names].map(([value, label]) => ({ value, label })),
        ]}
        onChange={({ target }) => onChange({ field: 'answer', key: target.value, in: [] })}
      />
      <Operator
        value={operatorOf(condition)}
        options={operators}
        onChange={(next) => onChange(changed(condition, next))}
      />
      {values && choices ? (
        <PickMany
          label={t('rules.values')}
          choices={choices.map(({ value, labels }) => ({ value, label: labelFor(labels, i18n.language) }))}
          values={values}
          onChange={(next) => onChange({ ...condition, in: next })}
        />
      ) : null}
      {values && !choices ? (
        <CommaField
          label={t('rules.values')}
          values={values}
          onChange={(next) => onChange({ ...condition, in: next })}
        />
      ) : null}
      {words ? (
        <CommaField
          label={t('rules.words')}
          values={words}
          onChange={(next) => onChange({ ...condition, words: next })}
        />
      ) : null}
      {pattern === undefined ? null : (
        <TextField
          label={t('rules.matches')}
          hideLabel
          className="min-w-0 flex-1 font-mono"
          spellCheck={false}
          maxLength={500}
          value={pattern}
          onChange={({ target }) => onChange({ ...condition, pattern: target.value })}
        />
      )}
    </>
  )
}

function operatorOf({ in: values, words, pattern, not = false }: OfAnswer): (typeof operators)[number] {
  if (values) return not ? 'isNot' : 'is'
  if (words) return not ? 'containsNot' : 'contains'
  if (pattern !== undefined) return not ? 'matchesNot' : 'matches'
  return not ? 'isNotKnown' : 'isKnown'
}

function changed({ key, in: values, words, pattern }: OfAnswer, next: (typeof operators)[number]): OfAnswer {
  const same = { field: 'answer' as const, key, not: next.endsWith('Not') || next === 'isNotKnown' }
  if (next.endsWith('Known')) return same
  if (next.startsWith('matches')) return { ...same, pattern: pattern ?? '' }
  return next.startsWith('contains') ? { ...same, words: words ?? [] } : { ...same, in: values ?? [] }
}
