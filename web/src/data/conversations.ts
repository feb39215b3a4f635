import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef } from 'react'
import type {
  Conversation,
  ConversationCounts,
  ConversationDetail,
  ConversationQuery,
} from '../../../src/wire/conversation.ts'
import type { Api } from './api.ts'
import { appendPage, type ConversationList, mergeHead, replaceRow } from './list-merge.ts'
import { useApi } from './services.ts'

const pageSize = 50

export function listKey(query: ConversationQuery) {
  return ['list', query] as const
}

export function listQuery(api: Api, query: ConversationQuery, cache: QueryClient) {
  return queryOptions<ConversationList>({
    queryKey: listKey(query),
    queryFn: async ({ signal }) => {
      const head = await api.get<ConversationList>('/conversations', { ...query, limit: pageSize }, signal)
      return mergeHead(cache.getQueryData<ConversationList>(listKey(query)), head, query.sort)
    },
  })
}

export function useConversationList(query: ConversationQuery) {
  const api = useApi()
  const cache = useQueryClient()
  const result = useQuery(listQuery(api, query, cache))
  const loading = useRef(false)
  const next = result.data?.next ?? null
  const loadMore = useCallback(async () => {
    if (loading.current || next === null) return
    loading.current = true
    try {
      const page = await api.get<ConversationList>('/conversations', { ...query, limit: pageSize, next })
      cache.setQueryData<ConversationList>(listKey(query), (old) => (old?.next === next ? appendPage(old, page) : old))
    } finally {
      loading.current = false
    }
  }, [api, cache, query, next])
  return { ...result, loadMore }
}

export function countsQuery(api: Api) {
  return queryOptions<ConversationCounts>({
    queryKey: ['counts'],
    queryFn: ({ signal }) => api.get('/conversations/counts', {}, signal),
  })
}

export function conversationQuery(api: Api, id: string) {
  return queryOptions<ConversationDetail>({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => api.get(`/conversations/${id}`, {}, signal),
  })
}

/** A changed conversation, put wherever it is shown. */
export function spread(cache: QueryClient, changed: Conversation): void {
  cache.setQueryData<ConversationDetail>(['conversation', changed.id], (old) => (old ? { ...old, ...changed } : old))
  cache.setQueriesData<ConversationList>({ queryKey: ['list'] }, (old) => (old ? replaceRow(old, changed) : old))
}

/** The conversation as held anywhere, for painting before it is fetched. */
export function heldConversation(cache: QueryClient, id: string): Conversation | undefined {
  const detail = cache.getQueryData<ConversationDetail>(['conversation', id])
  if (detail) return detail
  for (const [, list] of cache.getQueriesData<ConversationList>({ queryKey: ['list'] })) {
    const found = list?.items.find((item) => item.id === id)
    if (found) return found
  }
  return undefined
}
