import { AlarmClock, Ban, CircleCheck, CircleDashed, CircleDot, CirclePause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Status } from '../../../src/wire/conversation.ts'

const icons = {
  open: [CircleDot, 'text-success'],
  waiting: [CircleDashed, 'text-faint'],
  onHold: [CirclePause, 'text-warning'],
  snoozed: [AlarmClock, 'text-info'],
  resolved: [CircleCheck, 'text-accent-text'],
  spam: [Ban, 'text-danger'],
} as const

export function StatusIcon({ status }: { status: Status }) {
  const { t } = useTranslation()
  const [Icon, color] = icons[status]
  return (
    <span
      role="img"
      aria-label={t(`status.${status}`)}
      title={t(`status.${status}`)}
      className={`inline-flex ${color}`}
    >
      <Icon className="size-3.5" />
    </span>
  )
}
