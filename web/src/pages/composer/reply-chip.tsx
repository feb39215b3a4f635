import { useQueryClient } from '@tanstack/react-query'
import { CornerUpLeft, Globe, Lock, Users, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { IconButton } from '../../components/button.tsx'
import { useChannelName } from '../../data/channel-words.ts'
import type { Writing } from '../../data/draft.ts'
import { type Envelope, nameOrAddress } from '../../data/letter.ts'
import type { Transcript } from '../../data/message-merge.ts'
import { transcriptKey } from '../../data/transcript.ts'
import { PrivateDoorButton } from './private-door-button.tsx'

interface ReplyChipProps {
  conversation: Conversation
  writing: Writing
  change: (part: Partial<Writing>) => void
  /** Where letters are exchanged. */
  envelope: Envelope | null
  /** A chat that is answered by mail this time. */
  byMail: boolean
  /** There is a place that nobody else reads. */
  canGoPrivate: boolean
}

/** Says where the words will go and who will read them, before they are written. */
export function ReplyChip({ conversation, writing, change, envelope, byMail, canGoPrivate }: ReplyChipProps) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const answered = writing.replyTo
    ? cache
        .getQueryData<Transcript>(transcriptKey(conversation.id))
        ?.messages.find((message) => message.id === writing.replyTo)
    : undefined
  const { audience } = conversation
  const to = envelope?.to[0]
  const channelName = useChannelName()
  const channel = byMail ? t('envelope.mail') : channelName(conversation.channel)
  return (
    <header className="flex min-h-7 flex-wrap items-center gap-x-2 gap-y-0.5 px-3.5 pt-2 text-xs">
      {writing.kind === 'note' ? (
        <span className="flex items-center gap-1.5 font-medium">
          <Lock className="size-3.5" />
          {t('composer.noteSeen')}
        </span>
      ) : (
        <>
          <span className="text-faint">
            {t(envelope ? 'envelope.replyBy' : 'composer.replyTo', {
              name: to ? nameOrAddress(to) : conversation.contact?.name || t('contact.nameless'),
              channel,
            })}
          </span>
          {audience === 'private' ? null : (
            <span className="flex items-center gap-1 rounded-full bg-warning-soft px-2 py-0.5 font-medium text-warning">
              {audience === 'public' ? <Globe className="size-3" /> : <Users className="size-3" />}
              {t(`composer.warn.${audience}`)}
            </span>
          )}
          {canGoPrivate ? <PrivateDoorButton conversation={conversation} writing={writing} change={change} /> : null}
        </>
      )}
      {answered && writing.kind === 'reply' ? (
        <span className="flex w-full min-w-0 items-center gap-1.5 text-soft">
          <CornerUpLeft className="size-3.5 shrink-0" />
          <span className="min-w-0 truncate">{answered.text || t('list.noWords')}</span>
          <IconButton label={t('composer.dropReply')} className="size-6" onClick={() => change({ replyTo: null })}>
            <X className="size-3" />
          </IconButton>
        </span>
      ) : null}
    </header>
  )
}
