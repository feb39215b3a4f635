import type { BusinessHours } from '../domain/calendar.ts'
import type { Queryable } from './database.ts'

export interface BusinessHoursRow extends BusinessHours {
  readonly id: string
  readonly name: string
  readonly createdAt: Date
}

export type NewBusinessHours = Omit<BusinessHoursRow, 'id' | 'createdAt'>

const COLUMNS = `id, name, time_zone as "timeZone", week, holidays, created_at as "createdAt"`

export async function listBusinessHours(q: Queryable): Promise<BusinessHoursRow[]> {
  const { rows } = await q.query(`select ${COLUMNS} from business_hours order by name, id limit 1000`)
  return rows as BusinessHoursRow[]
}

export async function createBusinessHours(tx: Queryable, hours: NewBusinessHours): Promise<BusinessHoursRow> {
  const { rows } = await tx.query(
    `insert into business_hours (name, time_zone, week, holidays) values ($1, $2, $3, $4) returning ${COLUMNS}`,
    valuesOf(hours),
  )
  return rows[0] as BusinessHoursRow
}

/** For changes: nobody else changes it until the transaction ends. */
export async function lockBusinessHours(tx: Queryable, id: string): Promise<BusinessHoursRow | null> {
  const { rows } = await tx.query(`select ${COLUMNS} from business_hours where id = $1 for update`, [id])
  return (rows[0] as BusinessHoursRow | undefined) ?? null
}

export async function writeBusinessHours(
  tx: Queryable,
  id: string,
  hours: NewBusinessHours,
): Promise<BusinessHoursRow> {
  const { rows } = await tx.query(
    `update business_hours set name = $1, time_zone = $2, week = $3, holidays = $4 where id = $5 returning ${COLUMNS}`,
    [...valuesOf(hours), id],
  )
  return rows[0] as BusinessHoursRow
}

/** 'used': a policy counts by them. */
export async function deleteBusinessHours(tx: Queryable, id: string): Promise<'deleted' | 'used' | 'unknown'> {
  const used = await tx.query('select from sla_policy where business_hours_id = $1 limit 1', [id])
  if (used.rowCount) return 'used'
  const { rowCount } = await tx.query('delete from business_hours where id = $1', [id])
  return rowCount ? 'deleted' : 'unknown'
}

function valuesOf({ name, timeZone, week, holidays }: NewBusinessHours): unknown[] {
  return [name, timeZone, JSON.stringify(week), JSON.stringify(holidays)]
}
