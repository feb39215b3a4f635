import type { Lane, QueueTeam } from '../domain/queue.ts'
import type { Queryable } from './database.ts'
import { isWaiting, laneLanguage, laneTopic, queueRank, waitsSince, weightOf } from './queue-order.ts'

/** Teams whose work may be given out, by id. */
export async function queueTeams(tx: Queryable): Promise<Map<string, QueueTeam>> {
  const { rows } = await tx.query({
    name: 'queue-teams',
    text: `select id, strategy, skill_wait_ms as "skillWaitMs", overflow_wait_ms as "overflowWaitMs",
      overflow_team_id as "overflowTeamId" from team`,
  })
  return new Map((rows as QueueTeam[]).map((team) => [team.id, team]))
}

const part = `c.team_id, c.tier, c.inbox_id, ${laneLanguage} as language, ${laneTopic} as topic_id`
const inOrder = `c.team_id, c.tier, c.inbox_id, ${laneLanguage}, ${laneTopic}`

/** The parts of these teams' queues in which somebody waits: one look into the index for each, however many wait there. */
export async function lanesOf(tx: Queryable, teamIds: readonly string[]): Promise<(Lane & { teamId: string })[]> {
  const { rows } = await tx.query({
    name: 'queue-lanes',
    text: `with recursive lane as (
        select f.* from unnest($1::bigint[]) w(id) cross join lateral (
          select ${part} from conversation c where c.team_id = w.id and ${isWaiting} order by ${inOrder} limit 1) f
        union all
        select n.* from lane l cross join lateral (
          select ${part} from conversation c where c.team_id = l.team_id and ${isWaiting}
            and (c.tier, c.inbox_id, ${laneLanguage}, ${laneTopic}) > (l.tier, l.inbox_id, l.language, l.topic_id)
          order by ${inOrder} limit 1) n)
      select l.team_id as "teamId", l.tier, l.inbox_id as "inboxId", i.team_id as "inboxTeamId", nullif(l.language, '') as language,
          nullif(l.topic_id, 0) as "topicId", ${weightOf} as weight
        from lane l join inbox i on i.id = l.inbox_id join team t on t.id = l.team_id`,
    values: [teamIds],
  })
  return rows as (Lane & { teamId: string })[]
}

export interface WantedLane {
  readonly lane: Lane
  /** Only who has waited so long, ms. */
  readonly waitedMs: number
}

export interface Head {
  readonly id: string
  readonly rank: number
  readonly waitedMs: number
  /** Which of the wanted lanes, from 0. */
  readonly lane: number
}

/** The first of each lane. Nothing is locked: what is taken meanwhile is seen when it is written. */
export async function headsOf(
  tx: Queryable,
  wanted: readonly WantedLane[],
  { now, perLane }: { readonly now: Date; readonly perLane: number },
): Promise<Head[]> {
  const { rows } = await tx.query({
    name: 'queue-heads',
    text: `select h.id, (extract(epoch from h.rank) * 1000)::float8 as rank, (l.n - 1)::int as lane,
        (extract(epoch from $7::timestamptz - h.since) * 1000)::float8 as "waitedMs"
      from unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::text[], $5::bigint[], $6::timestamptz[])
        with ordinality l (team_id, tier, inbox_id, language, topic_id, until, n)
      cross join lateral (
        select c.id, ${queueRank} as rank, ${waitsSince} as since from conversation c
         where c.team_id = l.team_id and c.tier = l.tier and c.inbox_id = l.inbox_id and ${laneLanguage} = l.language
           and ${laneTopic} = l.topic_id and ${isWaiting} and ${waitsSince} <= l.until
         order by ${queueRank}, c.id limit $8) h`,
    values: [
      wanted.map(({ lane }) => lane.teamId),
      wanted.map(({ lane }) => lane.tier),
      wanted.map(({ lane }) => lane.inboxId),
      wanted.map(({ lane }) => lane.language ?? ''),
      wanted.map(({ lane }) => lane.topicId ?? '0'),
      // Who has not waited is let through whatever their platform's clock says.
      wanted.map(({ waitedMs }) => (waitedMs === 0 ? farAway : new Date(now.getTime() - waitedMs))),
      now,
      perLane,
    ],
  })
  return rows as Head[]
}

const farAway = new Date('9999-12-31T00:00:00Z')
