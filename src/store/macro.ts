import type { HandlingAction } from '../domain/rule.ts'
import type { Queryable } from './database.ts'

export interface MacroRow {
  readonly id: string
  readonly name: string
  readonly text: string
  readonly actions: readonly HandlingAction[]
  /** Both null: everybody's. */
  readonly ownerId: string | null
  readonly teamId: string | null
  readonly used: string
  readonly lastUsedAt: Date | null
}

export type NewMacroRow = Pick<MacroRow, 'name' | 'text' | 'actions' | 'ownerId' | 'teamId'>

/** Whose macros somebody may use: everybody's, their own, those of their teams; leads those of all teams. */
export interface MacroReader {
  readonly agentId: string | null
  readonly teamIds: readonly string[]
  readonly isLead: boolean
}

const columns = `id, name, text, actions, owner_id as "ownerId", team_id as "teamId", used, last_used_at as "lastUsedAt"`
const seen = `(owner_id = $1::bigint or (owner_id is null and (team_id is null or $3::boolean or team_id = any($2::bigint[]))))`

const valuesOf = ({ agentId, teamIds, isLead }: MacroReader): unknown[] => [agentId, teamIds, isLead]

export async function listMacros(q: Queryable, who: MacroReader): Promise<MacroRow[]> {
  const text = `select ${columns} from macro where ${seen} order by lower(name), id limit 2000`
  return (await q.query(text, valuesOf(who))).rows as MacroRow[]
}

export async function findMacro(q: Queryable, id: string, who: MacroReader): Promise<MacroRow | null> {
  const { rows } = await q.query(`select ${columns} from macro where id = $4 and ${seen}`, [...valuesOf(who), id])
  return (rows[0] as MacroRow | undefined) ?? null
}

export async function countMacros(q: Queryable): Promise<number> {
  return (await q.query('select count(*)::int as n from macro')).rows[0].n
}

export async function insertMacro(tx: Queryable, macro: NewMacroRow): Promise<MacroRow> {
  const { rows } = await tx.query(
    `insert into macro (name, text, actions, owner_id, team_id) values ($1, $2, $3, $4, $5) returning ${columns}`,
    [macro.name, macro.text, JSON.stringify(macro.actions), macro.ownerId, macro.teamId],
  )
  return rows[0] as MacroRow
}

export async function updateMacro(tx: Queryable, id: string, macro: NewMacroRow): Promise<MacroRow | null> {
  const { rows } = await tx.query(
    `update macro set name = $2, text = $3, actions = $4, owner_id = $5, team_id = $6, updated_at = now() where id = $1
     returning ${columns}`,
    [id, macro.name, macro.text, JSON.stringify(macro.actions), macro.ownerId, macro.teamId],
  )
  return (rows[0] as MacroRow | undefined) ?? null
}

export async function deleteMacro(tx: Queryable, id: string): Promise<void> {
  await tx.query('delete from macro where id = $1', [id])
}

export async function noteMacroUse(tx: Queryable, id: string): Promise<void> {
  await tx.query('update macro set used = used + 1, last_used_at = now() where id = $1', [id])
}

export interface MacroPeople {
  readonly number: string
  /** null: others read as well, or nobody knows it. */
  readonly contactName: string | null
  readonly agentName: string | null
}

export async function macroPeople(
  q: Queryable,
  conversationId: string,
  agentId: string | null,
): Promise<MacroPeople | null> {
  const { rows } = await q.query(
    `select c.number, case when c.audience = 'private' then coalesce(nullif(k.name, ''), n.name) end as "contactName",
        (select a.public_name from agent a where a.id = $2) as "agentName"
      from conversation c left join identity n on n.id = c.opener_identity_id left join contact k on k.id = n.contact_id
      where c.id = $1`,
    [conversationId, agentId],
  )
  return (rows[0] as MacroPeople | undefined) ?? null
}
