import type { REST, RequestMethod, ResponseLike } from '@discordjs/rest'
import type { ChannelEnv } from '../../src/channel/contract.ts'
import { deadline } from '../../src/channel/deadline.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { failureOf, notTheEdge } from './errors.ts'
import type { DiscordSettings } from './settings.ts'

interface Wish {
  readonly body?: unknown
  readonly files?: { name: string; data: Buffer; contentType: string }[]
  /** Repeating it changes nothing. Default: everything but POST. */
  readonly safe?: boolean
  readonly signal?: AbortSignal
}

export interface Api {
  readonly rest: REST
  /** While something is received: what has no signal of its own ends with it. */
  until?: AbortSignal | undefined
  /** One request, one answer; never a second try. Rejects only with ChannelError. Reads wait where Discord asks to. */
  call(method: `${RequestMethod}`, path: string, wish?: Wish): Promise<unknown>
  /** null: Discord has it not, or not for us. */
  find(path: string, signal?: AbortSignal): Promise<unknown>
}

const longestWaitMs = 60_000

export async function createApi({ apiUrl, token }: DiscordSettings, env: ChannelEnv): Promise<Api> {
  const { REST } = await import('@discordjs/rest')
  const rest = new REST({
    api: apiUrl.replace(/\/+$/, ''),
    retries: 0,
    rejectOnRateLimit: ({ method, timeToReset, sublimitTimeout }) =>
      method !== 'GET' || Math.max(timeToReset, sublimitTimeout) > longestWaitMs,
    // The same fetch, by other types of it.
    makeRequest: async (url, init) =>
      notTheEdge(await env.fetch(url, { ...(init as object), redirect: 'manual' })) as unknown as ResponseLike,
  })
  const call: Api['call'] = async (method, path, { safe = method !== 'POST', signal = api.until, ...content } = {}) => {
    const { signal: limit, done } = deadline(longestWaitMs + 30_000, signal)
    // The library's own waits cannot be cut short.
    const ended = new Promise((_, reject) =>
      limit.addEventListener('abort', () => reject(limit.reason), { once: true }),
    )
    try {
      limit.throwIfAborted()
      // Refused once, the library forgets it.
      rest.setToken(token)
      const asked = { method: method as RequestMethod, fullRoute: path as `/${string}`, signal: limit, ...content }
      return await Promise.race([rest.request(asked), ended])
    } catch (error) {
      throw failureOf(error, safe)
    } finally {
      done()
    }
  }
  const find: Api['find'] = (path, signal) =>
    call('GET', path, signal && { signal }).catch((error: unknown) => {
      if (error instanceof ChannelError && error.failure.kind === 'rejected') return null
      throw error
    })
  const api: Api = { rest, call, find }
  return api
}
