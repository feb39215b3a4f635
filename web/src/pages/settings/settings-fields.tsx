import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CheckField, SelectField, TextArea, TextField } from '../../components/field.tsx'
import { type FormField, isShown, problemAt, valueAt, withValue } from '../../data/settings-form.ts'
import { FieldGroup, hasProblem } from './field-group.tsx'
import { InboxField } from './inbox-field.tsx'
import { LongText } from './long-text.tsx'

type Values = Readonly<Record<string, unknown>>

export interface SettingsFieldsProps {
  fields: readonly FormField[]
  values: Values
  problems: Readonly<Record<string, string>>
  onChange: (next: Values) => void
}

/** A form drawn from what the channel says about its settings; no channel has a form of its own. */
export function SettingsFields({ fields, values, problems, onChange }: SettingsFieldsProps) {
  return fields
    .filter((field) => isShown(field, values))
    .map((field) => <OneField key={field.path} field={field} values={values} problems={problems} onChange={onChange} />)
}

function OneField({ field, values, problems, onChange }: Omit<SettingsFieldsProps, 'fields'> & { field: FormField }) {
  const { t } = useTranslation()
  const value = valueAt(values, field.path)
  const set = (next: unknown) => onChange(withValue(values, field.path, next === '' ? undefined : next))
  const error = problemAt(problems, field.path)
  const around = {
    // What holds by itself need not be called optional.
    label: field.required || (field.initial ?? '') !== '' ? field.label : t('form.optional', { label: field.label }),
    help: field.help,
    error,
  }
  switch (field.kind) {
    case 'check':
      return (
        <CheckField
          label={field.label}
          help={field.help}
          checked={(value ?? field.initial) === true}
          onChange={(event) => set(event.target.checked)}
        />
      )
    case 'choice': {
      const chosen = value ?? field.initial
      const empty = chosen === undefined ? [{ value: '', label: t('form.choose') }] : []
      return (
        <SelectField
          {...around}
          options={[...empty, ...field.options]}
          value={String(chosen ?? '')}
          onChange={(event) => set(event.target.value)}
        />
      )
    }
    case 'number':
      return (
        <TextField
          {...around}
          type="number"
          min={field.min}
          max={field.max}
          placeholder={field.initial === undefined ? undefined : String(field.initial)}
          value={value === undefined || value === null ? '' : String(value)}
          onChange={(event) => set(event.target.value === '' ? undefined : Number(event.target.value))}
        />
      )
    case 'lines':
      return (
        <TextArea
          {...around}
          help={field.help ?? t('form.onePerLine')}
          value={Array.isArray(value) ? value.join('\n') : ''}
          onChange={(event) => set(event.target.value === '' ? [] : event.target.value.split('\n'))}
        />
      )
    case 'inbox':
      return <InboxField {...around} value={value} onChange={(id) => onChange(withValue(values, field.path, id))} />
    case 'group':
      return (
        <FieldGroup field={field} values={values} problems={problems} error={error}>
          <SettingsFields fields={field.fields} values={values} problems={problems} onChange={onChange} />
        </FieldGroup>
      )
    case 'json':
      return <JsonField {...around} value={value} onChange={set} />
    case 'text':
      if (field.multiline) return <LongText {...around} secret={field.secret} value={value} onChange={set} />
      return (
        <TextField
          {...around}
          type={field.input}
          placeholder={typeof field.initial === 'string' ? field.initial : undefined}
          value={typeof value === 'string' ? value : ''}
          autoComplete={field.secret ? 'new-password' : 'off'}
          spellCheck={false}
          onFocus={(event) => field.secret && event.target.select()}
          onChange={(event) => set(event.target.value)}
        />
      )
    default:
      return field satisfies never
  }
}

interface JsonFieldProps {
  label: string
  help?: string | undefined
  error?: string | undefined
  value: unknown
  onChange: (value: unknown) => void
}

function JsonField({ label, help, error, value, onChange }: JsonFieldProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2))
  const [broken, setBroken] = useState(false)
  const take = (next: string) => {
    setText(next)
    try {
      onChange(next.trim() === '' ? undefined : JSON.parse(next))
      setBroken(false)
    } catch {
      setBroken(true)
    }
  }
  return (
    <TextArea
      label={label}
      help={help}
      error={error ?? (broken ? t('form.badJson') : undefined)}
      value={text}
      spellCheck={false}
      onChange={(event) => take(event.target.value)}
    />
  )
}

export function MoreFields(props: SettingsFieldsProps) {
  const { t } = useTranslation()
  const wrong = props.fields.some((field) => hasProblem(props.problems, field.path))
  if (props.fields.length === 0) return null
  return (
    <details className="group rounded-lg border border-line" open={wrong || undefined}>
      <summary className="flex h-10 items-center gap-1.5 px-3 text-sm text-soft [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" />
        {t('form.more')}
      </summary>
      <div className="flex flex-col gap-4 p-4 pt-1">
        <SettingsFields {...props} />
      </div>
    </details>
  )
}
