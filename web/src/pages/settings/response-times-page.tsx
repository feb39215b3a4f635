import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SlaPolicy } from '../../../../src/wire/sla-policy.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useBusinessHours, useSlaPolicies } from '../../data/due.ts'
import { useApi } from '../../data/services.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { PolicyForm } from './policy-form.tsx'
import { Line, Lines, SettingsPage } from './settings-page.tsx'

export function ResponseTimesPage() {
  const { t } = useTranslation()
  const policies = useSlaPolicies()
  const [editing, setEditing] = useState<SlaPolicy | 'new' | null>(null)
  return (
    <SettingsPage
      title={t('promises.title')}
      lead={t('promises.lead')}
      action={
        <Button look="primary" onClick={() => setEditing('new')}>
          {t('promises.add')}
        </Button>
      }
    >
      {policies.length ? (
        <Lines label={t('promises.title')}>
          {policies.map((policy) => (
            <PolicyLine key={policy.id} policy={policy} onEdit={() => setEditing(policy)} />
          ))}
        </Lines>
      ) : (
        <p className="text-soft">{t('promises.none')}</p>
      )}
      <Dialog
        open={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' || editing === null ? t('promises.add') : editing.name}
        width="max-w-2xl"
      >
        {editing ? <PolicyForm policy={editing === 'new' ? null : editing} onDone={() => setEditing(null)} /> : null}
      </Dialog>
    </SettingsPage>
  )
}

function PolicyLine({ policy, onEdit }: { policy: SlaPolicy; onEdit: () => void }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const hours = useBusinessHours().find(({ id }) => id === policy.businessHoursId)
  const users = policy.teamIds.length + policy.inboxIds.length
  return (
    <Line>
      <div className="min-w-0 flex-1 basis-40">
        <p className="flex items-center gap-2 text-sm font-medium">
          <span className="truncate">{policy.name}</span>
          {policy.isDefault ? <Badge tone="accent">{t('promises.usual')}</Badge> : null}
        </p>
        <p className="truncate text-xs text-faint">
          {policy.businessHoursId === null ? t('promises.always') : hours?.name}
          {users ? ` · ${t('promises.usedBy', { count: users })}` : ''}
        </p>
      </div>
      <Button onClick={onEdit}>{t('common.edit')}</Button>
      <ConfirmButton
        label={t('common.remove')}
        question={t('promises.removeAsk', { name: policy.name })}
        onConfirm={async () => {
          await api.send('DELETE', `/sla-policies/${policy.id}`)
          await cache.invalidateQueries({ queryKey: ['sla-policies'] })
        }}
      />
    </Line>
  )
}
