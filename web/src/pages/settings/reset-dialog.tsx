import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../../src/wire/agent.ts'
import type { OneTimeLink } from '../../../../src/wire/session.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ShownOnce } from './shown-once.tsx'

export function ResetDialog({ agent, open, onClose }: { agent: Agent; open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const api = useApi()
  const submit = useSubmit()
  const [link, setLink] = useState<OneTimeLink | null>(null)
  const make = async () => setLink(await api.send<OneTimeLink>('POST', `/agents/${agent.id}/reset-link`))
  const close = () => {
    setLink(null)
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t('people.reset')}
      description={t('people.resetLead', { name: agent.name })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      {link ? (
        <ShownOnce label={t('people.link')} value={link.url} help={t('people.linkHelp')} />
      ) : (
        <Button look="primary" busy={submit.busy} onClick={() => void submit.run(make)}>
          {t('people.makeLink')}
        </Button>
      )}
    </Dialog>
  )
}
