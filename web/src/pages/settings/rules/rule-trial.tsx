import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Check, CircleHelp, X } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleTest, RuleTestAnswer, TestedRule } from '../../../../../src/wire/rule.ts'
import { Badge } from '../../../components/badge.tsx'
import { TextField } from '../../../components/field.tsx'
import { ApiError } from '../../../data/api.ts'
import { useRuleNames } from '../../../data/rule-names.ts'
import { ruleWords } from '../../../data/rule-words.ts'
import { useApi } from '../../../data/services.ts'

interface RuleTrialProps {
  /** Absent: the saved ones that are on. */
  drafts?: NonNullable<RuleTest['rules']>
  event?: NonNullable<RuleTest['event']>
}

/** Which rules would fire for a conversation, and why; anew with every change of the draft. */
export function RuleTrial({ drafts, event }: RuleTrialProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const number = useDeferredValue(Number(typed.replace(/^#/, '')))
  const tried = useTried(number, useDeferredValue(drafts), event)
  const answer = tried.data
  return (
    <section
      aria-label={t('rules.try')}
      className="flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-raised p-4 xl:sticky xl:top-8"
    >
      <div>
        <h3 className="font-semibold">{t('rules.try')}</h3>
        <p className="text-sm text-soft">{t('rules.tryLead')}</p>
      </div>
      <TextField
        label={t('rules.number')}
        inputMode="numeric"
        placeholder="#1042"
        className="max-w-60"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <div role="status" className="flex flex-col gap-3">
        {tried.isError ? <p className="text-sm text-soft">{t(problemOf(tried.error))}</p> : null}
        {!tried.isError && answer?.history ? <p className="text-sm text-soft">{t('rules.history')}</p> : null}
        {!tried.isError && answer
          ? answer.rules.map((rule, at) => <Tried key={rule.id ?? `draft ${at}`} rule={rule} />)
          : null}
      </div>
    </section>
  )
}

function useTried(number: number, rules: RuleTrialProps['drafts'], event: RuleTrialProps['event']) {
  const api = useApi()
  return useQuery({
    queryKey: ['rules', 'test', number, rules, event],
    enabled: Number.isSafeInteger(number) && number > 0,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 10_000,
    queryFn: () => {
      const body: RuleTest = { number, ...(rules ? { rules } : {}), ...(event ? { event } : {}) }
      return api.send<RuleTestAnswer>('POST', '/rules/test', body)
    },
  })
}

function problemOf(error: unknown): 'rules.tryNone' | 'rules.tryUnfinished' | 'error.offline' {
  if (!(error instanceof ApiError) || error.status === 0) return 'error.offline'
  return error.status === 404 ? 'rules.tryNone' : 'rules.tryUnfinished'
}

const outcomes = {
  fires: { tone: 'success', words: 'rules.fires' },
  no: { tone: 'neutral', words: 'rules.notFires' },
  stopped: { tone: 'neutral', words: 'rules.notAsked' },
  otherEvent: { tone: 'neutral', words: 'rules.otherTime' },
} as const

function Tried({ rule }: { rule: TestedRule }) {
  const { t, i18n } = useTranslation()
  const words = ruleWords(t, i18n.language, useRuleNames())
  const { tone, words: outcome } = outcomes[rule.outcome]
  const saidFound = (values: string) => (values === '' ? t('rules.foundNothing') : t('rules.found', { values }))
  return (
    <article className="flex flex-col gap-2 border-t border-line pt-3">
      <header className="flex flex-wrap items-center gap-2">
        <h4 className="min-w-0 text-sm font-medium [overflow-wrap:anywhere]">{rule.name || '…'}</h4>
        <Badge tone={tone}>{t(outcome)}</Badge>
      </header>
      <ul className="flex flex-col gap-1.5">
        {rowsOf(rule).map(({ key, condition, ok, known, found }) => (
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
      {rule.outcome === 'fires' ? (
        <p className="text-sm text-soft">{t('rules.sentence.does', { actions: words.actions(rule.actions) })}</p>
      ) : null}
    </article>
  )
}

/** The conditions of all blocks, one below the other; a row is its place. */
function rowsOf(rule: TestedRule) {
  let row = 0
  return rule.why.groups.flatMap(({ conditions }) =>
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
