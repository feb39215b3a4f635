import { BadgeCheck, ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { Letter } from '../../../../src/wire/letter.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Badge } from '../../components/badge.tsx'
import { cx } from '../../components/cx.ts'
import { nameOrAddress, trustOf } from '../../data/letter.ts'
import { clockTime, fullTime } from '../../data/time.ts'
import { MessageTools } from '../conversation/message-tools.tsx'
import { LetterDetails } from './letter-details.tsx'

interface LetterHeadProps {
  message: Message
  letter: Letter
  conversation: ConversationDetail | undefined
}

/** From, to and when in two lines; everything else of the envelope behind a click. */
export function LetterHead({ message, letter, conversation }: LetterHeadProps) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  const details = useId()
  const { sender } = message
  const name = letter.from.name || sender.name || letter.from.address || t('contact.nameless')
  const theirs = message.direction === 'in'
  return (
    <header className="flex flex-col gap-2 px-4 pt-3 narrow:px-3">
      <div className="flex items-start gap-2.5">
        <Avatar name={name} id={sender.id} size={32} bot={sender.type === 'bot'} />
        <div className="min-w-0 flex-1">
          <div className="flex min-w-0 items-center gap-1.5">
            <span className="truncate font-semibold">{name}</span>
            {theirs && trustOf(message) === 'verified' ? <Verified /> : null}
            {letter.from.name && letter.from.address ? (
              <span className="min-w-0 truncate text-xs text-faint narrow:hidden">{letter.from.address}</span>
            ) : null}
            {message.byProgram ? <Badge>{t('letter.byProgram')}</Badge> : null}
            {sender.type === 'bot' ? <Badge tone="info">{t('conversation.bot')}</Badge> : null}
          </div>
          <button
            type="button"
            aria-expanded={open}
            aria-controls={details}
            title={t('letter.details')}
            className="-ml-1 flex min-h-6 max-w-full items-center gap-1 rounded px-1 text-left text-xs text-faint hover:bg-hover hover:text-soft touch:-my-2 touch:min-h-11"
            onClick={() => setOpen(!open)}
          >
            <span className="truncate">{useSummary(letter)}</span>
            <ChevronDown
              aria-hidden="true"
              className={cx('size-3.5 shrink-0 transition-transform duration-150', open && 'rotate-180')}
            />
          </button>
        </div>
        <span className="-my-1 touch:-my-3">
          <MessageTools
            message={message}
            conversation={conversation}
            canReply={conversation?.capabilities?.reply !== 'rejected'}
          />
        </span>
        <time
          dateTime={message.createdAt}
          title={fullTime(message.createdAt, i18n.language)}
          className="shrink-0 pt-0.5 text-xs text-faint"
        >
          {clockTime(message.createdAt, i18n.language)}
        </time>
      </div>
      <div id={details} hidden={!open}>
        {open ? <LetterDetails message={message} letter={letter} /> : null}
      </div>
    </header>
  )
}

/** "to Support and 2 others": enough to see that more people read along. */
function useSummary({ to, cc, bcc = [] }: Letter): string {
  const { t } = useTranslation()
  const all = [...to, ...cc, ...bcc]
  const [first] = all
  if (!first) return t('letter.toNobody')
  const name = nameOrAddress(first)
  return all.length === 1 ? t('letter.to', { name }) : t('letter.toMore', { name, count: all.length - 1 })
}

function Verified() {
  const { t } = useTranslation()
  return (
    <span role="img" aria-label={t('letter.verified')} title={t('letter.verified')} className="text-accent-text">
      <BadgeCheck aria-hidden="true" className="size-4 shrink-0" />
    </span>
  )
}
