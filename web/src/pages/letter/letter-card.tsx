import { ShieldAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { Letter } from '../../../../src/wire/letter.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { cx } from '../../components/cx.ts'
import { useChannelName } from '../../data/channel-words.ts'
import { trustOf } from '../../data/letter.ts'
import { BotWhy } from '../conversation/bot-why.tsx'
import { DeliveryLine } from '../conversation/delivery-line.tsx'
import { LetterBody } from './letter-body.tsx'
import { LetterHead } from './letter-head.tsx'

interface LetterCardProps {
  message: Message
  letter: Letter
  conversation: ConversationDetail | undefined
  /** It begins the conversation or came under another subject than the one before. */
  tellsSubject: boolean
}

/** One mail, across the full width: letters are read, not chatted. */
export function LetterCard({ message, letter, conversation, tellsSubject }: LetterCardProps) {
  const { t } = useTranslation()
  const channelName = useChannelName()
  const ours = message.direction === 'out'
  const doubtful = !ours && trustOf(message) === 'doubtful'
  return (
    <article
      id={`message-${message.id}`}
      className="group flex flex-col pt-3"
      aria-label={letter.from.name || message.sender.name || letter.from.address}
    >
      <div
        className={cx(
          'flex flex-col gap-2.5 rounded-lg border pb-3',
          ours ? 'border-transparent bg-bubble-out' : 'border-line bg-raised',
        )}
      >
        <LetterHead message={message} letter={letter} conversation={conversation} />
        {tellsSubject ? (
          <h4 className="px-4 font-semibold break-words narrow:px-3" dir="auto">
            {message.subject}
          </h4>
        ) : null}
        {doubtful ? (
          <p className="mx-4 flex items-start gap-2 rounded bg-warning-soft px-2.5 py-1.5 text-xs text-warning narrow:mx-3">
            <ShieldAlert aria-hidden="true" className="mt-px size-3.5 shrink-0" />
            {t('letter.doubtful')}
          </p>
        ) : null}
        <div className="px-4 narrow:px-3">
          <LetterBody message={message} />
        </div>
      </div>
      {message.sender.type === 'bot' ? <BotWhy message={message} /> : null}
      <DeliveryLine
        message={message}
        channelName={conversation ? channelName(conversation.channel) : ''}
        quiet={false}
      />
    </article>
  )
}
