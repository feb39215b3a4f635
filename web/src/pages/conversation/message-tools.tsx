import { Copy, Ellipsis, History, Pencil, Reply, ThumbsDown, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { IconButton } from '../../components/button.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../components/menu.tsx'
import { useChannelName } from '../../data/channel-words.ts'
import { useGround } from '../../data/services.ts'
import { askComposer } from '../composer/ask-composer.ts'
import { EditDialog, RemoveDialog } from './change-dialogs.tsx'
import { useBot } from './use-bot.ts'
import { type MessageChanges, useChangeMessage, useMessageChanges } from './use-change-message.ts'
import { VersionsDialog } from './versions-dialog.tsx'

interface MessageToolsProps {
  message: Message
  conversation: ConversationDetail | undefined
  canReply: boolean
}

/** Beside a message when pointer or focus is on it. */
export function MessageTools({ message, conversation, canReply }: MessageToolsProps) {
  const { t } = useTranslation()
  const { toasts } = useGround()
  const channelName = useChannelName()
  const can = useMessageChanges(message, conversation)
  const bot = useBot()
  const [shown, setShown] = useState<'versions' | 'edit' | 'remove' | null>(null)
  if (message.deletedAt) return null
  const close = () => setShown(null)
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
        {can.react ? <ReactionRow message={message} /> : null}
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
          <MenuItem icon={<History />} onSelect={() => setShown('versions')}>
            {t('message.versions')}
          </MenuItem>
        ) : null}
        {message.sender.type === 'bot' ? (
          <MenuItem icon={<ThumbsDown />} onSelect={() => void bot.judge(message, true)}>
            {t('bot.wrong')}
          </MenuItem>
        ) : null}
        <ChangeItems can={can} onChoose={setShown} />
        {can.fixed ? (
          <MenuLabel>
            {t(`message.fixed.${can.fixed}`, { channel: conversation ? channelName(conversation.channel) : '' })}
          </MenuLabel>
        ) : null}
      </Menu>
      <VersionsDialog message={message} open={shown === 'versions'} onClose={close} />
      <EditDialog message={message} open={shown === 'edit'} onClose={close} />
      <RemoveDialog message={message} open={shown === 'remove'} onClose={close} />
    </span>
  )
}

function ChangeItems({ can, onChoose }: { can: MessageChanges; onChoose: (what: 'edit' | 'remove') => void }) {
  const { t } = useTranslation()
  if (!can.edit && !can.remove) return null
  return (
    <>
      <MenuLine />
      {can.edit ? (
        <MenuItem icon={<Pencil />} onSelect={() => onChoose('edit')}>
          {t('message.edit')}
        </MenuItem>
      ) : null}
      {can.remove ? (
        <MenuItem danger icon={<Trash2 />} onSelect={() => onChoose('remove')}>
          {t('message.remove')}
        </MenuItem>
      ) : null}
    </>
  )
}

const offered = ['👍', '❤️', '🎉', '🙏', '👀', '😢'] as const

function ReactionRow({ message }: { message: Message }) {
  const { t } = useTranslation()
  const { react } = useChangeMessage(message)
  const ours = new Set(message.reactions.filter((reaction) => reaction.ours).map(({ emoji }) => emoji))
  return (
    <DropdownMenu.Group aria-label={t('message.react')} className="flex justify-between gap-0.5 px-1 py-1">
      {offered.map((emoji) => (
        <DropdownMenu.CheckboxItem
          key={emoji}
          checked={ours.has(emoji)}
          aria-label={t('message.reactWith', { emoji })}
          onSelect={() => void react(emoji)}
          className="flex size-8 items-center justify-center rounded text-base outline-none select-none aria-checked:bg-accent-soft data-[highlighted]:bg-hover touch:size-11"
        >
          {emoji}
        </DropdownMenu.CheckboxItem>
      ))}
    </DropdownMenu.Group>
  )
}
