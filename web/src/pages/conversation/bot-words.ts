import type { TFunction } from 'i18next'
import type { Activity } from '../../../../src/wire/conversation.ts'

interface Turn {
  readonly outcome?: unknown
  readonly title?: unknown
  readonly chosen?: unknown
  readonly offered?: unknown
}

const because = {
  human: 'asked',
  noneFits: 'asked',
  account: 'grave',
  fraud: 'grave',
  legal: 'grave',
  selfHarm: 'grave',
  anger: 'anger',
  misses: 'misses',
  nothingFound: 'nothingFound',
  repeated: 'misses',
  language: 'language',
  files: 'files',
  late: 'late',
  failed: 'late',
  notHere: 'notHere',
} as const

/** Why people have it, and what the bot had said until then: whoever takes it need not read all of it. */
export function handedOverWords(t: TFunction, data: Activity['data']): string {
  const reason = because[data['reason'] as keyof typeof because] ?? 'notHere'
  const turns: Turn[] = Array.isArray(data['turns']) ? data['turns'] : []
  const said = turns.flatMap(({ outcome, title, chosen, offered }) => {
    if (outcome === 'answered') return [t(chosen ? 'bot.chosen' : 'bot.answered', { title: String(title ?? '') })]
    if (outcome === 'offered' && Array.isArray(offered)) {
      // The last one is people.
      return [t('bot.offered', { titles: offered.slice(0, -1).join(', ') })]
    }
    return outcome === 'askedBack' ? [t('bot.askedBack')] : []
  })
  return [t(`bot.because.${reason}`), ...said].join(' · ')
}
