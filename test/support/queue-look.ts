import type { Queryable } from '../../src/store/database.ts'

/** What a desk looks like from outside, reckoned here once more and in another way than the router does. */
export interface LookedAt {
  readonly workers: readonly Worker[]
  readonly waiting: readonly WaitingCase[]
  readonly held: readonly HeldCase[]
  /** Conversations that more than one assignment says are somebody's. */
  readonly twice: readonly string[]
}

export interface Worker {
  readonly id: string
  readonly online: boolean
  readonly capacity: number
  /** Points: each person's heaviest open conversation. */
  readonly load: number
  readonly languages: Readonly<Record<string, number>>
  readonly teamIds: readonly string[]
}

interface WaitingCase {
  readonly id: string
  readonly teamId: string
  readonly language: string | null
  readonly contactId: string
  /** Team, inbox, language. */
  readonly lane: string
  readonly weight: number
  /** When it should be answered, ms. */
  readonly rank: number
}

export interface HeldCase extends WaitingCase {
  readonly assigneeId: string
  readonly why: string | null
  readonly open: boolean
}

interface Row extends WaitingCase {
  readonly status: string
  readonly assigneeId: string | null
  readonly why: string | null
}

const day = 24 * 3_600_000

export async function lookAt(q: Queryable, teamIds: readonly string[]): Promise<LookedAt> {
  const { rows } = await q.query(
    `select c.id, c.team_id as "teamId", c.language, n.contact_id as "contactId", c.status, c.assignee_id as "assigneeId",
       concat_ws(' ', c.team_id, c.inbox_id, c.language) as lane, case i.pace when 'live' then 2 else 1 end as weight, a.why,
       (extract(epoch from c.waiting_since) * 1000)::float8 + ${day} - c.priority * 1800000 as rank
     from conversation c join inbox i on i.id = c.inbox_id join identity n on n.id = c.opener_identity_id
     left join assignment a on a.conversation_id = c.id and a.until is null
     where c.team_id = any($1::bigint[]) order by c.id`,
    [teamIds],
  )
  const cases = rows as Row[]
  const held = cases.flatMap((one) => {
    const { assigneeId } = one
    const unfinished = one.status === 'open' || one.status === 'waiting'
    return assigneeId !== null && unfinished ? [{ ...one, assigneeId, open: one.status === 'open' }] : []
  })
  const agents = await q.query(
    `select a.id, a.availability = 'online' as online, a.capacity, a.languages,
       array(select t.team_id::text from team_member t where t.agent_id = a.id) as "teamIds" from agent a
      where exists (select from team_member t where t.agent_id = a.id and t.team_id = any($1::bigint[]))`,
    [teamIds],
  )
  const workers = (agents.rows as Worker[]).map((one) => ({ ...one, load: loadOf(one.id, held) }))
  const twice = await q.query(
    `select a.conversation_id as id from assignment a join conversation c on c.id = a.conversation_id
      where c.team_id = any($1::bigint[]) and a.agent_id is not null and a.until is null group by 1 having count(*) > 1`,
    [teamIds],
  )
  return {
    workers,
    held,
    waiting: cases.filter(({ status, assigneeId }) => status === 'open' && assigneeId === null),
    twice: (twice.rows as { id: string }[]).map(({ id }) => id),
  }
}

function loadOf(agentId: string, held: readonly HeldCase[]): number {
  const heaviest = new Map<string, number>()
  for (const { assigneeId, open, contactId, weight } of held) {
    if (assigneeId === agentId && open) heaviest.set(contactId, Math.max(weight, heaviest.get(contactId) ?? 0))
  }
  return [...heaviest.values()].reduce((sum, weight) => sum + weight, 0)
}

/** Somebody who is there, with room, and what waits that they could take. */
export function idleBeside({ workers, waiting, held }: LookedAt): string[] {
  return waiting.flatMap((one) =>
    workers
      .filter(({ online, teamIds }) => online && teamIds.includes(one.teamId))
      .filter(({ languages }) => {
        const any = Object.keys(languages).length === 0
        return any || one.language === null || languages[one.language] !== undefined
      })
      .filter(({ id, load, capacity }) => load + added(id, one, held) <= capacity)
      .map(({ id }) => `${id} beside ${one.id}`),
  )
}

function added(agentId: string, one: WaitingCase, held: readonly HeldCase[]): number {
  const theirs = held.filter((case_) => case_.open && case_.assigneeId === agentId && case_.contactId === one.contactId)
  return Math.max(0, one.weight - Math.max(0, ...theirs.map(({ weight }) => weight)))
}
