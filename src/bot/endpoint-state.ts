import { within } from '../channel/deadline.ts'
import type { EndpointSettings } from './endpoint.ts'

export type EndpointState = 'off' | 'reachable' | 'refused' | 'unreachable' | 'resting'

const waitMs = 3_000
const keptMs = 10_000

/** Asks no question: whether somebody is there and takes our key. What is known is kept for ten seconds. */
export function endpointProbe(
  settings: EndpointSettings | undefined,
  fetch: typeof globalThis.fetch,
  elapsed: () => number,
): () => Promise<EndpointState> {
  let known: { readonly at: number; readonly state: Promise<EndpointState> } | null = null
  return async () => {
    if (!settings) return 'off'
    if (settings.rest?.rests()) return 'resting'
    if (!known || elapsed() - known.at > keptMs) known = { at: elapsed(), state: knock(settings, fetch) }
    return known.state
  }
}

async function knock({ url, key }: EndpointSettings, fetch: typeof globalThis.fetch): Promise<EndpointState> {
  try {
    return await within(waitMs, undefined, async (signal) => {
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
      const answer = await fetch(`${url.replace(/\/$/, '')}/models`, { redirect: 'error', headers, signal })
      await answer.body?.cancel()
      if (answer.status === 401 || answer.status === 403) return 'refused'
      // Not every such API lists its models; who says so is there.
      return answer.status < 500 ? 'reachable' : 'unreachable'
    })
  } catch {
    return 'unreachable'
  }
}
