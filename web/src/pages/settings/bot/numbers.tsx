import { useTranslation } from 'react-i18next'
import type { BotQuality, BotTurnKind } from '../../../../../src/wire/bot.ts'
import { percent } from '../../../data/bot.ts'

const shown: readonly BotTurnKind[] = [
  ...(['asked', 'answered', 'offered', 'askedBack', 'handedOver', 'thanked', 'chosen', 'thenPeople', 'wrong'] as const),
]
/** Shares of what was answered; the others are shares of what was asked. */
const ofAnswered: readonly BotTurnKind[] = ['chosen', 'thenPeople', 'wrong']

interface NumbersProps {
  quality: BotQuality
  onOpen: (what: BotTurnKind) => void
}

/** Each says what it counts, and opens it. */
export function Numbers({ quality, onOpen }: NumbersProps) {
  const { t, i18n } = useTranslation()
  return (
    <ul className="grid grid-cols-3 gap-px overflow-hidden rounded-lg border border-line bg-line narrow:grid-cols-1">
      {shown.map((what) => {
        const whole = ofAnswered.includes(what) ? quality.answered : quality.asked
        const share = what === 'asked' || whole === 0 ? null : percent(quality[what] / whole, i18n.language)
        return (
          <li key={what} className="bg-surface">
            <button
              type="button"
              disabled={quality[what] === 0}
              aria-describedby={`means-${what}`}
              onClick={() => onOpen(what)}
              className="flex h-full w-full flex-col gap-0.5 px-4 py-3 text-left enabled:hover:bg-hover narrow:flex-row narrow:items-baseline narrow:gap-3"
            >
              <span className="text-sm font-medium narrow:w-24 narrow:shrink-0">{t(`botPage.numbers.${what}`)}</span>
              <span className="flex items-baseline gap-2 narrow:order-3">
                <span className="text-xl font-semibold tabular-nums">{quality[what]}</span>
                {share ? <span className="text-sm text-soft tabular-nums">{share}</span> : null}
              </span>
              <span id={`means-${what}`} className="text-xs text-faint narrow:flex-1">
                {t(`botPage.means.${what}`)}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
