import type { ThreadRef } from '../channel/contract.ts'
import { type Queryable, together } from './database.ts'
import { markAnswered } from './reply.ts'

/** What a colleague wrote in the platform's own app. */
export interface StaffAnswer {
  readonly conversationId: string
  readonly agentId: string
  readonly seq: bigint
}

// Somebody takes part who is not one of us.
const CUSTOMER = `exists (select from participant p join identity n on n.id = p.identity_id
    where p.thread_id = t.id and not exists (select from agent a where a.id = n.agent_id and a.active))`

/**
 * Where a colleague's message belongs: the thread of what it answers, among all of the same place, else its own. null: no customer
 * is there.
 */
export async function placeWithCustomer(
  tx: Queryable,
  at: { readonly inboxId: string; readonly thread: ThreadRef; readonly replyTo: string | undefined },
): Promise<ThreadRef | null> {
  const { rows } = await tx.query({
    name: 'staff-place',
    text: `select key, kind, audience, place from (
        select t.id, t.key, t.kind, t.audience, t.place, 1 as n from thread t where t.inbox_id = $1 and t.place = $2
           and (exists (select from message m where m.thread_id = t.id and m.external_id = $4)
             or exists (select from delivery d where d.thread_id = t.id and d.external_id = $4)) and ${CUSTOMER}
        union all
        select t.id, t.key, t.kind, t.audience, t.place, 2 from thread t where t.inbox_id = $1 and t.key = $3 and ${CUSTOMER}) t
      order by n, id limit 1`,
    values: [at.inboxId, at.thread.place ?? at.thread.key, at.thread.key, at.replyTo ?? null],
  })
  return (rows[0] as ThreadRef | undefined) ?? null
}

/** The thread of this place in which this account of a colleague wrote this message. */
export async function placeOfStaffMessage(
  tx: Queryable,
  at: {
    readonly inboxId: string
    readonly thread: ThreadRef
    readonly externalId: string
    readonly identityId: string
  },
): Promise<ThreadRef | null> {
  const { rows } = await tx.query({
    name: 'staff-message-place',
    text: `select t.key, t.kind, t.audience, t.place from thread t
        join message m on m.thread_id = t.id and m.external_id = $3 and m.sender_identity_id = $4 and m.direction = 'out'
      where t.inbox_id = $1 and t.place = $2 limit 1`,
    values: [at.inboxId, at.thread.place ?? at.thread.key, at.externalId, at.identityId],
  })
  return (rows[0] as ThreadRef | undefined) ?? null
}

/** Who answers has read what stood there, and has the case from then on unless a colleague has it. */
export async function settleStaffAnswers(tx: Queryable, answers: readonly StaffAnswer[]): Promise<void> {
  const last = new Map(answers.map((answer) => [`${answer.conversationId} ${answer.agentId}`, answer]))
  for (const { conversationId, agentId, seq } of last.values()) {
    await together([
      markAnswered(tx, { conversationId, agentId, seq, basedOn: undefined }),
      tx.query({ name: 'staff-take', text: TAKE, values: [conversationId, agentId] }),
      // Nobody's machine goes on talking into it.
      tx.query({
        name: 'staff-stop-bot',
        text: `update conversation set holder = 'queue' where id = $1 and holder = 'bot'`,
        values: [conversationId],
      }),
    ])
  }
}

// Nobody is given what they could not open. The conversation's version has risen with the message already.
const TAKE = `with taken as (
    update conversation c set assignee_id = a.id, holder = 'agent', routed_at = coalesce(c.routed_at, now())
      from agent a, inbox i
     where c.id = $1 and a.id = $2 and a.active and i.id = c.inbox_id
       and not exists (select from agent h where h.id = c.assignee_id and h.active)
       and (a.role = 'admin' or exists (select from team_member t where t.agent_id = a.id and t.team_id = i.team_id)
         or exists (select from inbox_member m where m.agent_id = a.id and m.inbox_id = i.id))
       and (not c.restricted or exists (select from team_member t where t.agent_id = a.id and t.team_id = c.team_id))
    returning c.id, c.team_id, c.version, c.last_seq),
  before as (update assignment set until = now() from taken where conversation_id = taken.id and until is null),
  held as (insert into assignment (conversation_id, agent_id, team_id, assigned_by, why)
    select id, $2::bigint, team_id, 'agent:' || $2::bigint, 'answeredInApp' from taken)
  insert into activity (conversation_id, version, after_seq, kind, actor, data)
  select id, version, last_seq, 'assigned', 'agent:' || $2::bigint, jsonb_build_object('from', null, 'to', $2::bigint::text) from taken`
