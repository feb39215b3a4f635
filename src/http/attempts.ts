import { type AttemptLimit, countAttempt } from '../store/sign-in-attempt.ts'
import type { HttpDeps } from './deps.ts'
import { HttpError } from './http-error.ts'

/** Counted before anything is hashed or compared: however many come at once, no more than the limit are looked at. */
export async function spendAttempt(deps: HttpDeps, first: AttemptLimit, ...others: AttemptLimit[]): Promise<void> {
  const wait = await countAttempt(deps.db.pool, first, others)
  if (wait !== null) {
    throw new HttpError(429, 'tooManyAttempts', 'Too many tries. Wait a little, then try again.', { retryAfter: wait })
  }
}
