import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Agent, Team } from '../../../src/wire/agent.ts'
import type { Channel } from '../../../src/wire/channel.ts'
import type { Inbox } from '../../../src/wire/inbox.ts'
import type { Tag } from '../../../src/wire/tag.ts'
import type { Api } from './api.ts'
import { useApi } from './services.ts'

interface Page<T> {
  items: T[]
  next: string | null
}

/** Small lists everything else refers to: all pages, kept until a hint says that they changed. */
export async function everyPage<T>(api: Api, path: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = []
  let next: string | null = null
  do {
    const page: Page<T> = await api.get<Page<T>>(path, { limit: 100, next }, signal)
    items.push(...page.items)
    next = page.next
  } while (next !== null && items.length < 5_000)
  return items
}

function listOf<T>(api: Api, name: string) {
  return queryOptions<T[]>({
    queryKey: [name],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) => everyPage<T>(api, `/${name}`, signal),
  })
}

export const agentsQuery = (api: Api) => listOf<Agent>(api, 'agents')
export const teamsQuery = (api: Api) => listOf<Team>(api, 'teams')
export const inboxesQuery = (api: Api) => listOf<Inbox>(api, 'inboxes')
export const tagsQuery = (api: Api) => listOf<Tag>(api, 'tags')
export const channelsQuery = (api: Api) => listOf<Channel>(api, 'channels')

const none: never[] = []

export function useAgents(): Agent[] {
  return useQuery(agentsQuery(useApi())).data ?? none
}
export function useTeams(): Team[] {
  return useQuery(teamsQuery(useApi())).data ?? none
}
export function useInboxes(): Inbox[] {
  return useQuery(inboxesQuery(useApi())).data ?? none
}
export function useTags(): Tag[] {
  return useQuery(tagsQuery(useApi())).data ?? none
}
export function useChannels(): Channel[] {
  return useQuery(channelsQuery(useApi())).data ?? none
}

export function useAgentName(): (id: string | null) => string | null {
  const agents = useAgents()
  return (id) => (id === null ? null : (agents.find((agent) => agent.id === id)?.name ?? null))
}
