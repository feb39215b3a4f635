import { text } from 'node:stream/consumers'
import type { Role } from '../domain/principal.ts'
import { hashPassword } from '../security/password.ts'
import { createAgent, findCredentials, setPassword } from '../store/agent.ts'
import { type Database, transaction } from '../store/database.ts'
import { createOneTimeLink, voidOneTimeLinks } from '../store/one-time-link.ts'
import { removeFactor } from '../store/second-factor.ts'
import { revokeSessionsOf } from '../store/session.ts'
import { type Command, required, UsageError } from './command.ts'
import { type OpenSite, withDatabase } from './site.ts'

const roles: readonly Role[] = ['admin', 'supervisor', 'agent']
const shortestPassword = 10

const passwordOption = {
  type: 'boolean',
  about: 'Takes the password from standard input instead of giving a link by which they choose one.',
} as const

export const userAdd: Command = {
  name: 'user add',
  about: 'Adds somebody who answers customers, and prints a link by which they choose a password.',
  positionals: ['EMAIL'],
  options: {
    name: { type: 'string', value: 'NAME', about: 'Their name. Without it: what stands before the @.' },
    role: { type: 'string', value: 'ROLE', about: `${roles.join(', ')} (agent).` },
    'password-stdin': passwordOption,
  },
  run: async ({ values, positionals: [email = ''] }, output) => {
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError(`"${email}" is no mail address.`)
    const name = values['name'] === undefined ? (email.split('@')[0] ?? email) : required(values, 'name')
    const role = roleOf(values['role'])
    const passwordHash = values['password-stdin'] ? await readPassword() : null
    return withDatabase(async (site) => {
      const id = await add(site.db, { email, name, role, passwordHash })
      output.say(`${name} <${email}> can now answer as ${role}.`)
      if (passwordHash === null) output.say(await linkFor(site, id))
      return 0
    })
  },
}

export const userReset: Command = {
  name: 'user reset',
  about:
    'Prints a link by which somebody chooses a new password, and removes their second factor. With --password-stdin: sets the password and signs them out.',
  positionals: ['EMAIL'],
  options: { 'password-stdin': passwordOption },
  run: async ({ values, positionals: [email = ''] }, output) => {
    const passwordHash = values['password-stdin'] ? await readPassword() : null
    return withDatabase(async (site) => {
      const found = await findCredentials(site.db.pool, { email })
      if (!found) throw new Error(`Nobody here has the address ${email}.`)
      const factor = await transaction(site.db, async (tx) => {
        const removed = await removeFactor(tx, found.id)
        if (removed) await revokeSessionsOf(tx, found.id)
        return removed
      })
      if (factor) output.say(`The second factor of ${email} is removed.`)
      if (passwordHash === null) {
        await voidOneTimeLinks(site.db.pool, { purpose: 'reset', agentId: found.id })
        output.say(await linkFor(site, found.id))
        return 0
      }
      await transaction(site.db, async (tx) => {
        await setPassword(tx, found.id, passwordHash)
        await revokeSessionsOf(tx, found.id)
      })
      output.say(`${email} has a new password and is signed out everywhere.`)
      return 0
    })
  },
}

function roleOf(value: unknown): Role {
  const role = roles.find((one) => one === (value ?? 'agent'))
  if (!role) throw new UsageError(`--role is "${value}"; it must be one of ${roles.join(', ')}.`)
  return role
}

async function readPassword(): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (password.length < shortestPassword)
    throw new UsageError(`The password on standard input is shorter than ${shortestPassword} characters.`)
  return hashPassword(password)
}

type NewAgent = Parameters<typeof createAgent>[1]

async function add(db: Database, agent: NewAgent): Promise<string> {
  try {
    return (await createAgent(db.pool, agent)).id
  } catch (error) {
    if ((error as { code?: string }).code === '23505')
      throw new Error(`${agent.email} is already here.`, { cause: error })
    throw error
  }
}

async function linkFor({ db, config }: OpenSite, agentId: string): Promise<string> {
  const { token } = await createOneTimeLink(db.pool, { purpose: 'reset', agentId })
  return `Choose a password (once, within 24 hours): ${config.publicUrl}/one-time/${token}`
}
