import type { Lane } from '../domain/queue.ts'
import type { Queryable } from './database.ts'
import type { Head } from './queue-lanes.ts'
import { isWaiting, queueRank, waitsSince, weightOf } from './queue-order.ts'

export interface PersonalFacts {
  readonly id: string
  readonly contactId: string | null
  readonly owners: readonly string[]
  readonly holders: readonly string[]
  readonly last: string | null
  readonly notAgain: string | null
}

/** Whose customers these are, who deals with the same people already, and who had them last. */
export async function personalFacts(tx: Queryable, ids: readonly string[]): Promise<Map<string, PersonalFacts>> {
  const { rows } = await tx.query({ name: 'queue-personal', text: PERSONAL, values: [ids] })
  return new Map((rows as PersonalFacts[]).map((row) => [row.id, row]))
}

// By the person, whatever the planner thinks of how few are assigned to anybody: `offset 0` keeps the conditions apart.
const others = `(select x.* from (select m.id from identity m where m.contact_id = n.contact_id offset 0) m cross join lateral (
    select y.id, y.assignee_id, y.status, y.last_activity_at from conversation y where y.opener_identity_id = m.id offset 0) x
  where x.id <> c.id)`

const PERSONAL = `select c.id, n.contact_id as "contactId",
    array(select o.agent_id::text from contact_owner o where o.contact_id = n.contact_id order by o.rank) as owners,
    array(select distinct o.assignee_id::text from ${others} o
      where o.assignee_id is not null and o.status not in ('resolved', 'spam') order by 1) as holders,
    coalesce(case when a.why not in ('escalated', 'breached') then coalesce(a.agent_id::text, a.details ->> 'from') end,
      (select o.assignee_id::text from ${others} o where o.assignee_id is not null
        order by o.last_activity_at desc limit 1)) as last,
    case when a.why = 'escalated' then a.details ->> 'by' end as "notAgain"
  from unnest($1::bigint[]) w(id) join conversation c on c.id = w.id
  left join identity n on n.id = c.opener_identity_id
  left join lateral (select x.agent_id, x.why, x.details from assignment x
    where x.conversation_id = c.id order by x.id desc limit 1) a on true`

export interface OwnHead extends Head {
  readonly of: Lane
}

const OWN_HEAD = `select c.id, (extract(epoch from ${queueRank}) * 1000)::float8 as rank, -1 as lane,
    (extract(epoch from $1::timestamptz - ${waitsSince}) * 1000)::float8 as "waitedMs",
    json_build_object('teamId', c.team_id::text, 'tier', c.tier, 'inboxId', c.inbox_id::text, 'inboxTeamId', i.team_id::text,
      'language', c.language, 'topicId', c.topic_id::text, 'weight', ${weightOf}) as of
  from conversation c join inbox i on i.id = c.inbox_id left join team t on t.id = c.team_id`

/** Of people who have an owner or a deputy among these agents, in whichever team's queue they wait, or in none. */
export async function headsOfOwn(
  tx: Queryable,
  wish: { readonly agentIds: readonly string[]; readonly now: Date; readonly limit: number },
): Promise<OwnHead[]> {
  const { rows } = await tx.query({
    name: 'queue-heads-own',
    text: `${OWN_HEAD} where ${isWaiting} and c.vip and exists (select from identity n join contact_owner o on o.contact_id = n.contact_id
          where n.id = c.opener_identity_id and o.agent_id = any($2::bigint[]))
      order by ${queueRank}, c.id limit $3`,
    values: [wish.now, wish.agentIds, wish.limit],
  })
  return rows as OwnHead[]
}

/** Of these conversations. */
export async function headsAmong(tx: Queryable, ids: readonly string[], now: Date): Promise<OwnHead[]> {
  if (ids.length === 0) return []
  const text = `${OWN_HEAD} where c.id = any($2::bigint[]) and ${isWaiting}`
  return (await tx.query({ name: 'queue-heads-among', text, values: [now, ids] })).rows as OwnHead[]
}

/** Of these people, by the person: they are as many as somebody deals with, whatever waits. */
export async function headsOfContacts(
  tx: Queryable,
  wish: { readonly contactIds: readonly string[]; readonly now: Date; readonly limit: number },
): Promise<OwnHead[]> {
  if (wish.contactIds.length === 0) return []
  const { rows } = await tx.query({
    name: 'queue-of-contacts',
    text: `select c.id from unnest($1::bigint[]) k(id)
      cross join lateral (select m.id from identity m where m.contact_id = k.id offset 0) n
      cross join lateral (select c.id from conversation c where c.opener_identity_id = n.id and ${isWaiting} offset 0) c limit $2`,
    values: [wish.contactIds, wish.limit],
  })
  return headsAmong(
    tx,
    rows.map(({ id }: { id: string }) => id),
    wish.now,
  )
}
