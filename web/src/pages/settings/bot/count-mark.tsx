import { useTranslation } from 'react-i18next'
import { mostSuggestions } from '../../../data/bot.ts'

export function CountMark({ count }: { count: number }) {
  const { t } = useTranslation()
  if (count === 0) return null
  return (
    <span className="relative rounded-full bg-accent-soft px-1.5 text-xs text-accent-text tabular-nums">
      <span aria-hidden="true">{count >= mostSuggestions ? `${mostSuggestions}+` : count}</span>
      <span className="sr-only">{t('botPage.openReview', { count })}</span>
    </span>
  )
}
