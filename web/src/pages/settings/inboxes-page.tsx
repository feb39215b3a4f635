import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Inbox } from '../../../../src/wire/inbox.ts'
import { ChannelIcon } from '../../components/channel-icon.tsx'
import { ListSkeleton } from '../../components/skeleton.tsx'
import { useChannelName } from '../../data/channel-words.ts'
import { inboxesQuery } from '../../data/directory.ts'
import { useApi, useDesk } from '../../data/services.ts'
import { FirstRun } from '../no-conversation.tsx'
import { InboxState } from './inbox-state.tsx'
import { SampleSection } from './sample-section.tsx'
import { Lines, SettingsPage } from './settings-page.tsx'

export function InboxesPage() {
  const { t } = useTranslation()
  const inboxes = useQuery(inboxesQuery(useApi()))
  const admin = useDesk().me.scopes.includes('admin')
  if (inboxes.data?.length === 0 && admin) return <FirstRun />
  return (
    <SettingsPage title={t('settings.inboxes')} lead={t('inbox.lead')} action={admin ? <AddInbox /> : null}>
      {inboxes.data ? (
        <Lines label={t('settings.inboxes')}>
          {inboxes.data.map((inbox) => (
            <li key={inbox.id}>
              <InboxLine inbox={inbox} />
            </li>
          ))}
        </Lines>
      ) : (
        <ListSkeleton rows={3} />
      )}
      {admin ? <SampleSection /> : null}
    </SettingsPage>
  )
}

function AddInbox() {
  const { t } = useTranslation()
  return (
    <Link
      to="/settings/inboxes/new"
      className="inline-flex h-8 shrink-0 items-center gap-1.5 rounded bg-accent px-3 text-sm font-medium text-on-accent hover:bg-accent-strong touch:h-11"
    >
      <Plus className="size-4" />
      {t('inbox.add')}
    </Link>
  )
}

function InboxLine({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation()
  const channelName = useChannelName()
  const trouble = inbox.health.error ?? inbox.health.warning
  return (
    <Link
      to="/settings/inboxes/$id"
      params={{ id: inbox.id }}
      className="flex items-center gap-3 px-4 py-3 hover:bg-hover"
    >
      <span className="flex size-9 shrink-0 items-center justify-center rounded bg-pressed text-soft">
        <ChannelIcon channel={inbox.channel} className="size-5" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{inbox.name}</span>
        <span className="block truncate text-xs text-faint">{trouble ?? channelName(inbox.channel)}</span>
      </span>
      {inbox.health.quarantined > 0 ? (
        <span className="text-xs text-warning">{t('unread.count', { count: inbox.health.quarantined })}</span>
      ) : null}
      <InboxState state={inbox.enabled ? inbox.health.state : 'stopped'} />
      <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-faint" />
    </Link>
  )
}
