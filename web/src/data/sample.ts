import { queryOptions } from '@tanstack/react-query'
import type { Sample } from '../../../src/wire/sample.ts'
import type { Api } from './api.ts'

export function sampleQuery(api: Api) {
  return queryOptions<Sample>({ queryKey: ['sample'], queryFn: ({ signal }) => api.get('/sample', {}, signal) })
}

/** Everything is different afterwards: nothing that this page has kept is true any more. */
export function beginAnew(): void {
  window.location.assign('/inbox/all')
}
