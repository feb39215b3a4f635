import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../../../../src/wire/rule.ts'
import { moved } from '../../../data/rule-draft.ts'
import { rulesQuery } from '../../../data/rule-names.ts'
import { useDesk, useGround } from '../../../data/services.ts'
import { SettingsPage } from '../settings-page.tsx'
import { RuleLine } from './rule-line.tsx'
import { RuleTrial } from './rule-trial.tsx'

export function RulesPage() {
  const { t } = useTranslation()
  const { api } = useGround()
  const rules = useQuery(rulesQuery(api)).data
  const admin = useDesk().me.scopes.includes('admin')
  const change = useChangeRules()
  return (
    <SettingsPage
      title={t('rules.title')}
      lead={t('rules.lead')}
      action={
        admin ? (
          <Link
            to="/settings/rules/$id"
            params={{ id: 'new' }}
            className="inline-flex h-8 shrink-0 items-center gap-1.5 rounded bg-accent px-3 text-sm font-medium whitespace-nowrap text-on-accent hover:bg-accent-strong touch:h-11"
          >
            <Plus className="size-4" />
            {t('rules.add')}
          </Link>
        ) : null
      }
    >
      {rules?.length === 0 ? <p className="text-soft">{t('rules.none')}</p> : null}
      {rules && rules.length > 0 ? (
        <div className="flex flex-col gap-2">
          <p className="text-sm text-soft">{t('rules.fromTop')}</p>
          <ol
            aria-label={t('rules.title')}
            className="flex flex-col divide-y divide-line rounded-lg border border-line"
          >
            {rules.map((rule, at) => (
              <RuleLine
                key={rule.id}
                rule={rule}
                place={{ number: at + 1, first: at === 0, last: at === rules.length - 1 }}
                admin={admin}
                onMove={(by) => void change.order(moved(rules, rule.id, by))}
                onToggle={() => void change.toggle(rule)}
                onRemove={() => change.remove(rule)}
              />
            ))}
          </ol>
        </div>
      ) : null}
      <RuleTrial />
    </SettingsPage>
  )
}

function useChangeRules() {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { queryKey } = rulesQuery(api)
  const trying = async (next: (rules: Rule[]) => Rule[], work: () => Promise<unknown>) => {
    cache.setQueryData<Rule[]>(queryKey, (old) => (old ? next(old) : old))
    try {
      await work()
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
    await cache.invalidateQueries({ queryKey })
  }
  return {
    order: (rules: Rule[]) =>
      trying(
        () => rules,
        () => api.send('PUT', '/rules/order', { ids: rules.map(({ id }) => id) }),
      ),
    toggle: ({ id, enabled }: Rule) =>
      trying(
        (rules) => rules.map((rule) => (rule.id === id ? { ...rule, enabled: !enabled } : rule)),
        () => api.send('PATCH', `/rules/${id}`, { enabled: !enabled }),
      ),
    remove: async ({ id }: Rule) => {
      await api.send('DELETE', `/rules/${id}`)
      await cache.invalidateQueries({ queryKey })
    },
  }
}
