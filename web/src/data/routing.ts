import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Skills } from '../../../src/wire/skills.ts'
import type { Topic } from '../../../src/wire/topic.ts'
import type { Api } from './api.ts'
import { everyPage } from './directory.ts'
import { useApi } from './services.ts'

export const topicsQuery = (api: Api) =>
  queryOptions<Topic[]>({
    queryKey: ['topics'],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) => everyPage<Topic>(api, '/topics', signal),
  })

const none: never[] = []

export function useTopics(): Topic[] {
  return useQuery(topicsQuery(useApi())).data ?? none
}

export const skillsQuery = (api: Api, agentId: string) =>
  queryOptions<Skills>({
    queryKey: ['skills', agentId],
    queryFn: ({ signal }) => api.get<Skills>(`/agents/${agentId}/skills`, {}, signal),
    staleTime: 0,
  })

/** What customers write in, most of them first. */
export const languages = [
  ...['zh', 'en', 'ja', 'ko', 'ru', 'es', 'pt', 'fr', 'de', 'it', 'nl', 'pl', 'cs', 'ro', 'hu', 'sv', 'fi', 'el', 'bg'],
  ...['tr', 'vi', 'id', 'th', 'hi', 'bn', 'ar', 'fa', 'he', 'uk', 'kk'],
]

export function languageName(language: string, shownIn: string): string {
  try {
    return new Intl.DisplayNames([shownIn], { type: 'language' }).of(language) ?? language
  } catch {
    return language
  }
}
