import type { Queryable } from './database.ts'
import { notify } from './feed-insert.ts'

export interface TeamRow {
  readonly id: string
  readonly name: string
  readonly customerSees: string | null
  /** The same in other languages. */
  readonly customerSeesIn: Readonly<Record<string, string>>
  readonly memberIds: string[]
  readonly routing: TeamRoutingRow
  readonly createdAt: Date
}

export interface TeamRoutingRow {
  readonly strategy: 'balanced' | 'roundRobin' | 'manual'
  /** Points. */
  readonly weights: { readonly live: number; readonly messages: number; readonly letters: number }
  /** null: never. */
  readonly graceMs: number | null
  readonly skillWaitMs: number | null
  readonly overflowWaitMs: number | null
  readonly overflowTeamId: string | null
}

const columns = `t.id, t.name, t.customer_sees as "customerSees", t.customer_sees_in as "customerSeesIn", t.created_at as "createdAt",
  array(select agent_id from team_member where team_id = t.id order by agent_id) as "memberIds",
  json_build_object('strategy', t.strategy, 'weights', json_build_object('live', t.weight_live, 'messages', t.weight_messages, 'letters', t.weight_letters), 'graceMs', t.grace_ms, 'skillWaitMs', t.skill_wait_ms,
    'overflowWaitMs', t.overflow_wait_ms, 'overflowTeamId', t.overflow_team_id::text) as routing`

export async function listTeams(q: Queryable): Promise<TeamRow[]> {
  const { rows } = await q.query(`select ${columns} from team t order by t.name, t.id limit 5000`)
  return rows
}

export async function findTeam(q: Queryable, id: string): Promise<TeamRow | null> {
  const { rows } = await q.query(`select ${columns} from team t where t.id = $1`, [id])
  return rows[0] ?? null
}

export interface NewTeam {
  readonly name: string
  readonly customerSees: string | null
  readonly customerSeesIn?: Readonly<Record<string, string>> | undefined
}

export async function createTeam(q: Queryable, team: NewTeam): Promise<string> {
  const { rows } = await q.query(
    `insert into team (name, customer_sees, customer_sees_in) values ($1, $2, $3) returning id`,
    [team.name, team.customerSees, JSON.stringify(team.customerSeesIn ?? {})],
  )
  return rows[0].id
}

export interface TeamChanges {
  readonly name?: string | undefined
  readonly customerSees?: string | null | undefined
  readonly customerSeesIn?: Readonly<Record<string, string>> | undefined
}

export async function updateTeam(q: Queryable, id: string, changes: TeamChanges): Promise<boolean> {
  const { rowCount } = await q.query(
    `update team set name = coalesce($2, name), customer_sees = case when $3 then $4 else customer_sees end,
      customer_sees_in = coalesce($5, customer_sees_in) where id = $1`,
    [
      id,
      changes.name,
      changes.customerSees !== undefined,
      changes.customerSees ?? null,
      changes.customerSeesIn && JSON.stringify(changes.customerSeesIn),
    ],
  )
  return rowCount === 1
}

export type TeamRoutingChanges = { readonly [K in keyof TeamRoutingRow]?: TeamRoutingRow[K] | undefined }

/** What is not said stays. Throws a foreign key violation (23503) where the other team is none. */
export async function setTeamRouting(tx: Queryable, id: string, changes: TeamRoutingChanges): Promise<void> {
  const before = (await findTeam(tx, id))?.routing
  if (!before) return
  const { strategy, weights, graceMs, skillWaitMs, overflowWaitMs, overflowTeamId } = { ...before, ...defined(changes) }
  await tx.query(
    `update team set strategy = $2, weight_live = $3, weight_messages = $4, weight_letters = $5, grace_ms = $6, skill_wait_ms = $7,
      overflow_wait_ms = $8, overflow_team_id = $9 where id = $1`,
    [
      id,
      strategy,
      weights.live,
      weights.messages,
      weights.letters,
      graceMs,
      skillWaitMs,
      overflowWaitMs,
      overflowTeamId,
    ],
  )
  await notify(tx, ['queue'])
}

function defined(changes: TeamRoutingChanges): Partial<TeamRoutingRow> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

/** The whole set; answers whose membership changed. */
export async function setTeamMembers(tx: Queryable, teamId: string, agentIds: readonly string[]): Promise<string[]> {
  const gone = await tx.query(
    `delete from team_member where team_id = $1 and agent_id <> all($2::bigint[]) returning agent_id as id`,
    [teamId, agentIds],
  )
  const come = await tx.query(
    `insert into team_member (team_id, agent_id) select $1, * from unnest($2::bigint[]) on conflict do nothing
     returning agent_id as id`,
    [teamId, agentIds],
  )
  return [...gone.rows, ...come.rows].map((row: { id: string }) => row.id)
}

export async function inboxMembers(q: Queryable, inboxId: string): Promise<string[]> {
  const { rows } = await q.query(`select agent_id as id from inbox_member where inbox_id = $1 order by agent_id`, [
    inboxId,
  ])
  return rows.map((row: { id: string }) => row.id)
}

/** The whole set; answers whose membership changed. */
export async function setInboxMembers(tx: Queryable, inboxId: string, agentIds: readonly string[]): Promise<string[]> {
  const gone = await tx.query(
    `delete from inbox_member where inbox_id = $1 and agent_id <> all($2::bigint[]) returning agent_id as id`,
    [inboxId, agentIds],
  )
  const come = await tx.query(
    `insert into inbox_member (inbox_id, agent_id) select $1, * from unnest($2::bigint[]) on conflict do nothing
     returning agent_id as id`,
    [inboxId, agentIds],
  )
  return [...gone.rows, ...come.rows].map((row: { id: string }) => row.id)
}
