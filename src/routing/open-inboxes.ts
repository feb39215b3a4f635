import { calendarOf, isOpen } from '../domain/calendar.ts'
import type { Queryable } from '../store/database.ts'
import { hoursOfInboxes } from '../store/inbox-hours.ts'
import type { World } from './rule-facts-of.ts'

/** Whether these inboxes are open now, by the hours of what is promised there; null where nothing is promised. */
export async function openInboxes(q: Queryable, inboxIds: readonly string[], now: Date): Promise<World['isOpen']> {
  const rows = await hoursOfInboxes(q, inboxIds)
  const open = new Map(rows.map(({ inboxId, hours }) => [inboxId, isOpen(hours && calendarOf(hours), now.getTime())]))
  return (inboxId) => open.get(inboxId) ?? null
}
