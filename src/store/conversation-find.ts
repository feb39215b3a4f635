import type { Visibility } from '../domain/principal.ts'
import { type ConversationView, conversationColumns, conversationJoins } from './conversation-columns.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

export type FoundConversation = ConversationView & {
  readonly threadId: string
  readonly inboxName: string
  readonly slaPolicyId: string | null
}

/** null also for what this principal may not see. */
export async function findConversation(q: Queryable, id: string, who: Visibility): Promise<FoundConversation | null> {
  const values: unknown[] = [id, who.agentId]
  const seen = visible('c', who, values)
  const { rows } = await q.query(
    `select ${conversationColumns}, c.thread_id as "threadId", i.name as "inboxName",
       c.sla_policy_id as "slaPolicyId"
     from conversation c ${conversationJoins('$2')} where c.id = $1 and ${seen}`,
    values,
  )
  return rows[0] ?? null
}

/** The cheapest form of the question. */
export async function seesConversation(q: Queryable, id: string, who: Visibility): Promise<boolean> {
  const values: unknown[] = [id]
  const seen = visible('c', who, values)
  const { rowCount } = await q.query({
    name: `conversation-seen-${values.length}`,
    text: `select from conversation c where c.id = $1 and ${seen}`,
    values,
  })
  return rowCount === 1
}

/** The conversation a message or a delivery belongs to; null when there is none or it may not be seen. */
export async function conversationOf(
  q: Queryable,
  what: 'message' | 'delivery',
  id: string,
  who: Visibility,
): Promise<string | null> {
  const values: unknown[] = [id]
  const seen = visible('c', who, values)
  const { rows } = await q.query(
    `select c.id from ${what} x join conversation c on c.id = x.conversation_id where x.id = $1 and ${seen}`,
    values,
  )
  return rows[0]?.id ?? null
}

export interface Counts {
  readonly mine: number
  readonly unassigned: number
  readonly all: number
  readonly snoozed: number
  readonly teams: { id: string; count: number }[]
}

/** From the counters, whose rows carry what visibility asks for; never a count over conversations. */
export async function countConversations(q: Queryable, who: Visibility): Promise<Counts> {
  const values: unknown[] = [who.agentId]
  const seen = visible('c', who, values)
  const { rows } = await q.query(
    `with n as (
       select team_id, assignee_id, status, sum(n) as n from (
         select inbox_id, team_id, assignee_id, status, restricted, n from conversation_count
         union all
         select inbox_id, team_id, assignee_id, status, restricted, n from conversation_count_delta) c
       where status in ('open', 'snoozed') and ${seen} group by 1, 2, 3)
     select coalesce(sum(n) filter (where status = 'open' and assignee_id = $1::bigint), 0)::int as mine,
       coalesce(sum(n) filter (where status = 'open' and assignee_id is null), 0)::int as unassigned,
       coalesce(sum(n) filter (where status = 'open'), 0)::int as "all",
       coalesce(sum(n) filter (where status = 'snoozed'), 0)::int as snoozed,
       coalesce((select json_agg(json_build_object('id', team_id::text, 'count', n)) from (
         select team_id, sum(n)::int as n from n where status = 'open' and team_id is not null
         group by team_id having sum(n) > 0 order by team_id) t), '[]') as teams
     from n`,
    values,
  )
  return rows[0]
}

export async function markRead(q: Queryable, conversationId: string, agentId: string, seq: number): Promise<void> {
  await q.query(
    `insert into read_mark (conversation_id, agent_id, seq)
     select id, $2, least($3, last_seq) from conversation where id = $1
     on conflict (conversation_id, agent_id) do update set seq = greatest(read_mark.seq, excluded.seq)`,
    [conversationId, agentId, seq],
  )
}

export interface ActivityRow {
  readonly id: string
  readonly conversationId: string
  readonly kind: string
  readonly actor: string
  readonly actorName: string | null
  readonly data: Record<string, unknown>
  /** Who turned out to be the same person, as long as that stands. */
  readonly personName: string | null
  readonly afterSeq: string
  readonly at: Date
}

// Not of somebody who is another person by now.
const personName = `case when v.kind = 'contactMerged' then (
    select coalesce(nullif(k.name, ''), (select n.name from contact_merge_identity i join identity n on n.id = i.identity_id
        where i.merge_id = g.id and n.name <> '' order by n.id limit 1))
      from contact_merge g join contact k on k.id = g.merged_id
     where g.id = (v.data ->> 'mergeId')::bigint and g.undone_at is null and exists (
       select from conversation c join identity o on o.id = c.opener_identity_id
         join identity n on n.contact_id = o.contact_id join contact_merge_identity i on i.identity_id = n.id
        where c.id = v.conversation_id and i.merge_id = g.id)) end`

/** Newest first; `before` is the id to go on from. */
export async function listActivities(
  q: Queryable,
  conversationId: string,
  page: { readonly before?: string | undefined; readonly limit: number },
): Promise<ActivityRow[]> {
  const { rows } = await q.query(
    `select v.id, v.conversation_id as "conversationId", v.kind, v.actor, a.name as "actorName", v.data,
       v.after_seq as "afterSeq", v.at, ${personName} as "personName"
     from activity v left join agent a on v.actor = 'agent:' || a.id
     where v.conversation_id = $1 and ($2::bigint is null or v.id < $2) order by v.id desc limit $3`,
    [conversationId, page.before ?? null, page.limit],
  )
  return rows
}
