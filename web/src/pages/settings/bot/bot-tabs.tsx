import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { cx } from '../../../components/cx.ts'
import { useOpenSuggestions } from '../../../data/bot.ts'
import { CountMark } from './count-mark.tsx'

/** The two pages about the bot. */
export function BotTabs({ at }: { at: 'quality' | 'review' }) {
  const { t } = useTranslation()
  const open = useOpenSuggestions() ?? 0
  const look = (on: boolean) =>
    cx(
      '-mb-px flex h-10 items-center gap-2 border-b-2 px-3 text-sm touch:h-11',
      on ? 'border-accent font-medium' : 'border-transparent text-soft hover:text-text',
    )
  return (
    <nav aria-label={t('botPage.title')} className="flex gap-1 border-b border-line">
      <Link to="/settings/bot" className={look(at === 'quality')} aria-current={at === 'quality' ? 'page' : undefined}>
        {t('botPage.quality')}
      </Link>
      <Link
        to="/settings/bot/review"
        className={look(at === 'review')}
        aria-current={at === 'review' ? 'page' : undefined}
      >
        {t('botPage.review')}
        <CountMark count={open} />
      </Link>
    </nav>
  )
}
