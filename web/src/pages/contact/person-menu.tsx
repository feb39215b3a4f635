import { Download, Ellipsis, Eraser, Star, UserRoundCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../../src/wire/contact.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { root } from '../../data/api.ts'
import { useContactActions } from '../../data/contact.ts'
import { useDesk } from '../../data/services.ts'
import { OwnersDialog } from './owners-dialog.tsx'

/** How somebody is treated, and what they may ask of us: all that we hold of them, and that it goes. */
export function PersonMenu({ contact }: { contact: Contact }) {
  const { t } = useTranslation()
  const role = useDesk().me.agent?.role ?? 'admin'
  const [asking, setAsking] = useState(false)
  const [owning, setOwning] = useState(false)
  const [busy, setBusy] = useState(false)
  const { change, erase } = useContactActions(contact.id)
  const eraseNow = async () => {
    setBusy(true)
    if (await erase()) setAsking(false)
    setBusy(false)
  }
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t('person.more')}>
            <Ellipsis className="size-4" />
          </IconButton>
        }
      >
        <MenuItem icon={<Star />} checked={contact.vip} onSelect={() => void change({ vip: !contact.vip })}>
          {t('first.set')}
        </MenuItem>
        <MenuItem icon={<UserRoundCheck />} onSelect={() => setTimeout(() => setOwning(true))}>
          {t('first.owners')}
        </MenuItem>
        {role === 'agent' ? null : (
          <MenuItem icon={<Download />} onSelect={() => download(contact.id)}>
            {t('person.export')}
          </MenuItem>
        )}
        {role === 'admin' ? (
          <MenuItem icon={<Eraser />} danger onSelect={() => setTimeout(() => setAsking(true))}>
            {t('person.erase')}
          </MenuItem>
        ) : null}
      </Menu>
      <OwnersDialog contact={contact} open={owning} onClose={() => setOwning(false)} />
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('person.eraseTitle', { name: contact.name || t('contact.nameless') })}
        description={t('person.eraseHelp')}
      >
        <div className="flex justify-end gap-2 pt-2">
          <Button onClick={() => setAsking(false)}>{t('common.cancel')}</Button>
          <Button look="danger" busy={busy} onClick={() => void eraseNow()}>
            {t('person.eraseNow')}
          </Button>
        </div>
      </Dialog>
    </>
  )
}

/** The server says that it is to be saved, so the page stays. */
function download(id: string): void {
  const link = document.createElement('a')
  link.href = `${root}/contacts/${id}/export`
  link.download = `contact-${id}.json`
  link.click()
}
