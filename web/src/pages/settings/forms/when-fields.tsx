import { useTranslation } from 'react-i18next'
import { SelectField } from '../../../components/field.tsx'
import type { Field } from '../../../data/form-draft.ts'
import { labelFor } from '../../../data/forms.ts'
import { CommaField } from '../rules/comma-field.tsx'
import { PickMany } from '../rules/pick-many.tsx'

interface WhenFieldsProps {
  field: Field
  before: readonly Field[]
  locale: string
  onChange: (field: Field) => void
}

/** On which earlier answer it hangs. */
export function WhenFields({ field, before, locale, onChange }: WhenFieldsProps) {
  const { t } = useTranslation()
  const { when } = field
  const asked = before.find(({ key }) => key === when?.field)
  const put = (is: string[]) => when && onChange({ ...field, when: { ...when, is } })
  return (
    <div className="flex items-end gap-3 narrow:flex-col narrow:items-stretch [&>*]:min-w-0 [&>*]:flex-1">
      <SelectField
        label={t('forms.when')}
        value={when?.field ?? ''}
        options={[
          { value: '', label: t('forms.always') },
          ...before.map(({ key, labels }) => ({
            value: key,
            label: t('forms.whenField', { field: labelFor(labels, locale) || key }),
          })),
        ]}
        onChange={({ target: { value } }) => {
          const { when: _old, ...rest } = field
          onChange(value === '' ? rest : { ...rest, when: { field: value, is: [] } })
        }}
      />
      {when && asked?.options ? (
        <PickMany
          label={t('forms.whenIs')}
          choices={asked.options.map(({ value, labels }) => ({ value, label: labelFor(labels, locale) || value }))}
          values={when.is}
          onChange={put}
        />
      ) : null}
      {when && !asked?.options ? <CommaField label={t('forms.whenIs')} values={when.is} onChange={put} /> : null}
    </div>
  )
}
