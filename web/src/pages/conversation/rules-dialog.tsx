import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ConversationRules, RuleRun } from '../../../../src/wire/rule.ts'
import { useApi } from '../../data/services.ts'
import { fullTime } from '../../data/time.ts'
import { TriedRule, Why } from '../settings/rules/tried-rule.tsx'

/** Which rules fired on this conversation, which would now, and why. */
export function RulesHere({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation()
  const api = useApi()
  const told = useQuery({
    queryKey: ['rules', 'of', conversationId],
    gcTime: 0,
    queryFn: ({ signal }) => api.get<ConversationRules>(`/conversations/${conversationId}/rules`, {}, signal),
  })
  if (told.isError) return <p className="text-danger">{t('error.offline')}</p>
  if (!told.data) return null
  const { fired, rules, history } = told.data
  const asked = rules.filter(({ outcome }) => outcome !== 'otherEvent')
  return (
    <div className="flex flex-col gap-6">
      <section className="flex flex-col gap-3">
        <h3 className="font-semibold">{t('ruled.fired')}</h3>
        {fired.length === 0 ? <p className="text-sm text-soft">{t('ruled.firedNone')}</p> : null}
        {fired.map((run) => (
          <Run key={run.id} run={run} />
        ))}
      </section>
      <details open>
        <summary className="cursor-pointer rounded font-semibold">{t('ruled.now')}</summary>
        <div className="flex flex-col gap-3 pt-1">
          <p className="text-sm text-soft">{t(history ? 'rules.history' : 'ruled.nowLead')}</p>
          {asked.map((rule) => (
            <TriedRule key={rule.id} rule={rule} />
          ))}
        </div>
      </details>
    </div>
  )
}

function Run({ run }: { run: RuleRun }) {
  const { t, i18n } = useTranslation()
  const missed = run.actions.filter(({ state }) => state === 'gone')
  const what = missed.map(({ type }) => t(`rules.actions.${type}` as 'rules.actions.team')).join(', ')
  return (
    <article className="flex flex-col gap-2 border-t border-line pt-3">
      <header>
        <h4 className="text-sm font-medium [overflow-wrap:anywhere]">{run.name}</h4>
        <p className="text-xs text-faint">{fullTime(run.at, i18n.language)}</p>
      </header>
      <Why why={run.why} />
      {missed.length > 0 ? <p className="text-sm text-danger">{t('ruled.leftOut', { what })}</p> : null}
    </article>
  )
}
