import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'
import { useId } from 'react'
import { cx } from './cx.ts'

const box =
  'w-full rounded border border-control-line bg-raised px-2.5 text-base text-text transition-colors duration-100 aria-invalid:border-danger disabled:opacity-60'

interface Around {
  label: string
  /** For screen readers only: what stands around it says it to everybody else. */
  hideLabel?: boolean
  help?: ReactNode
  error?: string | undefined
  className?: string
}

interface FieldProps extends Around {
  children: (ids: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }) => ReactNode
}

/** A label, a control and what is wrong with it, tied together for screen readers. */
export function Field({ label, hideLabel = false, help, error, className, children }: FieldProps) {
  const id = useId()
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined
  return (
    <div className={cx('flex flex-col gap-1', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-sm font-medium'}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {help ? (
        <p id={`${id}-help`} className="text-xs text-faint">
          {help}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
    </div>
  )
}

export function TextField({
  label,
  hideLabel = false,
  help,
  error,
  className,
  ...input
}: Around & Omit<InputHTMLAttributes<HTMLInputElement>, 'className'>) {
  return (
    <Field label={label} hideLabel={hideLabel} help={help} error={error} {...(className ? { className } : {})}>
      {(ids) => <input {...ids} className={cx(box, 'h-9 touch:h-11')} {...input} />}
    </Field>
  )
}

export function TextArea({
  label,
  hideLabel = false,
  help,
  error,
  className,
  ...input
}: Around & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className'>) {
  return (
    <Field label={label} hideLabel={hideLabel} help={help} error={error} {...(className ? { className } : {})}>
      {(ids) => <textarea {...ids} className={cx(box, 'py-2')} rows={3} {...input} />}
    </Field>
  )
}

export function SelectField({
  label,
  hideLabel = false,
  help,
  error,
  className,
  options,
  ...select
}: Around &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'className'> & {
    options: readonly { value: string; label: string }[]
  }) {
  return (
    <Field label={label} hideLabel={hideLabel} help={help} error={error} {...(className ? { className } : {})}>
      {(ids) => (
        <select {...ids} className={cx(box, 'h-9 touch:h-11')} {...select}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function CheckField({
  label,
  help,
  ...input
}: { label: string; help?: ReactNode } & Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'type'>) {
  const id = useId()
  return (
    <div className="flex items-start gap-2.5 py-1">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-accent touch:size-6"
        aria-describedby={help ? `${id}-help` : undefined}
        {...input}
      />
      <div>
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {help ? (
          <p id={`${id}-help`} className="text-xs text-faint">
            {help}
          </p>
        ) : null}
      </div>
    </div>
  )
}
