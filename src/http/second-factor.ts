import { readRecoveryCode, stepOfCode } from '../security/one-time-code.ts'
import { factorContext, findFactor, takeRecoveryCode, takeStep } from '../store/second-factor.ts'
import { type AttemptLimit, forgiveAttempts } from '../store/sign-in-attempt.ts'
import { spendAttempt } from './attempts.ts'
import type { HttpDeps } from './deps.ts'
import { HttpError } from './http-error.ts'

/** Codes looked at in a quarter of an hour, from wherever: at three of a million each, a guess in a year of trying. */
const MAX_CODES = 10

/**
 * After the password, never instead of it: passes where the agent has no second factor, or the code is right and was
 * never used. Throws 401 `codeRequired` or `wrongCode`, or 429.
 */
export async function requireCode(deps: HttpDeps, agentId: string, code: string | undefined): Promise<void> {
  const factor = await findFactor(deps.db.pool, agentId)
  if (!factor) return
  if (code === undefined) throw new HttpError(401, 'codeRequired', 'The code of your second factor is needed too.')
  if (!(await isRightCode(deps, agentId, code))) {
    throw new HttpError(401, 'wrongCode', 'This code is not right, or it was used already.')
  }
}

/** Counts the try first and uses the code up. */
export async function isRightCode(deps: HttpDeps, agentId: string, code: string): Promise<boolean> {
  const limit: AttemptLimit = { key: `code:${agentId}`, max: MAX_CODES }
  await spendAttempt(deps, limit)
  const right = (await takesCode(deps, agentId, code)) || (await takesRecoveryCode(deps, agentId, code))
  if (right) await forgiveAttempts(deps.db.pool, [limit.key], [])
  return right
}

async function takesCode(deps: HttpDeps, agentId: string, code: string): Promise<boolean> {
  const factor = await findFactor(deps.db.pool, agentId)
  if (!factor || !/^[\d\s-]{6,12}$/.test(code)) return false
  const secret = deps.sealer.open(factor.secret, factorContext(agentId))
  const step = await stepOfCode(secret, code, deps.clock())
  return step !== null && takeStep(deps.db.pool, agentId, step)
}

// Needs no seal to be opened: these still work when the SECRET_KEY was lost.
async function takesRecoveryCode(deps: HttpDeps, agentId: string, typed: string): Promise<boolean> {
  const code = readRecoveryCode(typed)
  if (code === null || !(await takeRecoveryCode(deps.db.pool, agentId, code))) return false
  deps.log.info({ event: 'secondFactor.recoveryUsed', agent: agentId }, 'Somebody signed in with a recovery code.')
  return true
}
