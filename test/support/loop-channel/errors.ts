import { z } from 'zod'
import { ChannelError, type ChannelFailure } from '../../../src/channel/errors.ts'

const refusal = z.object({ retryAfterMs: z.number().min(0), scope: z.enum(['thread', 'inbox']) })

/** An answer that says no. Only what the platform documents as "nothing happened" may be anything but uncertain. */
export async function refusalOf(response: Response, safe: boolean): Promise<ChannelError> {
  const failure = await failureOfStatus(response, safe)
  await response.body?.cancel().catch(() => {})
  return new ChannelError(failure, `The loop platform answered ${response.status}.`)
}

async function failureOfStatus(response: Response, safe: boolean): Promise<ChannelFailure> {
  const { status } = response
  if (status >= 300 && status < 400) return { kind: 'unavailable' }
  switch (status) {
    case 401:
      return { kind: 'auth' }
    case 403:
      return { kind: 'rejected', reason: 'blocked' }
    case 404:
      return { kind: 'rejected', reason: 'threadGone' }
    case 409:
      return { kind: 'rejected', reason: 'windowClosed' }
    case 413:
      return { kind: 'rejected', reason: 'tooLarge' }
    case 415:
      return { kind: 'rejected', reason: 'unsupported' }
    case 429:
      return rateLimit(response)
    case 503:
      return { kind: 'unavailable' }
  }
  if (status >= 500) return safe ? { kind: 'unavailable' } : { kind: 'uncertain' }
  return { kind: 'rejected', reason: 'other' }
}

async function rateLimit(response: Response): Promise<ChannelFailure> {
  const told = refusal.safeParse(await response.json().catch(() => null))
  if (told.success) return { kind: 'rateLimited', ...told.data }
  const seconds = Number(response.headers.get('retry-after'))
  return { kind: 'rateLimited', retryAfterMs: seconds > 0 ? seconds * 1_000 : 5_000, scope: 'inbox' }
}

/** No answer at all. Only a refused connection proves that nothing was sent. */
export function unreachable(cause: unknown, safe: boolean): ChannelError {
  const nothingSent = safe || codesOf(cause).some((code) => code === 'ECONNREFUSED' || code === 'ENOTFOUND')
  return new ChannelError({ kind: nothingSent ? 'unavailable' : 'uncertain' }, 'The loop platform did not answer.', {
    cause,
  })
}

function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code)
  }
  return codes
}
