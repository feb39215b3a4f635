import type { Queryable } from './database.ts'
import { notify } from './feed-insert.ts'

export interface Released {
  readonly id: string
  readonly agentId: string
}

/**
 * Conversations of people who went away and left them unanswered go back to their queue, as soon as their team's patience is
 * over; those of people who are no longer with us at once. What somebody was given by hand while they were away stays theirs
 * until the customer writes again: whoever gave it knew.
 */
export async function releaseUnanswered(tx: Queryable, now: Date, limit: number): Promise<Released[]> {
  const { rows } = await tx.query({ name: 'queue-release', text: RELEASE, values: [now, limit] })
  if (rows.length > 0) await notify(tx, ['feed', 'queue'])
  return rows as Released[]
}

const RELEASE = `with left_behind as (
    select c.id, c.assignee_id from agent a
      join conversation c on c.assignee_id = a.id and c.status = 'open' and c.waiting_since is not null
      left join team t on t.id = c.team_id
      left join lateral (select max(s.since) as since from assignment s where s.conversation_id = c.id and s.until is null) s on true
     where a.gone_since is not null and (not a.active or (t.strategy <> 'manual'
       and a.gone_since + t.grace_ms * interval '1 millisecond' <= $1
       and (s.since is null or s.since <= a.gone_since or s.since < c.waiting_since)))
     order by c.id limit $2),
  free as (
    select c.id from conversation c join left_behind l on l.id = c.id and c.assignee_id = l.assignee_id
     where c.status = 'open' and c.waiting_since is not null order by c.id for no key update of c skip locked),
  moved as (
    update conversation c set assignee_id = null, holder = 'queue', routed_at = coalesce(c.routed_at, $1), version = c.version + 1
      from left_behind l join free on free.id = l.id where c.id = l.id
    returning c.id, c.inbox_id, c.version, c.last_seq, c.team_id, l.assignee_id as agent_id),
  ended as (
    update assignment a set until = $1 from moved where a.conversation_id = moved.id and a.until is null),
  queued as (
    insert into assignment (conversation_id, team_id, assigned_by, why, details, since)
    select id, team_id, 'router', 'returned', jsonb_build_object('from', agent_id::text), $1 from moved),
  told as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select id, version, last_seq, 'assigned', 'router', jsonb_build_object('from', agent_id::text, 'to', null,
        'why', jsonb_build_object('code', 'returned', 'from', agent_id::text)) from moved),
  fed as (
    insert into feed (kind, inbox_id, conversation_id, version)
    select 'conversation.updated', inbox_id, id, version from moved order by id)
  select id, agent_id as "agentId" from moved`
