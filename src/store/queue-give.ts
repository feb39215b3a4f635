import type { Given } from '../domain/queue.ts'
import { type Queryable, together } from './database.ts'
import { notify } from './feed-insert.ts'
import { isWaiting } from './queue-order.ts'

/**
 * Writes who got what, with why, and answers the ids of what was still to be had: somebody may have taken, resolved or moved
 * one since it was read, and one that somebody has locked is left to the next round.
 */
export async function writeGiven(
  tx: Queryable,
  given: readonly Given[],
  by: { readonly actor: string; readonly now: Date },
): Promise<string[]> {
  if (given.length === 0) return []
  const giving = tx.query({
    name: 'queue-give',
    text: GIVE,
    values: [
      given.map((one) => one.conversationId),
      given.map((one) => one.agentId),
      given.map((one) => one.toTeamId),
      given.map((one) => one.why.code),
      given.map(({ why: { code: _, ...details } }) => JSON.stringify(details)),
      by.actor,
      by.now,
    ],
  })
  const [{ rows }] = await together([giving, notify(tx, ['feed'])])
  return (rows as { id: string }[]).map(({ id }) => id)
}

// Who has an owner of their own is told who that is.
const GIVE = `with given as (select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::jsonb[])
      g (id, agent_id, to_team_id, why, details)),
  free as (
    select c.id from conversation c where c.id = any($1::bigint[]) and ${isWaiting} order by c.id for no key update skip locked),
  moved as (
    update conversation c set assignee_id = g.agent_id, holder = 'agent', team_id = coalesce(g.to_team_id, c.team_id),
        needs_translation = g.details ? 'withoutLanguage', version = c.version + 1
      from given g join free on free.id = g.id where c.id = g.id
    returning c.id, c.inbox_id, c.version, c.last_seq, c.team_id, g.agent_id, g.to_team_id, g.why, g.details),
  ended as (
    update assignment a set until = $7 from moved where a.conversation_id = moved.id and a.until is null),
  assigned as (
    insert into assignment (conversation_id, agent_id, team_id, assigned_by, why, details, announce, since)
    select id, agent_id, team_id, $6, why, details, why in ('owner', 'deputy'), $7 from moved),
  told as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select id, version, last_seq, 'assigned', $6, jsonb_build_object('from', null, 'to', agent_id::text,
        'why', details || jsonb_build_object('code', why)) from moved order by id),
  turned as (
    update team_member m set turn = greatest(m.turn, (extract(epoch from $7::timestamptz) * 1000000)::bigint + n.n)
      from (select agent_id, team_id, max(row_number) as n from (
        select agent_id, team_id, row_number() over (order by array_position($1::bigint[], id)) from moved) r
        group by agent_id, team_id) n
     where m.team_id = n.team_id and m.agent_id = n.agent_id),
  fed as (
    insert into feed (kind, inbox_id, conversation_id, version)
    select 'conversation.updated', inbox_id, id, version from moved order by id)
  select id from moved`
