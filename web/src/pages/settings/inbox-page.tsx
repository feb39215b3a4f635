import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Inbox } from '../../../../src/wire/inbox.ts'
import { Button } from '../../components/button.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { useChannelName } from '../../data/channel-words.ts'
import { useChannels } from '../../data/directory.ts'
import { useHealth } from '../../data/health.ts'
import { useApi, useDesk, useGround } from '../../data/services.ts'
import { PageProblem } from '../page-problem.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import { InboxForm } from './inbox-form.tsx'
import { InboxHealth } from './inbox-health.tsx'
import { InboxMembers } from './inbox-members.tsx'
import { InboxState } from './inbox-state.tsx'
import { Quarantine } from './quarantine.tsx'
import { Section, SettingsPage } from './settings-page.tsx'
import { Snippet } from './snippet.tsx'

export function InboxPage() {
  const { id } = useParams({ from: '/desk/settings/inboxes/$id' })
  const api = useApi()
  const inbox = useQuery({
    queryKey: ['inboxes', id],
    queryFn: ({ signal }) => api.get<Inbox>(`/inboxes/${id}`, {}, signal),
  })
  if (inbox.isError && !inbox.data) return <PageProblem error={inbox.error} reset={() => void inbox.refetch()} />
  if (!inbox.data) return <Skeleton className="m-8 h-40" />
  return <OneInbox key={id} inbox={inbox.data} />
}

function OneInbox({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation()
  const channelName = useChannelName()
  const channel = useChannels().find((one) => one.id === inbox.channel)
  const admin = useDesk().me.scopes.includes('admin')
  const save = useSaveInbox(inbox.id)
  const health = useHealth(inbox.id) ?? inbox.health
  const visitors = inbox.capabilities?.visitors ?? channel?.capabilities?.visitors ?? false
  return (
    <SettingsPage
      title={inbox.name}
      lead={channelName(inbox.channel)}
      action={<InboxState state={inbox.enabled ? health.state : 'stopped'} />}
    >
      <InboxHealth inbox={inbox} onTryAgain={() => void save({ enabled: true })} />
      {visitors ? (
        <Section title={t('inbox.snippet')} lead={t('inbox.snippetLead')}>
          <Snippet inboxId={inbox.id} />
        </Section>
      ) : null}
      <Quarantine inbox={inbox} />
      {admin && channel && inbox.settings ? (
        <Section title={t('nav.settings')}>
          <InboxForm
            channel={channel}
            id={inbox.id}
            initial={{ name: inbox.name, settings: inbox.settings }}
            action={t('common.save')}
            onSave={(name, settings) => save({ name, settings })}
          />
        </Section>
      ) : null}
      {admin ? <InboxMembers inboxId={inbox.id} /> : null}
      {admin ? <Ending inbox={inbox} /> : null}
    </SettingsPage>
  )
}

function useSaveInbox(id: string) {
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { t } = useTranslation()
  return async (change: { name?: string; settings?: Readonly<Record<string, unknown>>; enabled?: boolean }) => {
    await api.send('PATCH', `/inboxes/${id}`, change)
    toasts.show({ tone: 'plain', text: t('did.saved') }, 2_500)
    await cache.invalidateQueries({ queryKey: ['inboxes'] })
  }
}

function Ending({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation()
  const { api } = useGround()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const save = useSaveInbox(inbox.id)
  return (
    <Section title={t('inbox.ending')} lead={t('inbox.endingLead')}>
      <div className="flex gap-2">
        <Button onClick={() => void save({ enabled: !inbox.enabled })}>
          {t(inbox.enabled ? 'inbox.stop' : 'inbox.start')}
        </Button>
        <ConfirmButton
          label={t('inbox.remove')}
          question={t('inbox.removeAsk', { name: inbox.name })}
          onConfirm={async () => {
            await api.send('DELETE', `/inboxes/${inbox.id}`)
            await navigate({ to: '/settings/inboxes' })
            await cache.invalidateQueries({ queryKey: ['inboxes'] })
          }}
        />
      </div>
    </Section>
  )
}
