import { Copy, Ellipsis, History, Reply } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../../src/wire/message.ts'
import { IconButton } from '../../components/button.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { useGround } from '../../data/services.ts'
import { askComposer } from '../composer/ask-composer.ts'
import { VersionsDialog } from './versions-dialog.tsx'

/** Beside a message when pointer or focus is on it. */
export function MessageTools({ message, canReply }: { message: Message; canReply: boolean }) {
  const { t } = useTranslation()
  const { toasts } = useGround()
  const [versions, setVersions] = useState(false)
  if (message.deletedAt) return null
  const copy = async () => {
    await navigator.clipboard.writeText(message.text)
    toasts.show({ tone: 'plain', text: t('did.copied') }, 2_500)
  }
  return (
    <span className="flex opacity-0 transition-opacity duration-100 group-focus-within:opacity-100 group-hover:opacity-100 has-data-[state=open]:opacity-100 touch:opacity-60">
      <Menu
        trigger={
          <IconButton label={t('message.tools')} className="size-7 touch:size-8">
            <Ellipsis className="size-4" />
          </IconButton>
        }
      >
        {canReply ? (
          <MenuItem
            icon={<Reply />}
            onSelect={() => setTimeout(() => askComposer({ kind: 'reply', replyTo: message.id }))}
          >
            {t('message.reply')}
          </MenuItem>
        ) : null}
        <MenuItem icon={<Copy />} onSelect={() => void copy()}>
          {t('message.copy')}
        </MenuItem>
        {message.editedAt ? (
          <MenuItem icon={<History />} onSelect={() => setVersions(true)}>
            {t('message.versions')}
          </MenuItem>
        ) : null}
      </Menu>
      <VersionsDialog message={message} open={versions} onClose={() => setVersions(false)} />
    </span>
  )
}
