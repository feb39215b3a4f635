import { Download, Ellipsis, Eraser } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../../src/wire/contact.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { root } from '../../data/api.ts'
import { useContactActions } from '../../data/contact.ts'
import { useDesk } from '../../data/services.ts'

/** What a person may ask of us: all that we hold of them, and that it goes. */
export function PersonMenu({ contact }: { contact: Contact }) {
  const { t } = useTranslation()
  const role = useDesk().me.agent?.role ?? 'admin'
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const { erase } = useContactActions(contact.id)
  if (role === 'agent') return null
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
        <MenuItem icon={<Download />} onSelect={() => download(contact.id)}>
          {t('person.export')}
        </MenuItem>
        {role === 'admin' ? (
          <MenuItem icon={<Eraser />} danger onSelect={() => setTimeout(() => setAsking(true))}>
            {t('person.erase')}
          </MenuItem>
        ) : null}
      </Menu>
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
