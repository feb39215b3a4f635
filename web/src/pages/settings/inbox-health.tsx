import { useQuery } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Health, Inbox } from '../../../../src/wire/inbox.ts'
import { Notice } from '../../components/badge.tsx'
import { useNow } from '../../components/use-now.ts'
import { sayFailure } from '../../data/refusal-words.ts'
import { useApi } from '../../data/services.ts'
import { fullTime, span } from '../../data/time.ts'
import { Section } from './settings-page.tsx'

/** Asked often while somebody waits for the connection. */
export function useHealth(inboxId: string): Health | undefined {
  const api = useApi()
  return useQuery<Health>({
    queryKey: ['inboxes', inboxId, 'health'],
    refetchInterval: ({ state }) => (state.data?.state === 'connecting' ? 1_000 : 10_000),
    queryFn: ({ signal }) => api.get<Health>(`/inboxes/${inboxId}/health`, {}, signal),
  }).data
}

export function InboxHealth({ inbox }: { inbox: Inbox }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const health = useHealth(inbox.id)
  if (!health) return null
  const ignored = health.ignored.filter((one) => one.count > 0)
  return (
    <Section title={t('health.title')}>
      {health.error || health.warning ? (
        <Notice tone={health.error ? 'danger' : 'warning'}>
          <CircleAlert />
          <span>{health.error ? sayFailure(t, failureOf(health.state), health.error) : health.warning}</span>
        </Notice>
      ) : null}
      <dl className="grid grid-cols-[160px_1fr] gap-y-1.5 text-sm narrow:grid-cols-[120px_1fr]">
        <dt className="text-faint">{t(`health.${inbox.enabled ? health.state : 'stopped'}`)}</dt>
        <dd>{t('health.for', { time: span(now.getTime() - Date.parse(health.since), i18n.language) })}</dd>
        <dt className="text-faint">{t('health.last')}</dt>
        <dd>{health.lastEventAt ? fullTime(health.lastEventAt, i18n.language) : t('health.never')}</dd>
        {ignored.length ? <dt className="text-faint">{t('health.ignored')}</dt> : null}
        {ignored.length ? (
          <dd>
            <ul>
              {ignored.map((one) => (
                <li key={one.reason}>
                  {one.count} · {one.reason}
                </li>
              ))}
            </ul>
          </dd>
        ) : null}
      </dl>
    </Section>
  )
}

function failureOf(state: Health['state']): 'auth' | 'unavailable' | null {
  if (state === 'badCredentials') return 'auth'
  return state === 'unavailable' ? state : null
}
