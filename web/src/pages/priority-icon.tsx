import { ChevronDown, ChevronsUp, ChevronUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Priority } from '../../../src/wire/conversation.ts'

const icons = {
  low: [ChevronDown, 'text-faint'],
  high: [ChevronUp, 'text-warning'],
  urgent: [ChevronsUp, 'text-danger'],
} as const

/** Nothing for "normal": what is usual needs no mark. */
export function PriorityIcon({ priority }: { priority: Priority }) {
  const { t } = useTranslation()
  if (priority === 'normal') return null
  const [Icon, color] = icons[priority]
  return (
    <span
      role="img"
      aria-label={t(`priority.${priority}`)}
      title={t(`priority.${priority}`)}
      className={`inline-flex ${color}`}
    >
      <Icon className="size-4" />
    </span>
  )
}
