import type { InvalidateQueryFilters, QueryClient } from '@tanstack/react-query'

/** What is held is read again, and also what is being read for the first time: it may have been read before the change. */
export async function fetchAnew(cache: QueryClient, filters: InvalidateQueryFilters): Promise<void> {
  const matching = cache.getQueryCache().findAll(filters)
  const first = matching.filter(({ state }) => state.fetchStatus === 'fetching' && state.data === undefined)
  await cache.invalidateQueries(filters)
  if (first.length === 0) return
  await Promise.allSettled(first.map((query) => query.promise))
  await cache.invalidateQueries({ predicate: (query) => first.includes(query) })
}
