import { CircleAlert, Timer } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Due } from '../../../src/wire/sla-policy.ts'
import { dueState } from '../data/due.ts'
import { fullTime } from '../data/time.ts'
import { cx } from './cx.ts'
import { useNow } from './use-now.ts'

/** What is promised next, in words; late and soon differ by icon and words, not by colour alone. */
export function DueSign({ due, iconOnly = false }: { due: Due | null; iconOnly?: boolean }) {
  const { t, i18n } = useTranslation()
  const now = useNow(10_000)
  if (due === null) return null
  const { late, soon, time } = dueState(due, now, i18n.language)
  const Icon = late ? CircleAlert : Timer
  const words = t(`due.${due.kind}.${late ? 'late' : 'in'}`, { time })
  return (
    <span
      title={`${words} · ${fullTime(due.at, i18n.language)}`}
      className={cx(
        'inline-flex shrink-0 items-center gap-1 text-xs',
        late ? 'font-medium text-danger' : soon ? 'font-medium text-warning' : 'text-soft',
      )}
    >
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
      <span className={iconOnly ? 'sr-only' : ''}>{words}</span>
    </span>
  )
}
