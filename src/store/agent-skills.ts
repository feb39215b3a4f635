import type { Shift } from '../domain/shift.ts'
import type { Queryable } from './database.ts'
import { notify } from './feed-insert.ts'

export interface AgentSkills {
  readonly capacity: number
  readonly tiers: readonly number[]
  /** By language, 1 to 3. */
  readonly languages: Readonly<Record<string, number>>
  /** By topic, 1 to 3. */
  readonly topics: Readonly<Record<string, number>>
  readonly timeZone: string
  readonly shifts: readonly Shift[]
}

export async function findSkills(q: Queryable, agentId: string): Promise<AgentSkills | null> {
  const { rows } = await q.query(
    `select a.capacity, a.tiers, a.languages, a.time_zone as "timeZone", a.shifts,
       coalesce((select jsonb_object_agg(t.topic_id, t.level) from agent_topic t where t.agent_id = a.id), '{}') as topics
     from agent a where a.id = $1`,
    [agentId],
  )
  return (rows[0] as AgentSkills | undefined) ?? null
}

/** False: a topic is none. */
export async function writeSkills(tx: Queryable, agentId: string, skills: AgentSkills): Promise<boolean> {
  await tx.query(
    `update agent set capacity = $2, tiers = $3, languages = $4, time_zone = $5, shifts = $6 where id = $1`,
    [
      agentId,
      skills.capacity,
      [...new Set(skills.tiers)].sort(),
      JSON.stringify(skills.languages),
      skills.timeZone,
      JSON.stringify(skills.shifts),
    ],
  )
  const topics = Object.entries(skills.topics)
  await tx.query('delete from agent_topic where agent_id = $1', [agentId])
  const { rowCount } = await tx.query(
    `insert into agent_topic (agent_id, topic_id, level)
      select $1, t.id, w.level from unnest($2::bigint[], $3::smallint[]) w(id, level) join topic t on t.id = w.id`,
    [agentId, topics.map(([id]) => id), topics.map(([, level]) => level)],
  )
  await notify(tx, ['queue'])
  return rowCount === topics.length
}
