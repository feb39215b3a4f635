import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type FormField, valueAt } from '../../data/settings-form.ts'

interface FieldGroupProps {
  field: FormField
  values: Readonly<Record<string, unknown>>
  problems: Readonly<Record<string, string>>
  /** What is wrong with the group as a whole. */
  error: string | undefined
  children: ReactNode
}

/** Settings that belong together, under their name; folded away where they may be left out and nothing is in them. */
export function FieldGroup({ field, values, problems, error, children }: FieldGroupProps) {
  const { t } = useTranslation()
  const { label, help, path, required } = field
  const [open, setOpen] = useState(valueAt(values, path) !== undefined)
  if (!open && hasProblem(problems, path)) setOpen(true)
  const inside = (
    <>
      {help ? <p className="text-xs text-faint">{help}</p> : null}
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
      {children}
    </>
  )
  if (required)
    return (
      <fieldset className="flex min-w-0 flex-col gap-4 rounded-lg border border-line p-4 pt-3">
        <legend className="px-1 text-sm font-semibold">{label}</legend>
        {inside}
      </fieldset>
    )
  return (
    <details
      className="group/fold min-w-0 rounded-lg border border-line"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex min-h-10 items-center gap-1.5 px-3 text-sm font-semibold touch:min-h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden="true" className="size-4 transition-transform group-open/fold:rotate-90" />
        {t('form.optional', { label })}
      </summary>
      <fieldset aria-label={label} className="flex min-w-0 flex-col gap-4 p-4 pt-1">
        {inside}
      </fieldset>
    </details>
  )
}

/** Of the field itself or of anything in it. */
export function hasProblem(problems: Readonly<Record<string, string>>, path: string): boolean {
  return Object.keys(problems).some((field) => `${field.replace(/^settings\./, '')}.`.startsWith(`${path}.`))
}
