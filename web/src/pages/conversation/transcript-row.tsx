import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { useNow } from '../../components/use-now.ts'
import { dayName } from '../../data/time.ts'
import type { Row } from '../../data/transcript-rows.ts'
import { LetterCard } from '../letter/letter-card.tsx'
import { ActivityLine } from './activity-line.tsx'
import { Bubble } from './bubble.tsx'
import { Note } from './note.tsx'

interface TranscriptRowProps {
  row: Row
  conversation: ConversationDetail | undefined
  byId: ReadonlyMap<string, Message>
  tellsSubject: boolean
}

export const TranscriptRow = memo(function TranscriptRow({
  row,
  conversation,
  byId,
  tellsSubject,
}: TranscriptRowProps) {
  switch (row.kind) {
    case 'day':
      return <Day at={row.at} />
    case 'new':
      return <NewMark />
    case 'activities':
      return <ActivityLine activities={row.activities} before={row.before} conversation={conversation} />
    case 'message':
      if (row.message.direction === 'note') return <Note message={row.message} conversation={conversation} />
      return row.message.letter ? (
        <LetterCard
          message={row.message}
          letter={row.message.letter}
          conversation={conversation}
          tellsSubject={tellsSubject}
        />
      ) : (
        <Bubble
          message={row.message}
          startsRun={row.startsRun}
          endsRun={row.endsRun}
          conversation={conversation}
          answered={row.message.replyTo ? byId.get(row.message.replyTo) : undefined}
        />
      )
    default:
      return row satisfies never
  }
})

function Day({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const now = useNow(60_000)
  return (
    <h3 className="flex items-center gap-3 py-3 text-xs text-faint first:pt-0">
      <span className="h-px flex-1 bg-line" />
      {dayName(at, now, i18n.language)}
      <span className="h-px flex-1 bg-line" />
    </h3>
  )
}

function NewMark() {
  const { t } = useTranslation()
  return (
    <h3 className="flex items-center gap-3 py-2 text-xs font-medium text-accent-text">
      <span className="h-px flex-1 bg-accent" />
      {t('conversation.newSince')}
      <span className="h-px flex-1 bg-accent" />
    </h3>
  )
}
