import { type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query'
import type { Me, SignIn } from '../../../src/wire/session.ts'
import { type Api, ApiError } from './api.ts'
import { useApi } from './services.ts'

/** null: nobody is signed in. */
export function meQuery(api: Api) {
  return queryOptions<Me | null>({
    queryKey: ['me'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      try {
        return await api.get<Me>('/me')
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }
    },
  })
}

/** Somebody else, or nobody: nothing of the person before may stay. Those who show `me` are told first, since clearing tells nobody. */
export function become(cache: QueryClient, me: Me | null): void {
  cache.setQueryData(['me'], me)
  cache.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
}

export function useSignIn(): (body: SignIn) => Promise<void> {
  const api = useApi()
  const cache = useQueryClient()
  return async (body) => {
    const me = await api.send<Me>('POST', '/session', body)
    become(cache, me)
  }
}

export function useSignOut(): () => Promise<void> {
  const api = useApi()
  const cache = useQueryClient()
  return async () => {
    try {
      await api.send('DELETE', '/session')
    } finally {
      become(cache, null)
    }
  }
}
