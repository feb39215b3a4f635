import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../../src/wire/contact.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SelectField } from '../../components/field.tsx'
import { useAgents } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'

interface OwnersDialogProps {
  contact: Contact
  open: boolean
  onClose: () => void
}

/** Whose customer somebody is, and two who stand in. */
export function OwnersDialog({ contact, open, onClose }: OwnersDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('first.ownersTitle', { name: contact.name || t('contact.nameless') })}
      description={t('first.ownersHelp')}
    >
      <OwnersForm contact={contact} onDone={onClose} />
    </Dialog>
  )
}

function OwnersForm({ contact, onDone }: { contact: Contact; onDone: () => void }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const agents = useAgents().filter((agent) => agent.active)
  const submit = useSubmit()
  const options = [
    { value: '', label: t('first.nobody') },
    ...agents.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={submit.onSubmit(async (form) => {
        const chosen = form.getAll('owner').map(String).filter(Boolean)
        await api.send('PUT', `/contacts/${contact.id}/owners`, { agentIds: [...new Set(chosen)] })
        await cache.invalidateQueries({ queryKey: ['contacts', contact.id] })
        onDone()
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      {[0, 1, 2].map((rank) => (
        <SelectField
          key={rank}
          label={t(rank === 0 ? 'first.owner' : 'first.deputy')}
          name="owner"
          defaultValue={contact.ownerIds[rank] ?? ''}
          options={options}
        />
      ))}
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('common.save')}
      </Button>
    </form>
  )
}
