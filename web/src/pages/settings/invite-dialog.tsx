import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OneTimeLink } from '../../../../src/wire/session.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SelectField, TextField } from '../../components/field.tsx'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ShownOnce } from './shown-once.tsx'

export function InviteDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const [link, setLink] = useState<OneTimeLink | null>(null)
  const close = () => {
    setLink(null)
    onClose()
  }
  return (
    <Dialog open={open} onClose={close} title={t('people.invite')} description={t('people.inviteLead')}>
      {link ? (
        <ShownOnce label={t('people.link')} value={link.url} help={t('people.linkHelp')} />
      ) : (
        <InviteForm onDone={setLink} />
      )}
    </Dialog>
  )
}

function InviteForm({ onDone }: { onDone: (link: OneTimeLink) => void }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const submit = useSubmit(['email', 'role'])
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit.onSubmit(async (form) => {
        onDone(
          await api.send<OneTimeLink>('POST', '/invitations', {
            email: String(form.get('email')).trim(),
            role: form.get('role'),
          }),
        )
        await cache.invalidateQueries({ queryKey: ['agents'] })
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <TextField
        label={t('signIn.email')}
        name="email"
        type="email"
        required
        autoComplete="off"
        error={submit.problems['email']}
      />
      <SelectField
        label={t('people.role')}
        name="role"
        defaultValue="agent"
        help={t('people.roleHelp')}
        options={(['agent', 'supervisor', 'admin'] as const).map((role) => ({ value: role, label: t(`role.${role}`) }))}
      />
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('people.makeLink')}
      </Button>
    </form>
  )
}
