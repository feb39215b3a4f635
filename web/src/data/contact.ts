import { infiniteQueryOptions, type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact, ContactPatch, TimelineEntry } from '../../../src/wire/contact.ts'
import type { Page } from '../../../src/wire/primitive.ts'
import { type Api, ApiError } from './api.ts'
import { useGround } from './services.ts'

export function contactQuery(api: Api, id: string) {
  return queryOptions<Contact>({
    queryKey: ['contacts', id],
    queryFn: ({ signal }) => api.get(`/contacts/${id}`, {}, signal),
    // Hints tell of conversations: what another one of theirs changed is asked for whenever the pane opens.
    staleTime: 0,
    retry: false,
  })
}

export function timelineQuery(api: Api, id: string) {
  return infiniteQueryOptions({
    queryKey: ['timeline', id],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TimelineEntry>>(`/contacts/${id}/timeline`, { limit: 20, next: pageParam }, signal),
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    retry: false,
  })
}

/** What is known of a person may be different whenever their conversation is. */
export function useFollow(contactId: string | undefined, version: number): void {
  const cache = useQueryClient()
  const seen = useRef(version)
  useEffect(() => {
    if (seen.current === version || contactId === undefined) return
    seen.current = version
    void refresh(cache, contactId)
  }, [cache, contactId, version])
}

async function refresh(cache: QueryClient, id: string): Promise<void> {
  await Promise.all(
    ['contacts', 'timeline', 'of-contact'].map((name) => cache.invalidateQueries({ queryKey: [name, id] })),
  )
}

/** What an agent does about a person; each says what was done, or why it was not. */
export function useContactActions(id: string) {
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { t } = useTranslation()

  async function act(work: () => Promise<unknown>, said?: string): Promise<boolean> {
    try {
      await work()
      if (said) toasts.show({ tone: 'plain', text: said })
      return true
    } catch (error) {
      const known = error instanceof ApiError && error.status > 0
      toasts.show({ tone: 'problem', text: known ? error.message : t('error.offline') })
      return false
    } finally {
      void refresh(cache, id)
    }
  }
  const change = (patch: ContactPatch) =>
    act(
      async () => cache.setQueryData(['contacts', id], await api.send<Contact>('PATCH', `/contacts/${id}`, patch)),
      t('did.saved'),
    )
  return {
    change,
    merge: (contactId: string) =>
      act(() => api.send('POST', `/contacts/${id}/merge`, { contactId }), t('person.merged')),
    unmerge: (mergeId: string) =>
      act(() => api.send('POST', `/contacts/${id}/unmerge`, { mergeId }), t('person.undone')),
    dismiss: (contactId: string) =>
      act(() => api.send('POST', `/contacts/${id}/suggestions/dismiss`, { contactId }), t('person.notSameDone')),
    erase: () => act(() => api.send('DELETE', `/contacts/${id}`), t('person.erasing')),
    /** null: none was made, which has been said. */
    askCode: async () => {
      let made: { code: string; expiresAt: string } | null = null
      await act(async () => {
        made = await api.send('POST', `/contacts/${id}/link-codes`)
      })
      return made as { code: string; expiresAt: string } | null
    },
  }
}
