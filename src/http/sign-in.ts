import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { verifyPassword } from '../security/password.ts'
import { findCredentials } from '../store/agent.ts'
import { type AttemptLimit, forgiveAttempts } from '../store/sign-in-attempt.ts'
import { spendAttempt } from './attempts.ts'
import type { HttpDeps } from './deps.ts'
import { HttpError } from './http-error.ts'
import { requireCode } from './second-factor.ts'

/**
 * Tries in a quarter of an hour. The pair is what a person mistyping meets; the account is what many machines guessing
 * one password meet; the address is what one machine trying many accounts meets.
 */
const MAX_PAIR = 10
const MAX_ACCOUNT = 50
const MAX_ADDRESS = 60

/** The agent's id; throws 401 or 429. What it answers, and how long it takes, is the same for known and unknown accounts. */
export async function checkPassword(
  deps: HttpDeps,
  given: { email: string; password: string; code?: string | undefined; ip: string },
): Promise<string> {
  const limits = limitsFor(given.email, given.ip)
  await spendAttempt(deps, ...limits)
  const found = await findCredentials(deps.db.pool, { email: given.email })
  const matches = await verifyPassword(found?.passwordHash ?? null, given.password)
  if (!found?.active || !matches) {
    throw new HttpError(401, 'wrongCredentials', 'The address or the password is not right.')
  }
  const [pair, account, address] = limits
  await requireCode(deps, found.id, given.code).catch(async (error: unknown) => {
    // Not a guess of anything: the page asks for the code only now. A wrong code stays counted.
    if (given.code === undefined) await forgiveAttempts(deps.db.pool, [], [address.key, pair.key, account.key])
    throw error
  })
  await forgiveAttempts(deps.db.pool, [pair.key, account.key], [address.key])
  return found.id
}

function limitsFor(email: string, ip: string): [AttemptLimit, AttemptLimit, AttemptLimit] {
  // Hashed: addresses of people who have no account here are not ours to keep.
  const account = createHash('sha256').update(email.trim().toLowerCase()).digest('base64url').slice(0, 22)
  const address = networkOf(ip)
  return [
    { key: `pair:${account}:${address}`, max: MAX_PAIR },
    { key: `account:${account}`, max: MAX_ACCOUNT },
    { key: `address:${address}`, max: MAX_ADDRESS },
  ]
}

/** One customer of a provider gets a /64 of IPv6 and could use every address of it. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip
  if (ip.toLowerCase().startsWith('::ffff:')) return ip.slice(7)
  const [head = '', tail] = ip.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const middle = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  const groups = [...left, ...middle, ...right].slice(0, 4)
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}
