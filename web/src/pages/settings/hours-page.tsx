import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BusinessHours } from '../../../../src/wire/business-hours.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useBusinessHours } from '../../data/due.ts'
import { useApi } from '../../data/services.ts'
import { soon } from '../../data/time.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { HoursForm } from './hours-form.tsx'
import { Line, Lines, SettingsPage } from './settings-page.tsx'

export function HoursPage() {
  const { t } = useTranslation()
  const all = useBusinessHours()
  const [editing, setEditing] = useState<BusinessHours | 'new' | null>(null)
  return (
    <SettingsPage
      title={t('hours.title')}
      lead={t('hours.lead')}
      action={
        <Button look="primary" onClick={() => setEditing('new')}>
          {t('hours.add')}
        </Button>
      }
    >
      {all.length ? (
        <Lines label={t('hours.title')}>
          {all.map((hours) => (
            <HoursLine key={hours.id} hours={hours} onEdit={() => setEditing(hours)} />
          ))}
        </Lines>
      ) : (
        <p className="text-soft">{t('hours.none')}</p>
      )}
      <Dialog
        open={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' || editing === null ? t('hours.add') : editing.name}
        width="max-w-2xl"
      >
        {editing ? <HoursForm hours={editing === 'new' ? null : editing} onDone={() => setEditing(null)} /> : null}
      </Dialog>
    </SettingsPage>
  )
}

function HoursLine({ hours, onEdit }: { hours: BusinessHours; onEdit: () => void }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const { open, nextOpening } = hours
  const opens =
    nextOpening === null ? t('hours.never') : t('hours.closedNow', { time: soon(nextOpening, i18n.language) })
  return (
    <Line>
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate text-sm font-medium">{hours.name}</p>
        <p className="truncate text-xs text-faint">{hours.timeZone}</p>
      </div>
      {open ? <Badge tone="success">{t('hours.openNow')}</Badge> : <span className="text-xs text-faint">{opens}</span>}
      <Button onClick={onEdit}>{t('common.edit')}</Button>
      <ConfirmButton
        label={t('common.remove')}
        question={t('hours.removeAsk', { name: hours.name })}
        onConfirm={async () => {
          await api.send('DELETE', `/business-hours/${hours.id}`)
          await cache.invalidateQueries({ queryKey: ['business-hours'] })
        }}
      />
    </Line>
  )
}
