import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { TimelineEntry } from '../../../../src/wire/contact.ts'
import { Button } from '../../components/button.tsx'
import { ChannelIcon } from '../../components/channel-icon.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { useMedia, wide } from '../../components/use-media.ts'
import { useNow } from '../../components/use-now.ts'
import { contactQuery, timelineQuery } from '../../data/contact.ts'
import { useApi } from '../../data/services.ts'
import { fullTime, shortTime } from '../../data/time.ts'
import { QuotedText } from '../conversation/message-text.tsx'
import { useContextOpen } from '../conversation-page.tsx'

interface TimelineProps {
  contactId: string
  conversationId: string
}

/** What this person and we said, on all channels: each entry opens its conversation where it was said. */
export function Timeline({ contactId, conversationId }: TimelineProps) {
  const { t } = useTranslation()
  const api = useApi()
  const query = useInfiniteQuery(timelineQuery(api, contactId))
  const erased = useQuery(contactQuery(api, contactId)).data?.erasedAt
  const entries = query.data?.pages.flatMap((page) => page.items) ?? []
  if (erased) return null
  return (
    <section className="border-t border-line p-2" aria-label={t('person.timeline')}>
      <h3 className="px-2 py-2 text-xs text-faint">{t('person.timeline')}</h3>
      {query.isPending ? <TimelineSkeleton /> : null}
      {query.isError && entries.length === 0 ? (
        <p role="alert" className="flex items-center justify-between gap-2 px-2 py-1 text-sm text-soft">
          {t('person.timelineNotLoaded')}
          <Button look="quiet" onClick={() => void query.refetch()}>
            {t('common.tryAgain')}
          </Button>
        </p>
      ) : null}
      {query.isSuccess && entries.length === 0 ? (
        <p className="px-2 py-1 text-sm text-faint">{t('person.timelineEmpty')}</p>
      ) : null}
      <ol>
        {entries.map((entry) => (
          <Entry key={entry.messageId} entry={entry} elsewhere={entry.conversationId !== conversationId} />
        ))}
      </ol>
      {query.hasNextPage ? (
        <Button
          look="quiet"
          className="w-full"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('person.timelineMore')}
        </Button>
      ) : null}
    </section>
  )
}

function Entry({ entry, elsewhere }: { entry: TimelineEntry; elsewhere: boolean }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const [, setOpen] = useContextOpen()
  const isWide = useMedia(wide)
  const ours = entry.direction === 'out'
  return (
    <li>
      <Link
        to="/c/$id"
        params={{ id: entry.conversationId }}
        search={(old) => old as never}
        hash={`message-${entry.messageId}`}
        className="flex gap-2 rounded px-2 py-1.5 text-sm hover:bg-hover"
        // Where it lies over the conversation it would hide what was asked for.
        onClick={() => !isWide && setOpen(false)}
      >
        <ChannelIcon channel={entry.channel} className="mt-0.5 size-3.5 shrink-0 text-soft" />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex items-baseline gap-2 text-xs text-faint">
            <span className="min-w-0 truncate font-medium text-soft">
              {entry.sender.name || t(ours ? 'person.us' : 'contact.nameless')}
            </span>
            {elsewhere ? <span>#{entry.number}</span> : null}
            <span className="flex-1" />
            <time dateTime={entry.at} title={fullTime(entry.at, i18n.language)} className="shrink-0">
              {shortTime(entry.at, now, i18n.language)}
            </time>
          </span>
          <span className="line-clamp-2 [overflow-wrap:anywhere]">
            <Words entry={entry} />
          </span>
        </span>
      </Link>
    </li>
  )
}

function Words({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation()
  if (entry.deleted) return <span className="text-faint italic">{t('conversation.deleted.us')}</span>
  if (!entry.text) return <span className="text-faint">{t('list.noWords')}</span>
  return entry.direction === 'out' ? <QuotedText text={entry.text} /> : entry.text
}

function TimelineSkeleton() {
  return (
    <div className="flex flex-col gap-3 px-2 py-1" aria-hidden="true">
      <Skeleton className="h-8" />
      <Skeleton className="h-8 w-4/5" />
      <Skeleton className="h-8" />
    </div>
  )
}
