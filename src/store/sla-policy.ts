import type { BusinessHours } from '../domain/calendar.ts'
import type { PromiseKind } from '../domain/promise.ts'
import type { Queryable } from './database.ts'
import type { NewJob } from './job.ts'

/** Minutes of open time for each priority, low first; null: not promised. */
export type TargetMinutes = readonly [number | null, number | null, number | null, number | null]

export interface SlaPolicy {
  readonly id: string
  readonly name: string
  /** null: around the clock. */
  readonly businessHoursId: string | null
  readonly targets: { readonly [K in PromiseKind]?: TargetMinutes | undefined }
  readonly warnPercent: number | null
  readonly warnMinutes: number | null
  /** Where nothing else names one. */
  readonly isDefault: boolean
  /** A late answer takes the case to the next level. */
  readonly escalates: boolean
  readonly teamIds: string[]
  readonly inboxIds: string[]
  readonly createdAt: Date
}

export type SlaPolicyFields = Omit<SlaPolicy, 'id' | 'teamIds' | 'inboxIds' | 'createdAt'>

const COLUMNS = `p.id, p.name, p.business_hours_id as "businessHoursId", p.targets, p.warn_percent as "warnPercent",
  p.warn_minutes as "warnMinutes", p.is_default as "isDefault", p.escalates, p.created_at as "createdAt",
  array(select t.id from team t where t.sla_policy_id = p.id order by t.id) as "teamIds",
  array(select i.id from inbox i where i.sla_policy_id = p.id and i.deleted_at is null order by i.id) as "inboxIds"`

export async function listSlaPolicies(q: Queryable): Promise<SlaPolicy[]> {
  const { rows } = await q.query(`select ${COLUMNS} from sla_policy p order by p.name, p.id limit 1000`)
  return rows as SlaPolicy[]
}

export async function findSlaPolicy(q: Queryable, id: string): Promise<SlaPolicy | null> {
  const { rows } = await q.query(`select ${COLUMNS} from sla_policy p where p.id = $1`, [id])
  return (rows[0] as SlaPolicy | undefined) ?? null
}

/** For changes: nobody else changes it until the transaction ends. */
export async function lockSlaPolicy(tx: Queryable, id: string): Promise<SlaPolicy | null> {
  const { rowCount } = await tx.query('select from sla_policy where id = $1 for update', [id])
  return rowCount ? findSlaPolicy(tx, id) : null
}

export async function insertSlaPolicy(tx: Queryable, policy: SlaPolicyFields): Promise<string> {
  if (policy.isDefault) await noDefault(tx)
  const { rows } = await tx.query(
    `insert into sla_policy (name, business_hours_id, targets, warn_percent, warn_minutes, is_default, escalates)
      values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    valuesOf(policy),
  )
  return (rows[0] as { id: string }).id
}

export async function writeSlaPolicy(tx: Queryable, id: string, policy: SlaPolicyFields): Promise<void> {
  if (policy.isDefault) await noDefault(tx)
  await tx.query(
    `update sla_policy set name = $1, business_hours_id = $2, targets = $3, warn_percent = $4, warn_minutes = $5,
      is_default = $6, escalates = $7 where id = $8`,
    [...valuesOf(policy), id],
  )
}

export async function deleteSlaPolicy(tx: Queryable, id: string): Promise<boolean> {
  return (await tx.query('delete from sla_policy where id = $1', [id])).rowCount === 1
}

/** The whole sets: whoever named it before and is left out names none. */
export async function setPolicyUsers(
  tx: Queryable,
  id: string,
  users: { readonly teamIds?: readonly string[] | undefined; readonly inboxIds?: readonly string[] | undefined },
): Promise<void> {
  for (const [table, ids] of [['team', users.teamIds] as const, ['inbox', users.inboxIds] as const]) {
    if (ids === undefined) continue
    await tx.query(
      `update ${table} set sla_policy_id = case when id = any($2::bigint[]) then $1::bigint end
        where (sla_policy_id = $1 and id <> all($2::bigint[])) or (id = any($2::bigint[]) and sla_policy_id is distinct from $1)`,
      [id, ids],
    )
  }
}

async function noDefault(tx: Queryable): Promise<void> {
  await tx.query('update sla_policy set is_default = false where is_default')
}

function valuesOf(policy: SlaPolicyFields): unknown[] {
  const { name, businessHoursId, targets, warnPercent, warnMinutes, isDefault, escalates } = policy
  return [name, businessHoursId, JSON.stringify(targets), warnPercent, warnMinutes, isDefault, escalates]
}

/** What is needed to reckon by a policy. */
export interface ReckonedPolicy extends Pick<SlaPolicy, 'id' | 'targets' | 'warnPercent' | 'warnMinutes'> {
  readonly hours: BusinessHours | null
}

export async function reckonedPolicies(q: Queryable): Promise<ReckonedPolicy[]> {
  const { rows } = await q.query({
    name: 'promise-policies',
    text: `select p.id, p.targets, p.warn_percent as "warnPercent", p.warn_minutes as "warnMinutes",
        case when b.id is not null then json_build_object('timeZone', b.time_zone, 'week', b.week, 'holidays', b.holidays) end as hours
      from sla_policy p left join business_hours b on b.id = p.business_hours_id`,
  })
  return rows as ReckonedPolicy[]
}

/** With every change of what is promised, by whom and when. */
export const recalculateAll: NewJob = { kind: 'recalculate-promises', lane: 'promises', payload: {} }
