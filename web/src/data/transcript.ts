import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { Activity } from '../../../src/wire/conversation.ts'
import type { Message } from '../../../src/wire/message.ts'
import { type Api, ApiError } from './api.ts'
import { addOwn, mergeNewest, prependOlder, type Transcript } from './message-merge.ts'

const pageSize = 50
interface Page<T> {
  items: T[]
  next: string | null
}

export function transcriptKey(id: string) {
  return ['transcript', id] as const
}

export function transcriptQuery(api: Api, id: string, cache: QueryClient) {
  return queryOptions<Transcript>({
    queryKey: transcriptKey(id),
    queryFn: async ({ signal }) => {
      const [page, activities] = await Promise.all([
        api.get<Page<Message>>(`/conversations/${id}/messages`, { limit: pageSize }, signal),
        getActivities(api, id, signal),
      ])
      const old = cache.getQueryData<Transcript>(transcriptKey(id))
      return { ...mergeNewest(old, page.items, page.next !== null), activities }
    },
  })
}

async function getActivities(api: Api, id: string, signal: AbortSignal): Promise<Activity[]> {
  try {
    return (await api.get<Page<Activity>>(`/conversations/${id}/activities`, { limit: 100 }, signal)).items
  } catch (error) {
    // What was said matters more than who changed what: without the log the conversation is still shown.
    if (error instanceof ApiError && error.status !== 401) return []
    throw error
  }
}

export async function loadOlder(api: Api, id: string, cache: QueryClient): Promise<void> {
  const before = cache.getQueryData<Transcript>(transcriptKey(id))?.messages[0]?.seq
  if (before === undefined) return
  const page = await api.get<Page<Message>>(`/conversations/${id}/messages`, { limit: pageSize, before })
  cache.setQueryData<Transcript>(transcriptKey(id), (old) =>
    old ? prependOlder(old, page.items, page.next !== null) : old,
  )
}

export function showOwn(cache: QueryClient, message: Message): void {
  cache.setQueryData<Transcript>(transcriptKey(message.conversationId), (old) => (old ? addOwn(old, message) : old))
}
