import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from './cx.ts'

const looks = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong disabled:hover:bg-accent font-medium',
  plain: 'border border-line-strong bg-raised hover:bg-hover active:bg-pressed',
  quiet: 'hover:bg-hover active:bg-pressed text-soft hover:text-text',
  quietDanger: 'text-danger hover:bg-danger-soft',
  danger: 'bg-danger-fill text-white font-medium hover:brightness-110',
  note: 'bg-note-fill text-note-text hover:brightness-105 font-medium',
} as const

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks
  ref?: Ref<HTMLButtonElement>
  busy?: boolean
}

export function Button({ look = 'plain', busy = false, className, type = 'button', disabled, ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={cx(
        'inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded px-3 text-sm whitespace-nowrap transition-colors duration-100 touch:h-11',
        'disabled:cursor-default disabled:opacity-55',
        looks[look],
        className,
      )}
      {...rest}
    />
  )
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Read by screen readers and shown on hover. */
  label: string
  hint?: string | undefined
  ref?: Ref<HTMLButtonElement>
  children: ReactNode
}

export function IconButton({ label, hint, className, type = 'button', children, ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={hint ? `${label} (${hint})` : label}
      className={cx(
        'inline-flex size-8 shrink-0 items-center justify-center rounded text-soft transition-colors duration-100',
        'hover:bg-hover hover:text-text active:bg-pressed disabled:cursor-default disabled:opacity-50 touch:size-11',
        'data-[state=open]:bg-pressed data-[state=open]:text-text',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  )
}
