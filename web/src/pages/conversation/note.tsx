import { Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { clockTime, fullTime } from '../../data/time.ts'
import { Attachments } from './attachments.tsx'
import { WrittenText } from './message-text.tsx'
import { MessageTools } from './message-tools.tsx'

interface NoteProps {
  message: Message
  conversation: ConversationDetail | undefined
}

/** Full width, amber, a lock and the word: nobody may take it for something the customer saw. */
export function Note({ message, conversation }: NoteProps) {
  const { t, i18n } = useTranslation()
  return (
    <article
      className="group my-1.5 rounded-lg border border-note-line bg-note px-3.5 py-2.5 text-note-text"
      aria-label={t('note.by', { name: message.sender.name })}
    >
      <header className="flex items-center gap-1.5 pb-0.5 text-xs">
        <Lock aria-hidden="true" className="size-3.5" />
        <strong className="font-semibold">{t('note.word')}</strong>
        <span>{message.sender.name}</span>
        <time dateTime={message.createdAt} title={fullTime(message.createdAt, i18n.language)}>
          {clockTime(message.createdAt, i18n.language)}
        </time>
        {message.editedAt && !message.deletedAt ? <span>{t('conversation.edited')}</span> : null}
        <span className="-my-1.5 ml-auto">
          <MessageTools message={message} conversation={conversation} canReply={false} />
        </span>
      </header>
      {message.deletedAt ? (
        <p className="italic">{t('conversation.deleted.us')}</p>
      ) : (
        <WrittenText text={message.text} />
      )}
      <Attachments attachments={message.attachments} />
    </article>
  )
}
