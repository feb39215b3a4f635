import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../../src/wire/agent.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'

/** For a colleague whose phone is gone. */
export function RemoveFactorDialog({ agent, open, onClose }: { agent: Agent; open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const submit = useSubmit()
  const remove = async () => {
    await api.send('DELETE', `/agents/${agent.id}/totp`)
    await cache.invalidateQueries({ queryKey: ['agents'] })
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('people.removeFactor')}
      description={t('people.removeFactorAsk', { name: agent.name })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <div className="flex justify-end gap-2 pt-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" busy={submit.busy} onClick={() => void submit.run(remove)}>
          {t('people.removeFactor')}
        </Button>
      </div>
    </Dialog>
  )
}
