import type { Scope } from '../domain/principal.ts'
import { findCredentials } from '../store/agent.ts'
import { createToken } from '../store/token.ts'
import { type Command, required, several, UsageError } from './command.ts'
import { withDatabase } from './site.ts'

const scopes: readonly Scope[] = ['read', 'write', 'admin']
const day = 86_400_000

export const tokenAdd: Command = {
  name: 'token add',
  about: 'Makes a token for programs and prints it, once.',
  options: {
    name: { type: 'string', value: 'NAME', about: 'What it is for.' },
    scope: { type: 'string', multiple: true, value: 'SCOPE', about: `${scopes.join(', ')}; may be repeated (read).` },
    agent: { type: 'string', value: 'EMAIL', about: 'Acts for this person. Without it: for the installation itself.' },
    days: { type: 'string', value: 'N', about: 'Ends after so many days. Without it: never.' },
  },
  run: async ({ values }, output) => {
    const name = required(values, 'name')
    const chosen = several(values, 'scope').map(scopeOf)
    const expiresAt = expiry(values['days'])
    const email = values['agent']
    return withDatabase(async ({ db }) => {
      const agent = typeof email === 'string' ? await findCredentials(db.pool, { email }) : undefined
      if (agent === null) throw new Error(`Nobody here has the address ${email}.`)
      const { secret } = await createToken(db.pool, {
        name,
        scopes: chosen.length > 0 ? chosen : ['read'],
        agentId: agent?.id ?? null,
        expiresAt,
      })
      output.say(secret)
      return 0
    })
  },
}

function scopeOf(value: string): Scope {
  const scope = scopes.find((one) => one === value)
  if (!scope) throw new UsageError(`--scope is "${value}"; it must be one of ${scopes.join(', ')}.`)
  return scope
}

function expiry(days: unknown): Date | null {
  if (days === undefined) return null
  const count = Number(days)
  if (!Number.isInteger(count) || count < 1 || count > 3660)
    throw new UsageError(`--days is "${days}"; it must be 1 to 3660.`)
  return new Date(Date.now() + count * day)
}
