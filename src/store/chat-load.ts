import type { BusinessHours } from '../domain/calendar.ts'
import type { Queryable } from './database.ts'
import { isWaiting } from './queue-order.ts'

/** Hours people are there, by the name administrators know them by; null: there are none of this name. */
export async function hoursNamed(q: Queryable, name: string): Promise<BusinessHours | null> {
  const { rows } = await q.query({
    name: 'hours-named',
    text: 'select time_zone as "timeZone", week, holidays from business_hours where name = $1',
    values: [name],
  })
  return (rows[0] as BusinessHours | undefined) ?? null
}

/** How many wait for a person in this inbox, counted up to `most`. */
export async function waitingIn(q: Queryable, inboxId: string, most: number): Promise<number> {
  const { rows } = await q.query({
    name: 'chat-load',
    text: `select count(*)::int as n from (select from conversation c where c.inbox_id = $1 and ${isWaiting} limit $2) w`,
    values: [inboxId, most],
  })
  return (rows[0] as { n: number }).n
}
