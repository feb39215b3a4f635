import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../components/button.tsx'
import { CheckField, SelectField, TextField } from '../../../components/field.tsx'
import { localeName } from '../../../data/articles.ts'
import { type Field, keyFrom, withKind } from '../../../data/form-draft.ts'
import { labelFor } from '../../../data/forms.ts'
import { OptionRows } from './option-rows.tsx'
import { WhenFields } from './when-fields.tsx'

const kinds = ['text', 'choice', 'number', 'transactionId', 'address'] as const
const formats = ['any', 'bitcoin', 'ethereum', 'tron', 'solana'] as const

interface FieldCardProps {
  field: Field
  /** Those it may hang on. */
  before: readonly Field[]
  locale: string
  error: string | undefined
  onChange: (field: Field) => void
  onMove: (by: 1 | -1) => void
  onRemove: () => void
}

export function FieldCard({ field, before, locale, error, onChange, onMove, onRemove }: FieldCardProps) {
  const { t } = useTranslation()
  const title = labelFor(field.labels, locale) || t('forms.untitled')
  const hasFormat = field.kind === 'transactionId' || field.kind === 'address'
  const names = { locale: localeName(locale) }
  return (
    <fieldset aria-label={title} className="flex min-w-0 flex-col gap-3 rounded-lg border border-line p-4">
      <div className="flex items-center gap-1">
        <span className="min-w-0 flex-1 truncate text-sm font-semibold">{title}</span>
        <IconButton label={t('forms.up', { field: title })} onClick={() => onMove(-1)}>
          <ArrowUp className="size-4" />
        </IconButton>
        <IconButton label={t('forms.down', { field: title })} onClick={() => onMove(1)}>
          <ArrowDown className="size-4" />
        </IconButton>
        <IconButton label={t('forms.remove', { field: title })} onClick={onRemove}>
          <Trash2 className="size-4" />
        </IconButton>
      </div>
      <TextField
        label={t('forms.label', names)}
        maxLength={200}
        value={field.labels[locale] ?? ''}
        onChange={({ target: { value } }) => onChange({ ...field, labels: { ...field.labels, [locale]: value } })}
        onBlur={({ target: { value } }) => onChange({ ...field, key: keyFrom(value, field.key) })}
      />
      <TextField
        label={t('forms.hint', names)}
        maxLength={200}
        value={field.hint?.[locale] ?? ''}
        onChange={({ target: { value } }) => onChange({ ...field, hint: { ...field.hint, [locale]: value } })}
      />
      <div className="flex gap-3 narrow:flex-col [&>*]:flex-1">
        <SelectField
          label={t('forms.kind')}
          value={field.kind}
          options={kinds.map((kind) => ({ value: kind, label: t(`forms.kinds.${kind}`) }))}
          onChange={({ target: { value } }) => onChange(withKind(field, value as Field['kind']))}
        />
        {hasFormat ? (
          <SelectField
            label={t('forms.format')}
            value={field.format ?? 'any'}
            options={formats.map((format) => ({ value: format, label: t(`forms.formats.${format}`) }))}
            onChange={({ target: { value } }) => onChange({ ...field, format: value as (typeof formats)[number] })}
          />
        ) : null}
        <TextField
          label={t('forms.key')}
          help={t('forms.keyHelp')}
          className="font-mono"
          maxLength={60}
          spellCheck={false}
          value={field.key}
          onChange={({ target: { value } }) => onChange({ ...field, key: value })}
        />
      </div>
      {field.options ? (
        <OptionRows options={field.options} locale={locale} onChange={(options) => onChange({ ...field, options })} />
      ) : null}
      <CheckField
        label={t('forms.required')}
        checked={field.required}
        onChange={({ target: { checked } }) => onChange({ ...field, required: checked })}
      />
      {before.length > 0 ? <WhenFields field={field} before={before} locale={locale} onChange={onChange} /> : null}
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}
