import { useTranslation } from 'react-i18next'
import { percent } from '../../data/bot.ts'

/** As the list of turns and the log of a hand-over both tell it. */
export interface TurnTold {
  readonly outcome?: unknown
  readonly title?: unknown
  readonly article?: { readonly title: string } | null
  readonly chosen?: unknown
  readonly offered?: unknown
  readonly confidence?: unknown
  readonly phrasing?: unknown
}

/** What the bot did about one message, how sure it was, and what made it think so. '': nothing to tell. */
export function useTurnWords(): (turn: TurnTold) => string {
  const { t, i18n } = useTranslation()
  return (turn) => {
    const title = turn.article?.title ?? String(turn.title ?? '')
    const why = [
      ...(typeof turn.confidence === 'number' && turn.chosen !== true
        ? [t('botPage.sure', { percent: percent(turn.confidence, i18n.language) })]
        : []),
      ...(typeof turn.phrasing === 'string' ? [t('botPage.like', { phrasing: turn.phrasing })] : []),
    ]
    switch (turn.outcome) {
      case 'answered':
        return [t(turn.chosen ? 'botWhy.chosen' : 'botWhy.answered', { title }), ...why].join(' · ')
      case 'offered': {
        // The last one is people.
        const titles = Array.isArray(turn.offered) ? turn.offered.slice(0, -1) : []
        return t('botWhy.offered', { titles: new Intl.ListFormat(i18n.language, { type: 'unit' }).format(titles) })
      }
      case 'askedBack':
        return t('botWhy.askedBack')
      default:
        return ''
    }
  }
}
