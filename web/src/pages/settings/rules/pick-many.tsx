import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { SelectField } from '../../../components/field.tsx'
import type { Choice } from '../../../data/rule-names.ts'

interface PickManyProps {
  label: string
  choices: readonly Choice[]
  values: readonly string[]
  onChange: (values: string[]) => void
}

/** Chosen values as chips, the others in a list: the same with mouse, keyboard and thumb. */
export function PickMany({ label, choices, values, onChange }: PickManyProps) {
  const { t } = useTranslation()
  const left = choices.filter(({ value }) => !values.includes(value))
  const prompt = { value: '', label: t(values.length > 0 ? 'rules.pickMore' : 'rules.pick') }
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1.5">
      {values.length > 0 ? (
        <ul aria-label={label} className="flex flex-wrap gap-1">
          {values.map((value) => {
            const name = choices.find((choice) => choice.value === value)?.label ?? t('rules.value.gone')
            return (
              <li key={value} className="flex h-7 items-center rounded-full bg-pressed pl-2.5 text-xs touch:h-9">
                <span className="max-w-48 truncate">{name}</span>
                <button
                  type="button"
                  aria-label={t('rules.removeValue', { name })}
                  className="inline-flex size-7 items-center justify-center rounded-full text-soft hover:text-text touch:size-9"
                  onClick={() => onChange(values.filter((one) => one !== value))}
                >
                  <X className="size-3" />
                </button>
              </li>
            )
          })}
        </ul>
      ) : null}
      {left.length > 0 ? (
        <SelectField
          label={label}
          hideLabel
          value=""
          options={[prompt, ...left]}
          onChange={(event) => event.target.value !== '' && onChange([...values, event.target.value])}
        />
      ) : null}
    </div>
  )
}
