import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../../components/button.tsx'
import { SelectField, TextField } from '../../../components/field.tsx'
import { localeName } from '../../../data/articles.ts'
import { keyFrom, newOption, type Option } from '../../../data/form-draft.ts'

const priorities = ['low', 'normal', 'high', 'urgent'] as const

interface OptionRowsProps {
  options: readonly Option[]
  locale: string
  onChange: (options: Option[]) => void
}

/** What can be chosen, and what a case needs whose customer chose it. */
export function OptionRows({ options, locale, onChange }: OptionRowsProps) {
  const { t } = useTranslation()
  const put = (at: number, next: Option) => onChange(options.map((one, n) => (n === at ? next : one)))
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">{t('forms.options')}</p>
      <ul className="flex flex-col gap-2">
        {options.map((option, at) => (
          <li key={`option ${String(at)}`} className="flex items-start gap-2">
            <TextField
              label={t('forms.option', { number: at + 1, locale: localeName(locale) })}
              hideLabel
              className="min-w-0 flex-1"
              maxLength={200}
              placeholder={t('forms.option', { number: at + 1, locale: localeName(locale) })}
              value={option.labels[locale] ?? ''}
              onChange={({ target: { value } }) =>
                put(at, { ...option, labels: { ...option.labels, [locale]: value } })
              }
              onBlur={({ target: { value } }) => put(at, { ...option, value: keyFrom(value, option.value) })}
            />
            <SelectField
              label={t('forms.optionPriority')}
              hideLabel
              className="w-36 shrink-0"
              value={String(option.priority ?? '')}
              options={[
                { value: '', label: t('forms.noPriority') },
                ...priorities.map((name, n) => ({ value: String(n + 1), label: t(`priority.${name}`) })),
              ]}
              onChange={({ target: { value } }) => {
                const { priority: _old, ...rest } = option
                put(at, value === '' ? rest : { ...rest, priority: Number(value) })
              }}
            />
            <IconButton
              label={t('forms.removeOption', { number: at + 1 })}
              disabled={options.length === 1}
              onClick={() => onChange(options.filter((_, n) => n !== at))}
            >
              <X className="size-4" />
            </IconButton>
          </li>
        ))}
      </ul>
      {options.length < 30 ? (
        <Button look="quiet" className="self-start" onClick={() => onChange([...options, newOption(options)])}>
          <Plus className="size-4" />
          {t('forms.addOption')}
        </Button>
      ) : null}
    </div>
  )
}
