import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { Empty } from '../../components/empty.tsx'
import { ListSkeleton } from '../../components/skeleton.tsx'
import { narrow, useMedia } from '../../components/use-media.ts'
import { useConversationList } from '../../data/conversations.ts'
import { usePreferences } from '../../data/services.ts'
import { queryOf } from '../../data/views.ts'
import { useCurrentView } from '../current-view.ts'
import { EmptyView } from './empty-view.tsx'
import { ListHeader } from './list-header.tsx'
import { ListResizer } from './list-resizer.tsx'
import { Rows } from './rows.tsx'

export function ListPane() {
  const { t } = useTranslation()
  const view = useCurrentView() ?? 'all'
  const { status, sort, answer } = useSearch({ from: '/desk/inbox' })
  const { id } = useParams({ strict: false })
  const query = useMemo(() => queryOf(view, { status, sort, answer }), [view, status, sort, answer])
  const list = useConversationList(query)
  const navigate = useNavigate()
  const [{ listWidth }] = usePreferences()
  const isNarrow = useMedia(narrow)

  return (
    <section
      aria-label={t('list.title')}
      className="relative flex min-h-0 flex-col border-x border-line bg-surface narrow:w-full narrow:border-0"
      style={isNarrow ? undefined : { width: listWidth }}
    >
      <ListHeader view={view} />
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError && !list.data ? (
        <Empty title={t('error.offline')}>
          <Button onClick={() => void list.refetch()}>{t('common.tryAgain')}</Button>
        </Empty>
      ) : list.data && list.data.items.length === 0 && !id ? (
        <EmptyView view={view} />
      ) : (
        <Rows
          // A view is another list: nothing of the old one's order or place is kept.
          key={JSON.stringify(query)}
          items={list.data?.items ?? []}
          selected={id ?? null}
          onOpen={(next) => void navigate({ to: '/c/$id', params: { id: next }, search: (old) => ({ ...old, view }) })}
          onEnd={() => void list.loadMore()}
          view={view}
        />
      )}
      {isNarrow ? null : <ListResizer />}
    </section>
  )
}
