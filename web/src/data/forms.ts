import { queryOptions, useQuery } from '@tanstack/react-query'
import type { TopicForm } from '../../../src/wire/form.ts'
import type { Api } from './api.ts'
import { everyPage } from './directory.ts'
import { useApi } from './services.ts'

export const formsQuery = (api: Api) =>
  queryOptions<TopicForm[]>({
    queryKey: ['topic-forms'],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) => everyPage<TopicForm>(api, '/topic-forms', signal),
  })

const none: never[] = []

export function useForms(): TopicForm[] {
  return useQuery(formsQuery(useApi())).data ?? none
}

export type Labels = Readonly<Record<string, string>>

/** In the agent's language as far as there is one. */
export function labelFor(labels: Labels, language: string): string {
  const short = language.split('-')[0] ?? language
  return labels[language] ?? labels[short] ?? labels['en'] ?? Object.values(labels)[0] ?? ''
}
