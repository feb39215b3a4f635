import { useQuery } from '@tanstack/react-query'
import { Ellipsis, Lock } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FullText } from '../../../../src/wire/letter.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { useApi } from '../../data/services.ts'
import { Attachments } from '../conversation/attachments.tsx'
import { PlainText, WrittenText } from '../conversation/message-text.tsx'
import { LetterFrame } from './letter-frame.tsx'

/** What is new in a mail; what it quotes, and its own look where that would come with the quotes, on demand. */
export function LetterBody({ message }: { message: Message }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const { letter } = message
  if (message.deletedAt)
    return <p className="text-faint italic">{t(`conversation.deleted.${message.deletedBy ?? 'customer'}`)}</p>
  const framed = message.hasHtml && (all || !message.hasMore)
  // The frame shows them where they stand in the text.
  const attachments = framed ? message.attachments.filter((file) => !file.inline) : message.attachments
  return (
    <div className="flex flex-col gap-2">
      {letter?.protection ? (
        <p className="flex items-center gap-1.5 text-xs text-soft">
          <Lock aria-hidden="true" className="size-3.5 shrink-0" />
          {t(`letter.protection.${letter.protection}`)}
        </p>
      ) : null}
      {framed ? <LetterFrame message={message} /> : <Words message={message} all={all} />}
      {message.hasMore ? (
        <button
          type="button"
          aria-expanded={all}
          className="inline-flex h-6 w-fit items-center gap-1 rounded bg-pressed px-2 text-xs text-soft hover:text-text touch:h-11"
          onClick={() => setAll(!all)}
        >
          <Ellipsis aria-hidden="true" className="size-3.5" />
          {t(all ? 'letter.less' : 'letter.everything')}
        </button>
      ) : null}
      <Attachments attachments={attachments} />
      {message.editedAt ? <p className="text-xs text-faint">{t('conversation.edited')}</p> : null}
    </div>
  )
}

function Words({ message, all }: { message: Message; all: boolean }) {
  const api = useApi()
  const full = useQuery({
    queryKey: ['full-text', message.id],
    enabled: all,
    gcTime: 60_000,
    queryFn: ({ signal }) => api.get<FullText>(`/messages/${message.id}/full`, {}, signal),
  })
  const text = (all && full.data?.text) || message.text
  if (!text) return null
  return (
    <div className="max-w-[72ch]">
      {message.direction === 'out' ? <WrittenText text={text} /> : <PlainText text={text} />}
    </div>
  )
}
