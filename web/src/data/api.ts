import type { ErrorBody, FieldProblem } from '../../../src/wire/error.ts'

/** The server's refusal, or `status` 0 when no answer came. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly details: unknown

  constructor(status: number, code: string, message: string, details?: unknown) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.details = details
  }
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Api {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, keepalive?: boolean): Promise<T>
  csrfToken(): string | null
}

export interface ApiOptions {
  csrfToken: () => string | null
  /** The session ended elsewhere: the page must go to sign-in. */
  onSignedOut: () => void
}

export const root = '/api/v1'

export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

export async function toError(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as ErrorBody
    return new ApiError(response.status, error.code, error.message, error.details)
  } catch {
    return new ApiError(response.status, 'unreadable', response.statusText || `HTTP ${response.status}`)
  }
}

export function createApi(options: ApiOptions): Api {
  async function call<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response
    try {
      response = await fetch(root + path, { credentials: 'same-origin', ...init })
    } catch (cause) {
      if (init.signal?.aborted) throw cause
      throw new ApiError(0, 'offline', 'No answer from the server.')
    }
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
    const error = await toError(response)
    if (response.status === 401 && !isFrontDoor(path)) options.onSignedOut()
    throw error
  }

  return {
    csrfToken: options.csrfToken,
    get: (path, query, signal) => call(withQuery(path, query), signal ? { signal } : {}),
    send: (method, path, body, keepalive = false) => {
      const headers: Record<string, string> = {}
      const token = options.csrfToken()
      if (token) headers['x-csrf-token'] = token
      if (body !== undefined) headers['content-type'] = 'application/json'
      return call(path, {
        method,
        headers,
        keepalive,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    },
  }
}

/** Where 401 says something of what was typed, or that nobody is signed in yet. */
function isFrontDoor(path: string): boolean {
  return path === '/session' || path === '/me' || path.startsWith('/one-time/')
}

export function isOffline(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 503 || error.status === 502)
}

/** Fields named by a 400, for forms. */
export function fieldProblems(
  error: unknown,
  say: (problem: FieldProblem) => string = (problem) => problem.message,
): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  const list = Array.isArray(error.details)
    ? error.details
    : ((error.details as { problems?: unknown; fields?: unknown } | undefined)?.problems ?? [])
  const found: Record<string, string> = {}
  for (const item of Array.isArray(list) ? list : [list]) {
    const { field, message } = (item ?? {}) as { field?: unknown; message?: unknown }
    if (typeof field === 'string' && typeof message === 'string') found[field] = say(item as FieldProblem)
  }
  return found
}
