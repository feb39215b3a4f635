import type { Queryable } from './database.ts'
import { isWaiting, laneLanguage, laneTopic, queueRank, waitsSince } from './queue-order.ts'

/** Further back nobody is told a place. */
export const farthestPlace = 200

const part = `c.team_id, c.tier, c.inbox_id, ${laneLanguage} as language, ${laneTopic} as topic_id`
const inOrder = `c.team_id, c.tier, c.inbox_id, ${laneLanguage}, ${laneTopic}`

/**
 * The order in which these teams' queues are given out, as it stands now: 1 is next. Of each lane so many as could be among the
 * first are read off the queue's own index, however many wait behind them.
 */
const PLACES = `with recursive lane as (
    select f.* from unnest($1::bigint[]) w(id) cross join lateral (
      select ${part} from conversation c where c.team_id = w.id and ${isWaiting} order by ${inOrder} limit 1) f
    union all
    select n.* from lane l cross join lateral (
      select ${part} from conversation c where c.team_id = l.team_id and ${isWaiting}
        and (c.tier, c.inbox_id, ${laneLanguage}, ${laneTopic}) > (l.tier, l.inbox_id, l.language, l.topic_id)
      order by ${inOrder} limit 1) n)
  select h.id, l.team_id as "teamId", row_number() over (partition by l.team_id order by h.rank, h.id)::int as place
    from lane l cross join lateral (
      select c.id, ${queueRank} as rank from conversation c
       where c.team_id = l.team_id and c.tier = l.tier and c.inbox_id = l.inbox_id and ${laneLanguage} = l.language
         and ${laneTopic} = l.topic_id and ${isWaiting}
       order by ${queueRank}, c.id limit $2) h`

/** Places by conversation. */
export async function placesIn(q: Queryable, teamIds: readonly string[]): Promise<Map<string, number>> {
  if (teamIds.length === 0) return new Map()
  const { rows } = await q.query({ name: 'queue-places', text: PLACES, values: [teamIds, farthestPlace] })
  const seen = rows as { id: string; place: number }[]
  return new Map(seen.filter(({ place }) => place <= farthestPlace).map(({ id, place }) => [id, place]))
}

export interface Service {
  /** How many were given to somebody within the time. */
  readonly given: number
  readonly withinMs: number
}

/** Of a team: how fast it took what waited, as long as somebody waited, within the last hours. null: nobody takes work there. */
export async function serviceOf(q: Queryable, teamId: string, now: Date): Promise<Service | null> {
  const { rows } = await q.query({
    name: 'queue-service',
    text: `with oldest as (
        select min(since) as since from (select ${waitsSince} as since from conversation c
          where c.team_id = $1 and ${isWaiting} order by ${queueRank} limit 50) w),
      span as (
        select greatest($2::timestamptz - interval '2 hours', least(since, $2::timestamptz - interval '20 minutes')) as since
          from oldest),
      taking as (
        select exists (select from team_member m join agent a on a.id = m.agent_id
          where m.team_id = $1 and a.active and a.availability = 'online') as somebody)
      select somebody, extract(epoch from $2::timestamptz - span.since)::float8 * 1000 as "withinMs",
        (select count(*)::int from (select from assignment a
          where a.team_id = $1 and a.agent_id is not null and a.since >= span.since and a.since <= $2 limit 500) n) as given
      from span, taking`,
    values: [teamId, now],
  })
  const { somebody, given, withinMs } = rows[0] as Service & { somebody: boolean }
  return somebody ? { given, withinMs } : null
}
