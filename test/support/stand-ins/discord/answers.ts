import type { Channel, State } from './state.ts'

export interface Request {
  readonly method: string
  /** Below /api/v10, decoded. */
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
  readonly files: readonly { name: string; type: string; bytes: Buffer }[]
}
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
}
export interface Ground {
  readonly state: State
  dispatch(
    t: string,
    d: unknown,
    channel: Channel | undefined,
    kind: 'messages' | 'reactions' | 'typing' | 'guilds',
  ): void
}

export const no = (status: number, code: number, message: string, more: object = {}): Answer => ({
  status,
  body: { message, code, ...more },
})
export const unknownChannel = no(404, 10003, 'Unknown Channel')
