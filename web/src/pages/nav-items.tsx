import { useQuery } from '@tanstack/react-query'
import { AlarmClock, CheckCheck, CircleUserRound, Inbox, Layers, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { countsQuery } from '../data/conversations.ts'
import { useInboxes, useTeams } from '../data/directory.ts'
import { useApi, useDesk } from '../data/services.ts'
import { isBuiltIn, splitView } from '../data/views.ts'

export interface NavItem {
  view: string
  label: string
  icon: ReactNode
  count?: number | undefined
  keys?: string
}

export function useNavItems(): { main: NavItem[]; teams: NavItem[]; more: NavItem[] } {
  const { t } = useTranslation()
  const counts = useQuery(countsQuery(useApi())).data
  const { me } = useDesk()
  const teams = useTeams().filter((team) => me.agent?.role !== 'agent' || me.agent.teamIds.includes(team.id))
  return {
    main: [
      { view: 'mine', label: t('view.mine'), icon: <CircleUserRound />, count: counts?.mine, keys: 'g m' },
      { view: 'unassigned', label: t('view.unassigned'), icon: <Inbox />, count: counts?.unassigned, keys: 'g u' },
      { view: 'all', label: t('view.all'), icon: <Layers />, count: counts?.all, keys: 'g a' },
    ],
    teams: teams.slice(0, 8).map((team, at) => ({
      view: `team-${team.id}`,
      label: team.name,
      icon: <Users />,
      count: counts?.teams.find((one) => one.id === team.id)?.count,
      ...(at === 0 ? { keys: 'g t' } : {}),
    })),
    more: [
      { view: 'snoozed', label: t('view.snoozed'), icon: <AlarmClock />, count: counts?.snoozed },
      { view: 'resolved', label: t('view.resolved'), icon: <CheckCheck /> },
    ],
  }
}

export function useViewTitle(slug: string): string {
  const { t } = useTranslation()
  const teams = useTeams()
  const inboxes = useInboxes()
  if (isBuiltIn(slug)) return t(`view.${slug}`)
  const parts = splitView(slug)
  if (parts?.kind === 'tag') return parts.value
  const named = parts?.kind === 'team' ? teams : inboxes
  return named.find((one) => one.id === parts?.value)?.name ?? t('view.all')
}
