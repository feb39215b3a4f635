import type { ConflictDetails, FieldProblem } from '../wire/error.ts'

/** An answer that is not the good one. `message` is a sentence for a person; it must not tell what they may not see. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string
  readonly details: unknown
  /** Seconds. */
  readonly retryAfter: number | undefined

  constructor(status: number, code: string, message: string, more: { details?: unknown; retryAfter?: number } = {}) {
    super(message)
    this.name = 'HttpError'
    this.status = status
    this.code = code
    this.details = more.details
    this.retryAfter = more.retryAfter
  }
}

/** Also the answer for what exists but may not be seen: the two must look the same. */
export function notFound(what = 'This'): HttpError {
  return new HttpError(404, 'notFound', `${what} does not exist, or you may not see it.`)
}

export function badField(field: string, message: string, fault?: Pick<FieldProblem, 'code' | 'limit'>): HttpError {
  return new HttpError(400, 'badRequest', `${field}: ${message}`, { details: [{ field, message, ...fault }] })
}

export function forbidden(message = 'You may not do this.'): HttpError {
  return new HttpError(403, 'forbidden', message)
}

const conflictKinds = {
  reply: 'reply',
  customer: 'customerMessage',
  status: 'status',
  assignee: 'assignee',
  team: 'team',
} as const

/** Somebody did something that this screen has not shown yet. */
export function conflict(causes: readonly (keyof typeof conflictKinds)[], version: string): HttpError {
  const changes = causes.map((cause) => ({ kind: conflictKinds[cause], by: null }))
  const details: ConflictDetails = { version: Number(version), changes }
  return new HttpError(409, 'conflict', 'This conversation changed meanwhile. Look again, or send anyway.', { details })
}
