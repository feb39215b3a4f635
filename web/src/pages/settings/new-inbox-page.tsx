import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../../src/wire/channel.ts'
import type { Inbox } from '../../../../src/wire/inbox.ts'
import { ChannelIcon } from '../../components/channel-icon.tsx'
import { nameOf } from '../../data/channel-words.ts'
import { useChannels } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { InboxForm } from './inbox-form.tsx'
import { SettingsPage } from './settings-page.tsx'

export function NewInboxPage() {
  const { t, i18n } = useTranslation()
  const { channel: wanted } = useSearch({ from: '/desk/settings/inboxes/new' })
  const channels = useChannels()
  const channel = channels.find((one) => one.id === wanted)
  return channel ? (
    <SettingsPage title={t('inbox.newOf', { channel: nameOf(channel, i18n.language) })}>
      <NewInbox key={channel.id} channel={channel} />
    </SettingsPage>
  ) : (
    <SettingsPage title={t('inbox.add')} lead={t('inbox.where')}>
      <ul className="grid gap-3 sm:grid-cols-2">
        {channels.map((one) => (
          <li key={one.id}>
            <Link
              to="/settings/inboxes/new"
              search={{ channel: one.id }}
              className="flex items-center gap-3 rounded-lg border border-line p-4 font-medium hover:border-line-strong hover:bg-hover"
            >
              <span className="text-soft">
                <ChannelIcon channel={one.id} className="size-6" />
              </span>
              {nameOf(one, i18n.language)}
            </Link>
          </li>
        ))}
      </ul>
    </SettingsPage>
  )
}

function NewInbox({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  return (
    <InboxForm
      channel={channel}
      initial={{ name: '', settings: {} }}
      action={t('inbox.connect')}
      onSave={async (name, settings) => {
        const answer = await api.send<Inbox>('POST', '/inboxes', {
          channel: channel.id,
          name,
          settings,
        })
        await cache.invalidateQueries({ queryKey: ['inboxes'] })
        await navigate({ to: '/settings/inboxes/$id', params: { id: answer.id } })
      }}
    />
  )
}
