import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Webhook, WebhookDelivery } from '../../../../src/wire/webhook.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { useGround } from '../../data/services.ts'
import { fullTime } from '../../data/time.ts'
import { Line, Lines } from './settings-page.tsx'

export function WebhookLog({ webhook }: { webhook: Webhook }) {
  const { t, i18n } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const key = ['webhooks', webhook.id, 'log']
  const log = useQuery({
    queryKey: key,
    refetchInterval: 5_000,
    queryFn: ({ signal }) =>
      api.get<{ items: WebhookDelivery[] }>(`/webhooks/${webhook.id}/deliveries`, { limit: 50 }, signal),
  }).data
  async function again(id: string): Promise<void> {
    try {
      await api.send('POST', `/webhooks/${webhook.id}/deliveries/${id}/redeliver`)
      toasts.show({ tone: 'plain', text: t('webhooks.again') }, 2_500)
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
    await cache.invalidateQueries({ queryKey: key })
  }
  if (!log) return null
  if (log.items.length === 0) return <p className="text-soft">{t('webhooks.logEmpty')}</p>
  return (
    <Lines label={t('webhooks.log')}>
      {log.items.map((item) => {
        const fine = item.status !== null && item.status < 300
        return (
          <Line key={item.id}>
            <Badge tone={fine ? 'success' : 'danger'}>
              {item.status === null ? t('webhooks.noAnswer') : String(item.status)}
            </Badge>
            <div className="min-w-0 flex-1">
              <p className="truncate text-sm">
                {item.kind} <span className="text-faint">· {item.eventId}</span>
              </p>
              <p className="truncate text-xs text-faint">{item.error ?? fullTime(item.at, i18n.language)}</p>
            </div>
            <Button look="quiet" onClick={() => void again(item.id)}>
              {t('delivery.sendAgain')}
            </Button>
          </Line>
        )
      })}
    </Lines>
  )
}
