import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { InboxMembers as Members } from '../../../../src/wire/inbox.ts'
import { CheckField } from '../../components/field.tsx'
import { useAgents } from '../../data/directory.ts'
import { useGround } from '../../data/services.ts'
import { Section } from './settings-page.tsx'

export function InboxMembers({ inboxId }: { inboxId: string }) {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const key = ['inboxes', inboxId, 'members']
  const members = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Members>(`/inboxes/${inboxId}/members`, {}, signal),
  }).data
  const agents = useAgents().filter((agent) => agent.active)
  if (!members) return null
  async function set(agentIds: string[]): Promise<void> {
    cache.setQueryData<Members>(key, (old) => (old ? { ...old, agentIds } : old))
    try {
      await api.send('PUT', `/inboxes/${inboxId}/members`, { agentIds })
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
    await cache.invalidateQueries({ queryKey: key })
  }
  return (
    <Section title={t('inbox.members')} lead={t('inbox.membersLead')}>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {agents.map((agent) => (
          <CheckField
            key={agent.id}
            label={agent.name}
            help={t(`role.${agent.role}`)}
            checked={members.agentIds.includes(agent.id)}
            onChange={(event) =>
              void set(
                event.target.checked
                  ? [...members.agentIds, agent.id]
                  : members.agentIds.filter((id) => id !== agent.id),
              )
            }
          />
        ))}
      </div>
    </Section>
  )
}
