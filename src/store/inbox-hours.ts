import type { BusinessHours } from '../domain/calendar.ts'
import type { Queryable } from './database.ts'

export interface InboxHours {
  readonly inboxId: string
  /** null: around the clock. */
  readonly hours: BusinessHours | null
}

/** Of the policy of its team, else its own, else the usual one, as promises are counted. Where there is none nothing is known. */
export async function hoursOfInboxes(q: Queryable, inboxIds: readonly string[]): Promise<InboxHours[]> {
  const { rows } = await q.query({
    name: 'inbox-hours',
    text: `select i.id as "inboxId", case when b.id is not null
        then json_build_object('timeZone', b.time_zone, 'week', b.week, 'holidays', b.holidays) end as hours
      from inbox i left join team t on t.id = i.team_id
      join sla_policy p on p.id = coalesce(t.sla_policy_id, i.sla_policy_id, (select u.id from sla_policy u where u.is_default))
      left join business_hours b on b.id = p.business_hours_id
      where i.id = any($1::bigint[])`,
    values: [inboxIds],
  })
  return rows as InboxHours[]
}
