import type { ChannelEnv } from '../../../src/channel/contract.ts'
import { ChannelError } from '../../../src/channel/errors.ts'
import { refusalOf, unreachable } from './errors.ts'
import type { LoopSettings } from './settings.ts'

export interface LoopCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'
  readonly path: string
  readonly body?: unknown
  readonly signal: AbortSignal
  /** Repeating it changes nothing, so a lost answer leaves nothing unknown. */
  readonly safe: boolean
}

export interface LoopApi {
  readonly settings: LoopSettings
  readonly env: ChannelEnv
}

/** One request, one answer; never a second try, never a redirect followed. Rejects only with ChannelError. */
export async function call(api: LoopApi, request: LoopCall): Promise<unknown> {
  const response = await answered(api, request)
  try {
    if (!response.ok) throw await refusalOf(response, request.safe)
    const body: unknown = await response.json()
    return body
  } catch (error) {
    if (error instanceof ChannelError) throw error
    throw unreadable(request, error)
  }
}

export async function answered(api: LoopApi, request: LoopCall): Promise<Response> {
  try {
    return await api.env.fetch(new URL(request.path, api.settings.apiUrl), {
      method: request.method,
      redirect: 'manual',
      signal: request.signal,
      headers: { authorization: `Bearer ${api.settings.token}`, 'content-type': 'application/json' },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    })
  } catch (error) {
    throw unreachable(error, request.safe)
  }
}

function unreadable(request: LoopCall, cause: unknown): ChannelError {
  const kind = request.safe ? 'unavailable' : 'uncertain'
  return new ChannelError({ kind }, `The loop platform's answer to ${request.method} could not be read.`, { cause })
}
