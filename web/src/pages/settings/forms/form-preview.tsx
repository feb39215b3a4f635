import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField, TextArea, TextField } from '../../../components/field.tsx'
import type { Field, FieldDraft } from '../../../data/form-draft.ts'
import { labelFor } from '../../../data/forms.ts'

interface FormPreviewProps {
  name: string
  fields: readonly FieldDraft[]
  locale: string
}

/** As customers will be asked; fields that hang on another come and go. */
export function FormPreview({ name, fields, locale }: FormPreviewProps) {
  const { t } = useTranslation()
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({})
  const asked = new Set<string>()
  const shown = fields.filter(({ value: { key, when } }) => {
    if (when && !(asked.has(when.field) && when.is.includes(answers[when.field] ?? ''))) return false
    asked.add(key)
    return true
  })
  return (
    <section
      aria-label={t('forms.preview')}
      className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-4 xl:sticky xl:top-6"
    >
      <h2 className="text-xs text-faint">{t('forms.preview')}</h2>
      <p className="font-semibold">{name}</p>
      {shown.map(({ uid, value }) => (
        <Asked
          key={uid}
          field={value}
          locale={locale}
          answer={answers[value.key] ?? ''}
          onAnswer={(answer) => setAnswers({ ...answers, [value.key]: answer })}
        />
      ))}
    </section>
  )
}

interface AskedProps {
  field: Field
  locale: string
  answer: string
  onAnswer: (answer: string) => void
}

function Asked({ field, locale, answer, onAnswer }: AskedProps) {
  const { t } = useTranslation()
  const label = labelFor(field.labels, locale) || t('forms.untitled')
  const help = [labelFor(field.hint ?? {}, locale), field.required ? '' : t('forms.optional')]
    .filter(Boolean)
    .join(' · ')
  const around = { label, ...(help && { help }), value: answer }
  if (field.options) {
    const choices = field.options.map(({ value, labels }) => ({ value, label: labelFor(labels, locale) || value }))
    const options = [{ value: '', label: t('forms.choose') }, ...choices]
    return <SelectField {...around} options={options} onChange={({ target: { value } }) => onAnswer(value)} />
  }
  if (field.kind === 'text') {
    return <TextArea {...around} rows={2} onChange={({ target: { value } }) => onAnswer(value)} />
  }
  return <TextField {...around} onChange={({ target: { value } }) => onAnswer(value)} />
}
