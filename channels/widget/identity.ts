import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { VisitorIdentity } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'

const longestLife = 24 * 60 * 60 * 1000
/** Clocks of websites are seldom exact, ms. */
const skew = 60_000

interface Expected {
  readonly secret: string | undefined
  readonly inboxId: string
  readonly now: Date
}

/** Says who the website vouches for. One algorithm only: what the token's header names is never believed. */
export async function verifyIdentity(token: string, expected: Expected): Promise<VisitorIdentity> {
  if (!expected.secret) throw refused('This inbox has no identity secret, so it cannot check who a visitor is.')
  const payload = await verifiedPayload(token, expected)
  const { sub, exp, name, email, vip, tier, country } = payload
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > 255) {
    throw refused('The identity token needs `sub`: your own id of the person, at most 255 characters.')
  }
  if ((exp ?? 0) * 1000 > expected.now.getTime() + longestLife + skew) {
    throw refused('The identity token lives too long: `exp` may be at most 24 hours ahead.')
  }
  if (vip !== undefined && typeof vip !== 'boolean') throw refused('The identity token’s `vip` must be true or false.')
  return {
    sub: clean(sub),
    ...optionalText('name', name, 200),
    ...optionalText('email', email, 254),
    ...optionalText('tier', tier, 40),
    ...optionalText('country', country, 2),
    ...(vip !== undefined && { vip }),
  }
}

async function verifiedPayload(token: string, expected: Expected): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(expected.secret), {
      algorithms: ['HS256'],
      audience: expected.inboxId,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: expected.now,
      clockTolerance: skew / 1000,
    })
    return payload
  } catch (cause) {
    throw refused(sentence(cause), cause)
  }
}

function sentence(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return 'The identity token has expired: sign a new one for each page.'
  if (cause instanceof errors.JWTClaimValidationFailed) {
    return `The identity token's \`${cause.claim}\` is missing or not the one expected.`
  }
  return 'The identity token is not signed with this inbox’s identity secret (HS256).'
}

function refused(message: string, cause?: unknown): ChannelError {
  return new ChannelError({ kind: 'rejected', reason: 'other' }, message, { cause })
}

function optionalText(
  field: 'name' | 'email' | 'tier' | 'country',
  value: unknown,
  longest: number,
): { [K in typeof field]?: string } {
  if (value === undefined || value === null || value === '') return {}
  if (typeof value !== 'string' || value.length > longest) {
    throw refused(`The identity token's \`${field}\` must be text of at most ${longest} characters.`)
  }
  return { [field]: clean(value) }
}

function clean(value: string): string {
  return value.replaceAll('\0', '\uFFFD').trim()
}
