import { useQuery } from '@tanstack/react-query'
import type { Health } from '../../../src/wire/inbox.ts'
import { useApi } from './services.ts'

/** Asked often while somebody waits for the connection. */
export function useHealth(inboxId: string, everyMs = 10_000): Health | undefined {
  const api = useApi()
  return useQuery<Health>({
    queryKey: ['inboxes', inboxId, 'health'],
    refetchInterval: ({ state }) => (state.data?.state === 'connecting' ? Math.min(1_000, everyMs) : everyMs),
    queryFn: ({ signal }) => api.get<Health>(`/inboxes/${inboxId}/health`, {}, signal),
  }).data
}
