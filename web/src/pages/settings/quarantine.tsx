import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Inbox, QuarantineItem, QuarantineRetry } from '../../../../src/wire/inbox.ts'
import { Button } from '../../components/button.tsx'
import { useApi, useDesk, useGround } from '../../data/services.ts'
import { fullTime } from '../../data/time.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { Line, Lines, Section } from './settings-page.tsx'

/** What came in and could not be read; nothing is dropped silently. */
export function Quarantine({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation()
  const api = useApi()
  const admin = useDesk().me.scopes.includes('admin')
  const list = useQuery({
    queryKey: ['inboxes', inbox.id, 'unread'],
    enabled: admin,
    refetchInterval: 15_000,
    queryFn: ({ signal }) =>
      api.get<{ items: QuarantineItem[] }>(`/inboxes/${inbox.id}/quarantine`, { limit: 100 }, signal),
  }).data
  if (!list || list.items.length === 0) return null
  return (
    <Section title={t('unread.title')} lead={t('unread.lead')}>
      <Lines label={t('unread.title')}>
        {list.items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </Lines>
    </Section>
  )
}

function Item({ item }: { item: QuarantineItem }) {
  const { t, i18n } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const [busy, setBusy] = useState(false)
  async function retry(): Promise<void> {
    setBusy(true)
    try {
      const answer = await api.send<QuarantineRetry>('POST', `/quarantine/${item.id}/retry`)
      toasts.show(
        answer.outcome === 'quarantined'
          ? { tone: 'problem', text: answer.reason ?? t('unread.still') }
          : { tone: 'plain', text: t('unread.done') },
      )
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
    await cache.invalidateQueries({ queryKey: ['inboxes'] })
    setBusy(false)
  }
  return (
    <Line>
      <div className="min-w-0 flex-1">
        <p className="text-sm">{item.reason}</p>
        <p className="text-xs text-faint">{fullTime(item.receivedAt, i18n.language)}</p>
        <details className="text-xs text-soft">
          <summary className="min-h-6 leading-6">{t('unread.raw')}</summary>
          <pre className="max-h-60 overflow-auto rounded bg-ground p-2 font-mono">
            {JSON.stringify(item.raw, null, 2)}
          </pre>
        </details>
      </div>
      <Button busy={busy} onClick={() => void retry()}>
        {t('common.tryAgain')}
      </Button>
      <ConfirmButton
        label={t('failedWork.dismiss')}
        question={t('unread.dismissAsk')}
        onConfirm={async () => {
          await api.send('POST', `/quarantine/${item.id}/dismiss`)
          await cache.invalidateQueries({ queryKey: ['inboxes'] })
        }}
      />
    </Line>
  )
}
