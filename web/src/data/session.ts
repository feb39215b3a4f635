import { queryOptions, useQueryClient } from '@tanstack/react-query'
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

export function useSignIn(): (body: SignIn) => Promise<void> {
  const api = useApi()
  const cache = useQueryClient()
  return async (body) => {
    const me = await api.send<Me>('POST', '/session', body)
    // Nothing of another person may be shown to this one.
    cache.clear()
    cache.setQueryData(['me'], me)
  }
}

export function useSignOut(): () => Promise<void> {
  const api = useApi()
  const cache = useQueryClient()
  return async () => {
    try {
      await api.send('DELETE', '/session')
    } finally {
      cache.clear()
      cache.setQueryData(['me'], null)
    }
  }
}
