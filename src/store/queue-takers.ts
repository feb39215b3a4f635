import type { Taker } from '../domain/queue.ts'
import { onShift, type Shift } from '../domain/shift.ts'
import { type Queryable, together } from './database.ts'
import { weightOf } from './queue-order.ts'

interface AgentFacts
  extends Pick<Taker, 'id' | 'capacity' | 'tiers' | 'languages' | 'topics' | 'inboxIds' | 'opensAll'> {
  readonly shifts: readonly Shift[]
  readonly timeZone: string
  readonly turns: Readonly<Record<string, number>>
}

const agentFacts = `select a.id, a.capacity, a.tiers, a.languages, a.shifts, a.time_zone as "timeZone", a.role = 'admin' as "opensAll",
    coalesce((select jsonb_object_agg(s.topic_id, s.level) from agent_topic s where s.agent_id = a.id), '{}') as topics,
    coalesce((select jsonb_object_agg(m.team_id, m.turn) from team_member m where m.agent_id = a.id), '{}') as turns,
    array(select m.inbox_id::text from inbox_member m where m.agent_id = a.id) as "inboxIds"
  from agent a where a.active`

/** Who takes work now: says so, and is on shift if they have any. Whether a page of theirs is open does not matter. */
export async function takersNow(tx: Queryable, now: Date): Promise<Taker[]> {
  const [{ rows }, work] = await together([
    tx.query({ name: 'queue-takers', text: `${agentFacts} and a.availability = 'online'` }),
    workNow(tx),
  ])
  const there = (rows as AgentFacts[]).filter(({ shifts, timeZone }) => onShift(shifts, timeZone, now))
  return withWork(there.map(takerOf), work)
}

/** Somebody who asks for work themselves, whether they are there or not, and however much they have. */
export async function takerById(tx: Queryable, agentId: string): Promise<Taker | null> {
  const { rows } = await tx.query({ name: 'queue-taker', text: `${agentFacts} and a.id = $1`, values: [agentId] })
  const [facts] = rows as AgentFacts[]
  return facts ? takerOf({ ...facts, capacity: Number.MAX_SAFE_INTEGER }) : null
}

function takerOf({ shifts: _, timeZone: __, turns, ...facts }: AgentFacts): Taker {
  return { ...facts, load: 0, held: new Map(), turns: new Map(Object.entries(turns)) }
}

interface Work {
  readonly agentId: string
  readonly contactId: string | null
  readonly weight: number
}

/** Of everybody who says to be there. What waits for the customer, for others, or sleeps weighs nothing. */
async function workNow(tx: Queryable): Promise<Work[]> {
  const { rows } = await tx.query({
    name: 'queue-work',
    text: `select x.agent_id as "agentId", x.contact_id as "contactId", max(x.weight)::int as weight from (
        select a.id as agent_id, n.contact_id, case when n.contact_id is null then c.id end as alone, ${weightOf} as weight
          from agent a cross join lateral (select o.id, o.inbox_id, o.team_id, o.opener_identity_id from conversation o
            where o.assignee_id = a.id and o.status = 'open' offset 0) c
          join inbox i on i.id = c.inbox_id
          left join team t on t.id = c.team_id
          left join identity n on n.id = c.opener_identity_id
         where a.active and a.availability = 'online') x
      group by x.agent_id, x.contact_id, x.alone`,
  })
  return rows as Work[]
}

function withWork(takers: Taker[], work: readonly Work[]): Taker[] {
  const byId = new Map(takers.map((taker) => [taker.id, taker]))
  for (const { agentId, contactId, weight } of work) {
    const taker = byId.get(agentId)
    if (!taker) continue
    taker.load += weight
    if (contactId !== null) taker.held.set(contactId, weight)
  }
  return takers
}
