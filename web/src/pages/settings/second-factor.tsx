import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../../src/wire/agent.ts'
import type { SecondFactor } from '../../../../src/wire/second-factor.ts'
import { Badge, Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useApi } from '../../data/services.ts'
import { fullTime } from '../../data/time.ts'
import { PasswordForm } from './password-form.tsx'
import { SetUpFactor } from './set-up-factor.tsx'
import { Section } from './settings-page.tsx'

export function SecondFactorSection({ agent }: { agent: Agent }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const [open, setOpen] = useState<'setUp' | 'remove' | null>(null)
  const factor = useQuery({
    queryKey: ['my-factor'],
    queryFn: ({ signal }) => api.get<SecondFactor>('/me/totp', {}, signal),
  }).data
  if (!factor) return null
  const { since, recoveryCodesLeft } = factor
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: ['my-factor'] })
    await cache.invalidateQueries({ queryKey: ['my-sessions'] })
    await cache.invalidateQueries({ queryKey: ['agents'] })
  }
  const close = () => {
    setOpen(null)
    void refresh()
  }
  return (
    <Section title={t('factor.title')} lead={t('factor.lead')}>
      {since ? (
        <div className="flex flex-wrap items-center gap-3">
          <Badge tone="success">{t('factor.on')}</Badge>
          <span className="text-sm text-soft">
            {t('factor.since', { time: fullTime(since, i18n.language) })}
            {' · '}
            {t('factor.left', { count: recoveryCodesLeft })}
          </span>
          <Button look="quietDanger" onClick={() => setOpen('remove')}>
            {t('factor.remove')}
          </Button>
        </div>
      ) : (
        <Button className="self-start" onClick={() => setOpen('setUp')}>
          {t('factor.setUp')}
        </Button>
      )}
      {since && recoveryCodesLeft < 3 ? <Notice tone="warning">{t('factor.few')}</Notice> : null}
      <Dialog open={open === 'setUp'} onClose={close} title={t('factor.title')}>
        <SetUpFactor agent={agent} onDone={close} />
      </Dialog>
      <Dialog open={open === 'remove'} onClose={close} title={t('factor.remove')} description={t('factor.removeLead')}>
        <RemoveFactor agent={agent} onDone={close} />
      </Dialog>
    </Section>
  )
}

function RemoveFactor({ agent, onDone }: { agent: Agent; onDone: () => void }) {
  const { t } = useTranslation()
  const api = useApi()
  return (
    <PasswordForm
      agent={agent}
      look="danger"
      action={t('factor.remove')}
      onPassword={async (password) => {
        await api.send('DELETE', '/me/totp', { password })
        onDone()
      }}
    />
  )
}
