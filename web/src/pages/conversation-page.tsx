import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DueSign } from '../components/due-sign.tsx'
import { useMedia, wide } from '../components/use-media.ts'
import { conversationQuery, heldConversation } from '../data/conversations.ts'
import { useApi, usePreferences } from '../data/services.ts'
import { transcriptQuery } from '../data/transcript.ts'
import { Composer } from './composer/composer.tsx'
import { ContextPane } from './conversation/context-pane.tsx'
import { ConversationHeader } from './conversation/conversation-header.tsx'
import { ConversationKeys } from './conversation/conversation-keys.tsx'
import { HandoverCard } from './conversation/handover-card.tsx'
import { InboxNotice } from './conversation/inbox-notice.tsx'
import { MenusProvider } from './conversation/open-menu.tsx'
import { SummaryBar } from './conversation/summary-bar.tsx'
import { Transcript } from './conversation/transcript.tsx'
import { TypingLine } from './conversation/typing-line.tsx'
import { useReadMark } from './conversation/use-read-mark.ts'
import { useViewing } from './conversation/use-viewing.ts'
import { ClaimBar } from './letter/claim-bar.tsx'
import { PageProblem } from './page-problem.tsx'

export function ConversationPage() {
  const { id } = useParams({ from: '/desk/inbox/c/$id' })
  return <OneConversation key={id} id={id} />
}

function OneConversation({ id }: { id: string }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const detail = useQuery(conversationQuery(api, id))
  const transcript = useQuery(transcriptQuery(api, id, cache))
  const readSeq = useReadMark(id, detail.data, transcript.data)
  const [contextOpen] = useContextOpen()
  useViewing(id)
  const shown = detail.data ?? heldConversation(cache, id)
  if (detail.isError && !shown) return <PageProblem error={detail.error} reset={() => void detail.refetch()} />

  return (
    <MenusProvider>
      <main
        className="flex min-w-0 flex-1 flex-col bg-surface"
        aria-label={shown?.contact?.name || t('conversation.title')}
      >
        {/* Elsewhere the list beside it has one. */}
        <h1 className="hidden narrow:sr-only narrow:block">{t('conversation.title')}</h1>
        {shown ? <ConversationHeader conversation={shown} /> : <div className="h-12 shrink-0 border-b border-line" />}
        {shown?.due ? (
          <div className="hidden border-b border-line px-4 py-1.5 narrow:flex">
            <DueSign due={shown.due} />
          </div>
        ) : null}
        {detail.data ? <ClaimBar conversation={detail.data} /> : null}
        {shown ? <InboxNotice conversation={shown} /> : null}
        {shown ? <HandoverCard conversation={shown} transcript={transcript.data} /> : null}
        <SummaryBar id={id} transcript={transcript.data} />
        <Transcript id={id} conversation={detail.data} transcript={transcript.data} readSeq={readSeq} />
        <TypingLine id={id} />
        {shown ? (
          <Composer
            conversation={shown}
            capabilities={detail.data?.capabilities ?? null}
            reachedAt={detail.data?.reachedAt ?? null}
            erased={detail.data?.erased ?? false}
          />
        ) : null}
        {shown ? <ConversationKeys conversation={shown} /> : null}
      </main>
      {contextOpen && shown ? <ContextPane conversation={shown} detail={detail.data} /> : null}
    </MenusProvider>
  )
}

/** Folded by default where it would make the conversation too narrow; what the agent chose is remembered. */
export function useContextOpen(): [boolean, (open: boolean) => void] {
  const [{ contextOpen }, setPreferences] = usePreferences()
  const isWide = useMedia(wide)
  return [isWide ? (contextOpen ?? true) : contextOpen === true, (open) => setPreferences({ contextOpen: open })]
}
