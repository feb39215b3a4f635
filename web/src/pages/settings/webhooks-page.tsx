import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CreatedWebhook, Webhook } from '../../../../src/wire/webhook.ts'
import { Badge, Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/field.tsx'
import { everyPage } from '../../data/directory.ts'
import { useApi, useGround } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { Line, Lines, SettingsPage } from './settings-page.tsx'
import { ShownOnce } from './shown-once.tsx'
import { WebhookLog } from './webhook-log.tsx'

export function WebhooksPage() {
  const { t } = useTranslation()
  const api = useApi()
  const webhooks =
    useQuery({ queryKey: ['webhooks'], queryFn: ({ signal }) => everyPage<Webhook>(api, '/webhooks', signal) }).data ??
    []
  const [making, setMaking] = useState(false)
  const [log, setLog] = useState<Webhook | null>(null)
  return (
    <SettingsPage
      title={t('settings.webhooks')}
      lead={t('webhooks.lead')}
      action={
        <Button look="primary" onClick={() => setMaking(true)}>
          {t('webhooks.add')}
        </Button>
      }
    >
      {webhooks.length ? (
        <Lines label={t('settings.webhooks')}>
          {webhooks.map((webhook) => (
            <WebhookLine key={webhook.id} webhook={webhook} onLog={() => setLog(webhook)} />
          ))}
        </Lines>
      ) : (
        <p className="text-soft">{t('webhooks.none')}</p>
      )}
      <Dialog open={making} onClose={() => setMaking(false)} title={t('webhooks.add')}>
        <WebhookForm />
      </Dialog>
      <Dialog open={log !== null} onClose={() => setLog(null)} title={t('webhooks.log')} width="max-w-2xl">
        {log ? <WebhookLog webhook={log} /> : null}
      </Dialog>
    </SettingsPage>
  )
}

function WebhookLine({ webhook, onLog }: { webhook: Webhook; onLog: () => void }) {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const refresh = () => cache.invalidateQueries({ queryKey: ['webhooks'] })
  async function toggle(): Promise<void> {
    try {
      await api.send('PATCH', `/webhooks/${webhook.id}`, { enabled: !webhook.enabled })
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
    await refresh()
  }
  return (
    <Line>
      <div className="min-w-0 flex-1">
        <p className="truncate font-mono text-xs">{webhook.url}</p>
        {webhook.disabledReason ? <p className="text-xs text-danger">{webhook.disabledReason}</p> : null}
      </div>
      <Badge tone={webhook.enabled ? 'success' : 'neutral'}>
        {t(webhook.enabled ? 'webhooks.on' : 'webhooks.off')}
      </Badge>
      <Button look="quiet" onClick={onLog}>
        {t('webhooks.log')}
      </Button>
      <Button look="quiet" onClick={() => void toggle()}>
        {t(webhook.enabled ? 'webhooks.turnOff' : 'webhooks.turnOn')}
      </Button>
      <ConfirmButton
        label={t('common.remove')}
        question={t('webhooks.removeAsk')}
        onConfirm={async () => {
          await api.send('DELETE', `/webhooks/${webhook.id}`)
          await refresh()
        }}
      />
    </Line>
  )
}

function WebhookForm() {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const submit = useSubmit(['url'])
  const [made, setMade] = useState<CreatedWebhook | null>(null)
  if (made) return <ShownOnce label={t('webhooks.secret')} value={made.secret} help={t('webhooks.secretHelp')} />
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit.onSubmit(async (form) => {
        setMade(await api.send<CreatedWebhook>('POST', '/webhooks', { url: String(form.get('url')).trim() }))
        await cache.invalidateQueries({ queryKey: ['webhooks'] })
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <TextField
        label={t('webhooks.url')}
        name="url"
        type="url"
        required
        placeholder="https://"
        error={submit.problems['url']}
      />
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('webhooks.add')}
      </Button>
    </form>
  )
}
