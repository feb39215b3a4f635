import type { Role } from '../domain/principal.ts'
import type { Queryable } from './database.ts'
import { presenceOf } from './presence.ts'

export interface AgentRow {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly publicName: string
  readonly publicAvatar: string | null
  readonly role: Role
  readonly availability: 'online' | 'away' | 'offline'
  /** What colleagues see: who said "online" and does nothing is away. */
  readonly presence: AgentRow['availability']
  readonly active: boolean
  readonly teamIds: string[]
  readonly secondFactor: boolean
  readonly createdAt: Date
}

const columns = `a.id, a.email, a.name, a.public_name as "publicName", a.public_avatar as "publicAvatar", a.role,
  a.availability, ${presenceOf('a')} as presence, a.active, a.created_at as "createdAt",
  array(select team_id from team_member where agent_id = a.id order by team_id) as "teamIds",
  exists (select from second_factor f where f.agent_id = a.id and f.confirmed_at is not null) as "secondFactor"`

export async function listAgents(q: Queryable): Promise<AgentRow[]> {
  const { rows } = await q.query(`select ${columns} from agent a order by a.name, a.id limit 5000`)
  return rows
}

export async function findAgent(q: Queryable, id: string): Promise<AgentRow | null> {
  const { rows } = await q.query(`select ${columns} from agent a where a.id = $1`, [id])
  return rows[0] ?? null
}

export interface Credentials {
  readonly id: string
  readonly passwordHash: string | null
  readonly active: boolean
}

export async function findCredentials(
  q: Queryable,
  by: { email: string } | { id: string },
): Promise<Credentials | null> {
  const [column, value] = 'id' in by ? ['id', by.id] : ['lower(email)', by.email.toLowerCase()]
  const { rows } = await q.query(`select id, password_hash as "passwordHash", active from agent where ${column} = $1`, [
    value,
  ])
  return rows[0] ?? null
}

export interface NewAgentRow {
  readonly email: string
  readonly name: string
  readonly publicName?: string | undefined
  readonly role: Role
  /** argon2id; null: signs in by a one-time link first. */
  readonly passwordHash: string | null
}

/** Throws a unique violation (23505) when the address is taken. */
export async function createAgent(q: Queryable, agent: NewAgentRow): Promise<AgentRow> {
  const { rows } = await q.query(
    `with a as (insert into agent (email, name, public_name, role, password_hash) values ($1, $2, $3, $4, $5) returning *)
     select ${columns} from a`,
    [agent.email, agent.name, agent.publicName ?? agent.name, agent.role, agent.passwordHash],
  )
  return rows[0]
}

export interface AgentChanges {
  readonly name?: string | undefined
  readonly publicName?: string | undefined
  readonly publicAvatar?: string | null | undefined
  readonly role?: Role | undefined
  readonly active?: boolean | undefined
}

export async function updateAgent(q: Queryable, id: string, changes: AgentChanges): Promise<AgentRow | null> {
  const { rows } = await q.query(
    `with a as (update agent set name = coalesce($2, name), public_name = coalesce($3, public_name),
       public_avatar = case when $4 then $5::bigint else public_avatar end, role = coalesce($6, role),
       active = coalesce($7, active) where id = $1 returning *)
     select ${columns} from a`,
    [
      id,
      changes.name,
      changes.publicName,
      changes.publicAvatar !== undefined,
      changes.publicAvatar ?? null,
      changes.role,
      changes.active,
    ],
  )
  return rows[0] ?? null
}

export async function setPassword(q: Queryable, id: string, passwordHash: string): Promise<void> {
  await q.query(`update agent set password_hash = $2 where id = $1`, [id, passwordHash])
}

export async function setAvailability(q: Queryable, id: string, state: AgentRow['availability']): Promise<void> {
  await q.query(`update agent set availability = $2 where id = $1`, [id, state])
}

/** Locks the administrators, so that two of them cannot remove each other at the same moment. */
export async function lockActiveAdmins(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query(`select id from agent where role = 'admin' and active order by id for update`)
  return rows.map((row: { id: string }) => row.id)
}

export async function joinTeams(q: Queryable, agentId: string, teamIds: readonly string[]): Promise<void> {
  await q.query(
    `insert into team_member (team_id, agent_id) select id, $1 from team where id = any($2::bigint[]) on conflict do nothing`,
    [agentId, teamIds],
  )
}
