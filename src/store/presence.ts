import { named, type Queryable } from './database.ts'

/** Without a sign of life for so long an agent is away, whatever was said before. */
const GONE = `interval '5 minutes'`

type Presence = 'online' | 'away' | 'offline'

/** SQL: what colleagues see of the agent `a`; right even when no process is left to notice that somebody went. */
export function presenceOf(a: string): string {
  return `case when ${a}.availability <> 'online' or exists (select from agent_presence p
    where p.agent_id = ${a}.id and p.active_at > now() - ${GONE}) then ${a}.availability else 'away' end`
}

// Two pages of one agent may both be the first to say so: telling it twice does no harm.
const note = named(
  'presence-note',
  `with before as (select from agent_presence where agent_id = $1 and here and active_at > now() - ${GONE}),
     noted as (insert into agent_presence as p (agent_id, active_at, here)
       values ($1, now() - $2::int * interval '1 millisecond', true)
       on conflict (agent_id) do update set active_at = greatest(p.active_at, excluded.active_at), here = true
       returning active_at > now() - ${GONE} as here)
   select a.availability from agent a, noted
   where a.id = $1 and a.active and noted.here and not exists (select from before)`,
)

/** This agent did something so long ago. Answers what to tell colleagues, null where they know. */
export async function noteActive(q: Queryable, agentId: string, idleMs: number): Promise<Presence | null> {
  const { rows } = await note(q, [agentId, idleMs])
  return (rows[0] as { availability: Presence } | undefined)?.availability ?? null
}

const sweep = named(
  'presence-sweep',
  `update agent_presence p set here = false from agent a
   where p.here and p.active_at <= now() - ${GONE} and a.id = p.agent_id
   returning a.id, a.availability = 'online' as told`,
)

/** Agents who are away from now on, each told to one caller in the whole installation. */
export async function takeGone(q: Queryable): Promise<string[]> {
  const { rows } = await sweep(q, [])
  return (rows as { id: string; told: boolean }[]).filter(({ told }) => told).map(({ id }) => id)
}
