import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { OwnSession } from '../../../../src/wire/session.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { useGround } from '../../data/services.ts'
import { fullTime } from '../../data/time.ts'
import { Line, Lines, Section } from './settings-page.tsx'

export function OwnSessions() {
  const { t, i18n } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const sessions = useQuery({
    queryKey: ['my-sessions'],
    queryFn: ({ signal }) => api.get<{ items: OwnSession[] }>('/me/sessions', {}, signal),
  }).data
  async function end(id: string): Promise<void> {
    try {
      await api.send('DELETE', `/me/sessions/${id}`)
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
    await cache.invalidateQueries({ queryKey: ['my-sessions'] })
  }
  if (!sessions) return null
  return (
    <Section title={t('profile.sessions')} lead={t('profile.sessionsLead')}>
      <Lines label={t('profile.sessions')}>
        {sessions.items.map((session) => (
          <Line key={session.id}>
            <div className="min-w-0 flex-1">
              <p className="truncate text-sm">{browserName(session.userAgent) ?? t('profile.unknownBrowser')}</p>
              <p className="text-xs text-faint">
                {[session.address, fullTime(session.lastSeenAt, i18n.language)].filter(Boolean).join(' · ')}
              </p>
            </div>
            {session.current ? (
              <Badge tone="accent">{t('profile.thisOne')}</Badge>
            ) : (
              <Button onClick={() => void end(session.id)}>{t('nav.signOut')}</Button>
            )}
          </Line>
        ))}
      </Lines>
    </Section>
  )
}

/** Enough to tell one's own devices apart. */
export function browserName(agent: string | null): string | null {
  if (!agent) return null
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\/[\d.]+/.exec(agent)?.[1]
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent)?.[0]
  const name = browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser
  return [name, system].filter(Boolean).join(' · ') || agent.slice(0, 60)
}
