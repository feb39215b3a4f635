import type { Role } from '../domain/principal.ts'
import type { Queryable } from './database.ts'
import { hashSecret, newSecret } from './secret.ts'

export type OneTimePurpose = 'firstAdmin' | 'invitation' | 'reset'

export interface NewOneTimeLink {
  readonly purpose: OneTimePurpose
  /** Reset: whose password. */
  readonly agentId?: string
  readonly email?: string
  readonly role?: Role
  readonly teamIds?: readonly string[]
  readonly createdBy?: string | null
  /** Default: 24 h for a reset, 7 days otherwise. */
  readonly lifetimeMs?: number
}

export interface OneTimeLink {
  readonly id: string
  readonly purpose: OneTimePurpose
  readonly agentId: string | null
  readonly email: string | null
  readonly name: string | null
  readonly role: Role | null
  readonly teamIds: readonly string[]
  readonly expiresAt: Date
}

const hour = 3_600_000
const lifetimes: Record<OneTimePurpose, number> = { firstAdmin: 168 * hour, invitation: 168 * hour, reset: 24 * hour }

/** The address is `${publicUrl}/one-time/${token}`. The token is not stored and cannot be shown again. */
export async function createOneTimeLink(
  q: Queryable,
  link: NewOneTimeLink,
): Promise<{ token: string; expiresAt: Date }> {
  const token = newSecret()
  const { rows } = await q.query(
    `insert into one_time_link (purpose, token_hash, agent_id, email, role, team_ids, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 ms') returning expires_at`,
    [
      link.purpose,
      hashSecret(token),
      link.agentId ?? null,
      link.email ?? null,
      link.role ?? null,
      link.teamIds ?? [],
      link.createdBy ?? null,
      link.lifetimeMs ?? lifetimes[link.purpose],
    ],
  )
  return { token, expiresAt: rows[0].expires_at }
}

const columns = `l.id, l.purpose, l.agent_id as "agentId", coalesce(l.email, a.email) as email, a.name,
  coalesce(l.role, a.role) as role, l.team_ids as "teamIds", l.expires_at as "expiresAt"`
const usable = `l.token_hash = $1 and l.used_at is null and l.expires_at > now()
  and (l.purpose <> 'firstAdmin' or not exists (select from agent where role = 'admin' and active))`

export async function findOneTimeLink(q: Queryable, token: string): Promise<OneTimeLink | null> {
  const { rows } = await q.query(
    `select ${columns} from one_time_link l left join agent a on a.id = l.agent_id where ${usable}`,
    [hashSecret(token)],
  )
  return rows[0] ?? null
}

/** One winner: a second use, also at the same moment, finds nothing. */
export async function useOneTimeLink(q: Queryable, token: string): Promise<OneTimeLink | null> {
  const { rows } = await q.query(
    `with used as (update one_time_link l set used_at = now() where ${usable} returning l.*)
     select ${columns} from used l left join agent a on a.id = l.agent_id`,
    [hashSecret(token)],
  )
  return rows[0] ?? null
}

/** A new link for the same purpose makes the older ones worthless. */
export async function voidOneTimeLinks(
  q: Queryable,
  target: { purpose: OneTimePurpose; agentId?: string; email?: string },
): Promise<void> {
  await q.query(
    `update one_time_link set used_at = now() where purpose = $1 and used_at is null
       and ($2::bigint is null or agent_id = $2) and ($3::text is null or lower(email) = lower($3))`,
    [target.purpose, target.agentId ?? null, target.email ?? null],
  )
}
