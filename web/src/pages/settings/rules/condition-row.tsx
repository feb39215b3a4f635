import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Condition } from '../../../../../src/wire/rule-condition.ts'
import { IconButton } from '../../../components/button.tsx'
import { SelectField, TextField } from '../../../components/field.tsx'
import { type Field, fields, newCondition } from '../../../data/rule-draft.ts'
import { type RuleNames, useRuleNames } from '../../../data/rule-names.ts'
import { AnswerValue } from './answer-value.tsx'
import { CommaField } from './comma-field.tsx'
import { Operator } from './operator.tsx'
import { PickMany } from './pick-many.tsx'

interface ConditionRowProps {
  condition: Condition
  error?: string | undefined
  onChange: (condition: Condition) => void
  onRemove: () => void
}

export function ConditionRow({ condition, error, onChange, onRemove }: ConditionRowProps) {
  const { t } = useTranslation()
  const names = useRuleNames()
  return (
    <li className="flex flex-col gap-1">
      <div className="flex items-start gap-2 narrow:flex-wrap">
        <SelectField
          label={t('rules.conditionsTitle')}
          hideLabel
          className="w-44 shrink-0 narrow:w-[calc(100%-3.5rem)]"
          value={condition.field}
          options={fields.map((field) => ({ value: field, label: t(`rules.field.${field}`) }))}
          onChange={(event) => onChange(newCondition(event.target.value as Field))}
        />
        <div className="flex min-w-0 flex-1 items-start gap-2 narrow:order-last narrow:basis-full narrow:flex-col narrow:[&>*]:w-full">
          <Value condition={condition} names={names} onChange={onChange} />
        </div>
        <IconButton label={t('rules.removeCondition')} onClick={onRemove}>
          <X className="size-4" />
        </IconButton>
      </div>
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
    </li>
  )
}

interface ValueProps {
  condition: Condition
  names: RuleNames
  onChange: (condition: Condition) => void
}

function Value({ condition, names, onChange }: ValueProps) {
  switch (condition.field) {
    case 'answer':
      return <AnswerValue condition={condition} onChange={onChange} />
    case 'attribute':
      return <AttributeValue condition={condition} onChange={onChange} />
    case 'text':
    case 'subject':
      return <TextValue condition={condition} onChange={onChange} />
    case 'queue':
    case 'waitingMinutes':
    case 'messageCount':
      return <NumberValue condition={condition} names={names} onChange={onChange} />
    default:
      return <ChoiceValue condition={condition} names={names} onChange={onChange} />
  }
}

type OfChoice = Exclude<
  Condition,
  { field: 'answer' | 'attribute' | 'text' | 'subject' | 'queue' | 'waitingMinutes' | 'messageCount' }
>

function ChoiceValue({ condition, names, onChange }: ValueProps & { condition: OfChoice }) {
  const { t } = useTranslation()
  const choices = names.choices(condition.field)
  const put = (values: string[]) => onChange({ ...condition, in: values } as Condition)
  return (
    <>
      <Operator
        value={condition.not ? 'isNot' : 'is'}
        options={['is', 'isNot']}
        onChange={(value) => onChange({ ...condition, not: value === 'isNot' })}
      />
      {choices ? (
        <PickMany label={t('rules.values')} choices={choices} values={condition.in} onChange={put} />
      ) : (
        <CommaField label={t('rules.values')} help={t('rules.commas')} values={condition.in} onChange={put} />
      )}
    </>
  )
}

type OfText = Extract<Condition, { field: 'text' | 'subject' }>

function TextValue({ condition, onChange }: { condition: OfText; onChange: (condition: Condition) => void }) {
  const { t } = useTranslation()
  const { field, words, pattern, not = false } = condition
  const matches = pattern !== undefined
  const name = matches ? (not ? 'matchesNot' : 'matches') : not ? 'containsNot' : 'contains'
  return (
    <>
      <Operator
        value={name}
        options={['contains', 'containsNot', 'matches', 'matchesNot']}
        onChange={(next) => {
          const kept = next.startsWith('matches') ? { pattern: pattern ?? '' } : { words: words ?? [] }
          onChange({ field, ...kept, not: next.endsWith('Not') })
        }}
      />
      {matches ? (
        <TextField
          label={t('rules.matches')}
          hideLabel
          help={t('rules.patternHelp')}
          className="min-w-0 flex-1 font-mono"
          spellCheck={false}
          maxLength={500}
          value={pattern}
          onChange={(event) => onChange({ ...condition, pattern: event.target.value })}
        />
      ) : (
        <CommaField
          label={t('rules.words')}
          help={t('rules.wordsHelp')}
          values={words ?? []}
          onChange={(next) => onChange({ ...condition, words: next })}
        />
      )}
    </>
  )
}

type OfAttribute = Extract<Condition, { field: 'attribute' }>

function AttributeValue({ condition, onChange }: { condition: OfAttribute; onChange: (condition: Condition) => void }) {
  const { t } = useTranslation()
  const { name, in: values, not = false } = condition
  const known = values === undefined
  return (
    <>
      <TextField
        label={t('rules.attributeName')}
        hideLabel
        placeholder={t('rules.attributeName')}
        className="min-w-0 flex-1"
        value={name}
        maxLength={60}
        onChange={(event) => onChange({ ...condition, name: event.target.value })}
      />
      <Operator
        value={known ? (not ? 'isNotKnown' : 'isKnown') : not ? 'isNot' : 'is'}
        options={['is', 'isNot', 'isKnown', 'isNotKnown']}
        onChange={(next) => {
          const same = { field: 'attribute' as const, name, not: next === 'isNot' || next === 'isNotKnown' }
          onChange(next.endsWith('Known') ? same : { ...same, in: values ?? [] })
        }}
      />
      {known ? null : (
        <CommaField
          label={t('rules.values')}
          values={values}
          onChange={(next) => onChange({ ...condition, in: next })}
        />
      )}
    </>
  )
}

type OfNumber = Extract<Condition, { field: 'queue' | 'waitingMinutes' | 'messageCount' }>

function NumberValue({ condition, names, onChange }: ValueProps & { condition: OfNumber }) {
  const { t } = useTranslation()
  const put = (which: 'atLeast' | 'atMost', text: string) => {
    const { [which]: _old, ...rest } = condition
    onChange(text === '' ? rest : { ...rest, [which]: Math.max(0, Math.trunc(Number(text))) })
  }
  return (
    <>
      {(['atLeast', 'atMost'] as const).map((which) => (
        <TextField
          key={which}
          label={t(`rules.${which}`)}
          hideLabel
          placeholder={t(`rules.${which}`)}
          type="number"
          min={0}
          className="w-28 shrink-0"
          value={condition[which] ?? ''}
          onChange={(event) => put(which, event.target.value)}
        />
      ))}
      {condition.field === 'queue' ? (
        <SelectField
          label={t('rules.field.team')}
          hideLabel
          className="min-w-0 flex-1"
          value={condition.teamId ?? ''}
          options={[{ value: '', label: t('rules.ownTeam') }, ...names.teams]}
          onChange={({ target: { value } }) => {
            const { teamId: _old, ...rest } = condition
            onChange(value === '' ? rest : { ...rest, teamId: value })
          }}
        />
      ) : null}
    </>
  )
}
