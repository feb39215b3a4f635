import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Badge } from '../../components/badge.tsx'
import { cx } from '../../components/cx.ts'
import { useChannelName } from '../../data/channel-words.ts'
import { clockTime, fullTime } from '../../data/time.ts'
import { Attachments } from './attachments.tsx'
import { BotWhy } from './bot-why.tsx'
import { ChangeLine } from './change-line.tsx'
import { DeliveryLine } from './delivery-line.tsx'
import { PlainText, QuotedText, WrittenText } from './message-text.tsx'
import { MessageTools } from './message-tools.tsx'

export interface BubbleProps {
  message: Message
  startsRun: boolean
  endsRun: boolean
  conversation: ConversationDetail | undefined
  answered: Message | undefined
}

export function Bubble({ message, startsRun, endsRun, conversation, answered }: BubbleProps) {
  const ours = message.direction === 'out'
  const channelName = useChannelName()
  // A chat that goes on by mail stays a chat to look at.
  const letters = conversation?.capabilities?.text.pace === 'letters' && conversation.reachedAt === null
  return (
    <article
      id={`message-${message.id}`}
      className={cx('group flex gap-2.5', startsRun ? 'pt-3' : 'pt-0.5', ours && !letters && 'flex-row-reverse')}
      aria-label={message.sender.name}
    >
      <span className="w-6 shrink-0">{startsRun ? <Face message={message} conversation={conversation} /> : null}</span>
      <div
        className={cx(
          'flex min-w-0 flex-col',
          letters ? 'flex-1' : 'max-w-[min(72ch,82%)]',
          ours && !letters && 'items-end',
        )}
      >
        {startsRun ? <RunHead message={message} /> : null}
        <div className={cx('flex max-w-full items-center gap-1', ours && !letters && 'flex-row-reverse')}>
          <div
            className={cx(
              'min-w-0 rounded-lg px-3 py-1.5',
              letters ? 'flex-1 border border-line bg-raised py-3' : ours ? 'bg-bubble-out' : 'bg-bubble-in',
            )}
          >
            {answered ? <Answered message={answered} /> : null}
            <Body message={message} />
          </div>
          <MessageTools
            message={message}
            conversation={conversation}
            canReply={conversation?.capabilities?.reply === 'full' || conversation?.capabilities?.reply === 'partial'}
          />
        </div>
        <Reactions message={message} />
        <ChangeLine message={message} />
        {message.sender.type === 'bot' ? <BotWhy message={message} atEnd={!letters} /> : null}
        <DeliveryLine
          message={message}
          channelName={conversation ? channelName(conversation.channel) : ''}
          quiet={!endsRun}
        />
      </div>
    </article>
  )
}

function Face({ message, conversation }: Pick<BubbleProps, 'message' | 'conversation'>) {
  const { sender } = message
  const theirs = sender.type === 'contact'
  const name = sender.name || (theirs ? (conversation?.contact?.name ?? '') : '')
  const contact = theirs ? conversation?.contact : null
  // In a room where several people ask, the picture is only that of whoever began.
  const picture = contact && sender.id === contact.id ? contact.picture : null
  return (
    <Avatar name={name} id={contact ? contact.id : sender.id} picture={picture} size={24} bot={sender.type === 'bot'} />
  )
}

function RunHead({ message }: { message: Message }) {
  const { t, i18n } = useTranslation()
  return (
    <header className="flex items-center gap-2 pb-0.5 text-xs text-faint">
      <span className="font-medium text-soft">
        {message.sender.name || t(message.direction === 'out' ? 'conversation.us' : 'contact.nameless')}
      </span>
      {message.sender.type === 'bot' ? <Badge tone="info">{t('conversation.bot')}</Badge> : null}
      {message.sender.type === 'system' ? <Badge tone="info">{t('conversation.automatic')}</Badge> : null}
      <time dateTime={message.createdAt} title={fullTime(message.createdAt, i18n.language)}>
        {clockTime(message.createdAt, i18n.language)}
      </time>
    </header>
  )
}

function Body({ message }: { message: Message }) {
  const { t } = useTranslation()
  if (message.deletedAt)
    return <p className="text-faint italic">{t(`conversation.deleted.${message.deletedBy ?? 'customer'}`)}</p>
  const written = message.direction === 'out'
  return (
    <>
      {message.text ? written ? <WrittenText text={message.text} /> : <PlainText text={message.text} /> : null}
      <Attachments attachments={message.attachments} />
      {message.editedAt ? <p className="text-xs text-faint">{t('conversation.edited')}</p> : null}
    </>
  )
}

function Answered({ message }: { message: Message }) {
  const { t } = useTranslation()
  return (
    <a
      href={`#message-${message.id}`}
      className="mb-1 block border-l-2 border-accent pl-2 text-xs text-soft"
      onClick={(event) => {
        event.preventDefault()
        document.getElementById(`message-${message.id}`)?.scrollIntoView({ block: 'center' })
      }}
    >
      <span className="block font-medium">{message.sender.name || t('contact.nameless')}</span>
      <span className="line-clamp-2">
        {message.direction === 'out' ? <QuotedText text={message.text} /> : message.text}
        {message.text ? null : t('list.noWords')}
      </span>
    </a>
  )
}

function Reactions({ message }: { message: Message }) {
  if (message.reactions.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-1 pt-0.5">
      {message.reactions.map((reaction) => (
        <li
          key={reaction.emoji}
          className={cx(
            'flex h-6 items-center gap-1 rounded-full border px-2 text-xs',
            reaction.ours ? 'border-accent bg-accent-soft' : 'border-line',
          )}
        >
          <span>{reaction.emoji}</span>
          {reaction.count > 1 ? <span className="text-faint">{reaction.count}</span> : null}
        </li>
      ))}
    </ul>
  )
}
