import type { Queryable } from './database.ts'
import { notify } from './feed-insert.ts'

export interface Escalation {
  readonly conversationId: string
  readonly tier: 2 | 3
  /** 'agent:7', 'system'. */
  readonly actor: string
  /** By hand, or since a promise was broken. */
  readonly why: 'escalated' | 'breached'
  /** Which promise was broken. */
  readonly note?: { readonly promiseId: string; readonly promise: string }
  readonly now: Date
}

/**
 * To the queue of a higher level: nobody has it any more, and who gave it up is not given it again. False: it stands there
 * already, or is finished. Its summary for whoever takes it is a note the caller writes. Locks the conversation only.
 */
export async function escalateConversation(tx: Queryable, wish: Escalation): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'escalate',
    text: ESCALATE,
    values: [wish.conversationId, wish.tier, wish.actor, wish.why, wish.now, JSON.stringify(wish.note ?? {})],
  })
  if (!rowCount) return false
  await notify(tx, ['feed', 'queue'])
  return true
}

const ESCALATE = `with held as (
    select id, tier, assignee_id, status from conversation where id = $1 and tier < $2 and status not in ('resolved', 'spam')
     for no key update),
  moved as (
    update conversation c set tier = $2, assignee_id = null, holder = 'queue', status = 'open', snoozed_until = null,
        on_hold_for = null, routed_at = coalesce(c.routed_at, $5), version = c.version + 1
      from held where c.id = held.id
    returning c.id, c.inbox_id, c.version, c.last_seq, c.team_id, held.tier as before, held.assignee_id as agent_id,
      held.status as status_before),
  why as (
    select moved.*, jsonb_build_object('from', before, 'to', $2::int, 'by', coalesce(agent_id::text, split_part($3, ':', 2)))
      || $6::jsonb      as details from moved),
  ended as (
    update assignment a set until = $5 from moved where a.conversation_id = moved.id and a.until is null),
  queued as (
    insert into assignment (conversation_id, team_id, assigned_by, why, details, since)
    select id, team_id, $3, $4, details, $5 from why),
  told as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select id, version, last_seq, 'escalated', $3, jsonb_build_object('from', agent_id::text, 'to', null,
        'why', details || jsonb_build_object('code', $4::text)) from why),
  reopened as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select id, version, last_seq, 'statusChanged', $3, jsonb_build_object('from', status_before, 'to', 'open') from why
     where status_before <> 'open'),
  fed as (
    insert into feed (kind, inbox_id, conversation_id, version)
    select 'conversation.updated', inbox_id, id, version from moved)
  select id from moved`
