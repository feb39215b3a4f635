import { Check, CircleHelp, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { TestedRule } from '../../../../../src/wire/rule.ts'
import type { Explanation } from '../../../../../src/wire/rule-condition.ts'
import { Badge } from '../../../components/badge.tsx'
import { useRuleNames } from '../../../data/rule-names.ts'
import { ruleWords } from '../../../data/rule-words.ts'

const outcomes = {
  fires: { tone: 'success', words: 'rules.fires' },
  no: { tone: 'neutral', words: 'rules.notFires' },
  stopped: { tone: 'neutral', words: 'rules.notAsked' },
  otherEvent: { tone: 'neutral', words: 'rules.otherTime' },
} as const

/** One rule, whether it fires, and why. */
export function TriedRule({ rule }: { rule: TestedRule }) {
  const { t, i18n } = useTranslation()
  const words = ruleWords(t, i18n.language, useRuleNames())
  const { tone, words: outcome } = outcomes[rule.outcome]
  return (
    <article className="flex flex-col gap-2 border-t border-line pt-3">
      <header className="flex flex-wrap items-center gap-2">
        <h4 className="min-w-0 text-sm font-medium [overflow-wrap:anywhere]">{rule.name || '…'}</h4>
        <Badge tone={tone}>{t(outcome)}</Badge>
      </header>
      <Why why={rule.why} />
      {rule.outcome === 'fires' ? (
        <p className="text-sm text-soft">{t('rules.sentence.does', { actions: words.actions(rule.actions) })}</p>
      ) : null}
    </article>
  )
}

/** Each condition with what was found. */
export function Why({ why }: { why: Explanation }) {
  const { t, i18n } = useTranslation()
  const words = ruleWords(t, i18n.language, useRuleNames())
  const saidFound = (values: string) => (values === '' ? t('rules.foundNothing') : t('rules.found', { values }))
  return (
    <ul className="flex flex-col gap-1.5">
      {rowsOf(why).map(({ key, condition, ok, known, found }) => (
        <li key={key} className="flex items-start gap-2 text-sm">
          <Mark ok={ok} known={known} />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {words.condition(condition)}
            <span className="block text-xs text-faint">
              {known ? saidFound(words.values(condition.field, found)) : t('rules.same')}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The conditions of all blocks, one below the other; a row is its place. */
function rowsOf({ groups }: Explanation) {
  let row = 0
  return groups.flatMap(({ conditions }) =>
    conditions.map((result) => {
      row += 1
      return { ...result, key: `row ${row}` }
    }),
  )
}

function Mark({ ok, known }: { ok: boolean; known: boolean }) {
  const { t } = useTranslation()
  if (!known) return <CircleHelp aria-label={t('rules.same')} className="mt-0.5 size-4 shrink-0 text-faint" />
  if (ok) return <Check aria-label={t('rules.value.yes')} className="mt-0.5 size-4 shrink-0 text-success" />
  return <X aria-label={t('rules.value.no')} className="mt-0.5 size-4 shrink-0 text-faint" />
}
