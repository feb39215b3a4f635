import type { Config } from '../../config/index.ts'
import { hashPassword } from '../security/password.ts'
import { createAgent, lockActiveAdmins } from '../store/agent.ts'
import { type Database, type Queryable, transaction } from '../store/database.ts'
import { createOneTimeLink } from '../store/one-time-link.ts'

/** Makes the administrator of ADMIN_EMAIL where there is none; else gives the link by which somebody becomes the first. */
export async function firstSignIn(db: Database, config: Config, publicUrl: string): Promise<string | undefined> {
  if (await hasAdmin(db.pool)) return undefined
  if (config.admin === undefined) {
    const { token } = await createOneTimeLink(db.pool, { purpose: 'firstAdmin', role: 'admin' })
    return `${publicUrl}/one-time/${token}`
  }
  const { email, password } = config.admin
  const passwordHash = await hashPassword(password)
  await transaction(db, async (tx) => {
    // Two processes that start together must not make two.
    await tx.query(`select pg_advisory_xact_lock(hashtext('first-admin'))`)
    if (await hasAdmin(tx)) return
    await createAgent(tx, { email, name: email.split('@')[0] ?? email, role: 'admin', passwordHash })
  })
  return undefined
}

async function hasAdmin(q: Queryable): Promise<boolean> {
  return (await lockActiveAdmins(q)).length > 0
}
