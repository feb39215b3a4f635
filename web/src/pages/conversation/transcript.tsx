import { useQueryClient } from '@tanstack/react-query'
import { ArrowDown } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { Skeleton } from '../../components/skeleton.tsx'
import { tellingSubjects } from '../../data/letter.ts'
import type { Transcript as Held } from '../../data/message-merge.ts'
import { useApi, useDesk } from '../../data/services.ts'
import { useStore } from '../../data/store.ts'
import { loadOlder } from '../../data/transcript.ts'
import { transcriptRows } from '../../data/transcript-rows.ts'
import { Announcer } from './announcer.tsx'
import { PendingMessage } from './pending-message.tsx'
import { TranscriptRow } from './transcript-row.tsx'
import { useGoToMessage } from './use-go-to-message.ts'
import { useStickToEnd } from './use-stick-to-end.ts'

interface TranscriptProps {
  id: string
  conversation: ConversationDetail | undefined
  transcript: Held | undefined
  readSeq: number | null
}

const none: Message[] = []

export function Transcript({ id, conversation, transcript, readSeq }: TranscriptProps) {
  const { t } = useTranslation()
  const messages = transcript?.messages ?? none
  const rows = useMemo(
    () => transcriptRows(messages, transcript?.activities ?? [], readSeq),
    [messages, transcript?.activities, readSeq],
  )
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages])
  const subjects = useMemo(() => tellingSubjects(messages), [messages])
  const pending = useStore(useDesk().outbox.pending).filter(
    (entry) => entry.conversationId === id && !messages.some((message) => message.clientId === entry.clientId),
  )
  const letters = conversation?.capabilities?.text.pace === 'letters'
  const scroller = useRef<HTMLDivElement>(null)
  const stick = useStickToEnd(scroller, messages, pending.length)
  const older = useOlder(id)
  useGoToMessage(transcript, older.load)

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        onScroll={(event) => {
          stick.onScroll()
          if (event.currentTarget.scrollTop < 300 && transcript?.hasOlder) older.load()
        }}
        className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden [overflow-anchor:none]"
        role="log"
        aria-live="off"
        aria-label={t('conversation.title')}
      >
        <div className="mx-auto flex min-h-full max-w-[860px] flex-col justify-end px-6 py-4 narrow:px-3">
          {transcript ? null : <TranscriptSkeleton />}
          {transcript?.hasOlder ? (
            <button
              type="button"
              className="mx-auto mb-2 h-8 rounded px-3 text-sm text-soft hover:bg-hover"
              onClick={older.load}
            >
              {t('conversation.older')}
            </button>
          ) : null}
          {rows.map((row) => (
            <TranscriptRow
              key={row.key}
              row={row}
              conversation={conversation}
              byId={byId}
              tellsSubject={row.kind === 'message' && subjects.has(row.message.id)}
            />
          ))}
          {pending.map((entry) => (
            <PendingMessage key={entry.clientId} entry={entry} letters={letters} />
          ))}
        </div>
      </div>
      {stick.away && stick.fresh > 0 ? (
        <button
          type="button"
          className="sheet-in absolute inset-x-0 bottom-2 mx-auto flex h-7 w-fit items-center gap-1.5 rounded-full bg-accent px-3 text-xs font-medium text-on-accent shadow-lift touch:h-11"
          onClick={stick.toEnd}
        >
          <ArrowDown className="size-3.5" />
          {t('conversation.newBelow', { count: stick.fresh })}
        </button>
      ) : null}
      <Announcer messages={messages} />
    </div>
  )
}

function useOlder(id: string): { load: () => void } {
  const api = useApi()
  const cache = useQueryClient()
  const busy = useRef(false)
  const [, settle] = useState(0)
  return {
    load: () => {
      if (busy.current) return
      busy.current = true
      void loadOlder(api, id, cache)
        .catch(() => undefined)
        .finally(() => {
          busy.current = false
          settle((n) => n + 1)
        })
    },
  }
}

function TranscriptSkeleton() {
  return (
    <div className="flex flex-col gap-4" aria-hidden="true">
      <Skeleton className="h-14 w-3/5 rounded-lg" />
      <div className="self-end">
        <Skeleton className="h-10 w-72 rounded-lg" />
      </div>
      <Skeleton className="h-20 w-1/2 rounded-lg" />
    </div>
  )
}
