import type { TFunction } from 'i18next'
import { languageName } from './routing.ts'

export interface Names {
  readonly agent: (id: string) => string
  readonly team: (id: string) => string
  readonly topic: (id: string) => string
  readonly language: string
}

type Data = Readonly<Record<string, unknown>>

/** Why somebody has it, as a sentence; null: nothing was said about that. */
export function whyWords(t: TFunction, data: Data, by: string, names: Names): string | null {
  const why = data['why'] as Data | undefined
  if (!why) return null
  const name = names.agent(String(data['to']))
  switch (why['code']) {
    case 'pulled':
      return t('why.taken', { name })
    case 'returned':
      return t('why.back', { name: names.agent(String(why['from'])) })
    case 'escalated':
      return t('why.escalated', { by, level: levelName(t, why['to']) })
    case 'breached':
      return breachWords(t, why, names)
    default: {
      const reasons = reasonsOf(t, why, names)
      return reasons.length === 0 ? null : t('why.given', { name, why: reasons.join(t('conversation.and')) })
    }
  }
}

/** Written by nobody, so it says what a note would: what was late, and who had it. */
function breachWords(t: TFunction, { to, promise, by }: Data, names: Names): string {
  const level = levelName(t, to)
  if (promise !== 'firstResponse' && promise !== 'nextResponse') return t('why.breached', { level })
  const broken = t(`due.broken.${promise}`)
  const had = typeof by === 'string' && by !== ''
  return had ? t('why.lateFrom', { broken, level, name: names.agent(by) }) : t('why.late', { broken, level })
}

export function levelName(t: TFunction, level: unknown): string {
  return t(`skills.tier.${level === 3 ? '3' : level === 2 ? '2' : '1'}`)
}

function reasonsOf(t: TFunction, why: Data, names: Names): string[] {
  const { code, language, topicId, withoutLanguage, withoutTopic, overflowFrom, ownerId, load, capacity } = why
  const speech = (value: unknown) => languageName(String(value), names.language)
  return [
    language === undefined ? '' : t('why.language', { name: speech(language) }),
    topicId === undefined ? '' : t('why.knows', { name: names.topic(String(topicId)) }),
    code === 'linked' || code === 'owner' || code === 'sticky' || code === 'roundRobin' ? t(`why.${code}`) : '',
    code === 'deputy' ? t('why.deputy', { name: names.agent(String(ownerId)) }) : '',
    code === 'balanced' ? t('why.balanced', { load, capacity }) : '',
    withoutLanguage === undefined ? '' : t('why.withoutLanguage', { name: speech(withoutLanguage) }),
    withoutTopic === undefined ? '' : t('why.withoutTopic', { name: names.topic(String(withoutTopic)) }),
    overflowFrom === undefined ? '' : t('why.overflow', { name: names.team(String(overflowFrom)) }),
  ].filter((reason) => reason !== '')
}
