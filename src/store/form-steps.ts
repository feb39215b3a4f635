import type { Queryable } from './database.ts'
import type { Asking } from './form-asking.ts'

// A person spoke, the case is over, went to the bot or to another one, or the bot may not speak here any more.
const over = (f: string, c: string) => `case
    when ${c}.status not in ('open', 'waiting', 'onHold', 'snoozed') or ${c}.merged_into is not null then 'over'
    when ${c}.holder = 'bot' then 'bot'
    when exists (select from message a where a.conversation_id = ${c}.id and a.direction = 'out' and a.sender_type = 'agent'
      and a.seq > ${f}.since_seq) then 'agent'
    when not ${f}.by_customer and not (select i.bot from inbox i where i.id = ${c}.inbox_id) then 'notHere' end`

/** Where something is to be said, read or ended. Nothing before the case stands in its queue. */
export async function dueAskings(q: Queryable, now: Date, limit: number): Promise<{ id: string; threadId: string }[]> {
  const { rows } = await q.query({
    name: 'form-due',
    text: `select f.conversation_id as id, f.thread_id as "threadId"
      from form_asking f join conversation c on c.id = f.conversation_id
      where f.state in ('asking', 'offered') and c.routed_at is not null
        and (not f.said or c.last_incoming_seq > f.seen_seq or f.deadline <= $1 or ${over('f', 'c')} is not null)
      order by f.conversation_id limit $2`,
    values: [now, limit],
  })
  return rows
}

export interface AskingNow extends Asking {
  readonly state: 'asking' | 'offered'
  readonly inboxId: string
  /** Why nothing is asked any more. */
  readonly over: 'over' | 'bot' | 'agent' | 'notHere' | null
  readonly silent: boolean
  readonly lastSeq: string
  /** The customer's, in this place, not read yet. What a program wrote answers nothing. */
  readonly words: readonly { readonly id: string; readonly text: string }[]
}

/** Under the thread's lock; null: it is over. */
export async function lockAsking(tx: Queryable, conversationId: string, now: Date): Promise<AskingNow | null> {
  await tx.query('select 1 from conversation where id = $1 for no key update', [conversationId])
  const { rows } = await tx.query({
    name: 'form-asking',
    text: `select f.conversation_id as "conversationId", f.thread_id as "threadId", f.topic_id as "topicId", f.state,
        f.by_customer as "byCustomer", f.language, f.field, f.problem, f.tries, f.skipped, f.said, f.asked_by as "askedBy",
        f.since_seq as "sinceSeq", c.inbox_id as "inboxId", ${over('f', 'c')} as over, f.deadline <= $2 as silent,
        c.last_incoming_seq as "lastSeq",
        coalesce((select jsonb_agg(jsonb_build_object('id', m.id::text, 'text', left(m.text, 4000)) order by m.seq)
          from message m where m.conversation_id = c.id and m.thread_id = f.thread_id and m.direction = 'in'
            and m.seq > f.seen_seq and m.deleted_at is null and not m.automatic and not m.by_program), '[]') as words
      from form_asking f join conversation c on c.id = f.conversation_id
      where f.conversation_id = $1 and f.state in ('asking', 'offered') for update of f`,
    values: [conversationId, now],
  })
  return (rows[0] as AskingNow | undefined) ?? null
}

export async function endAsking(q: Queryable, conversationId: string, why: string): Promise<void> {
  await q.query(
    `update form_asking set state = 'ended', why = $2 where conversation_id = $1 and state in ('asking', 'offered')`,
    [conversationId, why],
  )
}

/** The customer was read that far. */
export async function noteSeen(tx: Queryable, conversationId: string, seq: string): Promise<void> {
  await tx.query('update form_asking set seen_seq = greatest(seen_seq, $2) where conversation_id = $1', [
    conversationId,
    seq,
  ])
}

export interface Step extends Pick<Asking, 'field' | 'problem' | 'tries' | 'skipped' | 'askedBy'> {
  readonly deadline: Date
}

/** What is to be said next; it answers this message. */
export async function noteStep(tx: Queryable, conversationId: string, step: Step): Promise<void> {
  await tx.query({
    name: 'form-step',
    text: `update form_asking set field = $2, problem = $3, tries = $4, skipped = $5, asked_by = $6, deadline = $7, said = false
      where conversation_id = $1`,
    values: [conversationId, step.field, step.problem, step.tries, step.skipped, step.askedBy, step.deadline],
  })
}

/** In the transaction that says it, under the conversation's lock: only while it is still to be said and nobody spoke. */
export async function noteSaid(tx: Queryable, asking: Asking, state: 'asking' | 'offered' | 'done'): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'form-said',
    text: `update form_asking f set said = true, state = $5 from conversation c
      where f.conversation_id = $1 and c.id = f.conversation_id and f.state in ('asking', 'offered') and not f.said
        and f.asked_by = $2 and f.field is not distinct from $3 and f.tries = $4 and ${over('f', 'c')} is null
        and c.last_incoming_seq <= f.seen_seq`,
    values: [asking.conversationId, asking.askedBy, asking.field, asking.tries, state],
  })
  return rowCount === 1
}
