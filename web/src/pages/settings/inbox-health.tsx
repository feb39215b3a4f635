import { CircleAlert } from 'lucide-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Health, Inbox } from '../../../../src/wire/inbox.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { useNow } from '../../components/use-now.ts'
import { useHealth } from '../../data/health.ts'
import { sayFailure } from '../../data/refusal-words.ts'
import { useSaid } from '../../data/said.ts'
import { useDesk } from '../../data/services.ts'
import { fullTime, soon, span } from '../../data/time.ts'
import { Section } from './settings-page.tsx'

export function InboxHealth({ inbox, onTryAgain }: { inbox: Inbox; onTryAgain: () => void }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const said = useSaid(inbox.channel)
  const admin = useDesk().me.scopes.includes('admin')
  const health = useHealth(inbox.id)
  if (!health) return null
  const { error, warning, state } = health
  const number = new Intl.NumberFormat(i18n.language)
  const ignored = health.ignored.filter((one) => one.count > 0)
  return (
    <Section title={t('health.title')}>
      {error || warning ? (
        <Notice tone={error ? 'danger' : 'warning'}>
          <CircleAlert />
          <span className="whitespace-pre-line">
            {error ? sayFailure(t, failureOf(state), said(error)) : said(warning ?? '')}
          </span>
          {state === 'badCredentials' && admin ? (
            <Button className="ml-auto" onClick={onTryAgain}>
              {t('common.tryAgain')}
            </Button>
          ) : null}
        </Notice>
      ) : null}
      {health.missing.map((what) => (
        <Notice key={what} tone="warning">
          <CircleAlert />
          {t(`health.missing.${what}`)}
        </Notice>
      ))}
      <dl className="grid grid-cols-[160px_1fr] gap-y-1.5 text-sm narrow:grid-cols-[120px_1fr]">
        <dt className="text-faint">{t(`health.${inbox.enabled ? health.state : 'stopped'}`)}</dt>
        <dd>{t('health.for', { time: span(now.getTime() - Date.parse(health.since), i18n.language) })}</dd>
        <dt className="text-faint">{t('health.last')}</dt>
        <dd>{health.lastEventAt ? fullTime(health.lastEventAt, i18n.language) : t('health.never')}</dd>
        {health.budgets.map((one) => (
          <Fragment key={`${one.name} ${one.windowMs}`}>
            <dt className="text-faint first-letter:uppercase">{said(one.name)}</dt>
            <dd className={one.left < one.max / 5 ? 'text-warning' : ''}>
              {t('health.left', {
                left: number.format(one.left),
                max: number.format(one.max),
                time: span(one.windowMs, i18n.language),
              })}
              {one.until ? ` ${t('health.moreAt', { time: soon(one.until, i18n.language) })}` : ''}
            </dd>
          </Fragment>
        ))}
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
