import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleTest, RuleTestAnswer } from '../../../../../src/wire/rule.ts'
import { TextField } from '../../../components/field.tsx'
import { ApiError } from '../../../data/api.ts'
import { useApi } from '../../../data/services.ts'
import { TriedRule } from './tried-rule.tsx'

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
          ? answer.rules.map((rule, at) => <TriedRule key={rule.id ?? `draft ${at}`} rule={rule} />)
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
