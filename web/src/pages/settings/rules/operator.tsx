import { useTranslation } from 'react-i18next'
import { SelectField } from '../../../components/field.tsx'

const operators = ['is', 'isNot', 'isKnown', 'isNotKnown', 'contains', 'containsNot', 'matches', 'matchesNot'] as const
type OperatorName = (typeof operators)[number]

export function Operator<T extends OperatorName>({
  value,
  options,
  onChange,
}: {
  value: T
  options: readonly T[]
  onChange: (value: T) => void
}) {
  const { t } = useTranslation()
  return (
    <SelectField
      label={t('rules.is')}
      hideLabel
      className="w-40 shrink-0"
      value={value}
      options={options.map((name) => ({ value: name, label: t(`rules.${name as OperatorName}`) }))}
      onChange={(event) => onChange(event.target.value as T)}
    />
  )
}
