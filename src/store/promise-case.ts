import type { Holder, Status } from '../domain/conversation.ts'
import type { Queryable } from './database.ts'

/** A conversation with all that decides about its promises and about reminding its customer. */
export interface PromisedCase {
  readonly id: string
  readonly status: Status
  readonly statusSince: Date
  readonly holder: Holder
  /** null: when it was made. */
  readonly openedAt: Date | null
  readonly firstAt: Date
  readonly waitingSince: Date | null
  /** 1 low .. 4 urgent. */
  readonly priority: number
  readonly dueAt: Date | null
  readonly dueKind: string | null
  readonly policyId: string | null
  /** A person's newest word to the customer that is not known to have been lost. */
  readonly wordId: string | null
  readonly wordAt: Date | null
  /** The customer's first word after it. */
  readonly askedAt: Date | null
  /** Anything came in after it, be it from a program. */
  readonly heard: boolean
  /** The bot's newest word, where it has the case; and its customer's newest one after it, be it nothing but thanks. */
  readonly botWordId: string | null
  readonly botWordAt: Date | null
  readonly thankedAt: Date | null
  /** More than thanks came in after it. */
  readonly botHeard: boolean
  readonly remindAfterHours: number | null
  readonly remindSince: Date | null
}

const CASES = `select c.id, c.status, coalesce(c.status_since, c.last_activity_at) as "statusSince", c.holder,
    c.opened_at as "openedAt", coalesce(f.occurred_at, c.created_at) as "firstAt", c.waiting_since as "waitingSince",
    c.priority, c.due_at as "dueAt", c.due_kind as "dueKind",
    coalesce(own.id, t.sla_policy_id, i.sla_policy_id, usual.id) as "policyId",
    w.id as "wordId", w.occurred_at as "wordAt", a.occurred_at as "askedAt",
    exists (select from message m where m.conversation_id = c.id and m.seq > w.seq and m.direction = 'in') as heard,
    b.id as "botWordId", b.occurred_at as "botWordAt", x.at as "thankedAt", coalesce(x.more, false) as "botHeard",
    i.remind_after_hours as "remindAfterHours", i.remind_since as "remindSince"
  from conversation c join inbox i on i.id = c.inbox_id
  left join team t on t.id = c.team_id
  left join sla_policy own on own.id = c.sla_policy_id
  left join sla_policy usual on usual.is_default
  left join lateral (select m.occurred_at from message m
    where m.conversation_id = c.id and not m.history order by m.seq limit 1) f on true
  left join lateral (select m.id, m.seq, m.occurred_at from message m
    where m.conversation_id = c.id and m.direction = 'out' and m.sender_type = 'agent' and not m.history
      and not exists (select from delivery d where d.message_id = m.id and d.state = 'failed')
    order by m.seq desc limit 1) w on true
  left join lateral (select m.occurred_at from message m
    where m.conversation_id = c.id and m.seq > w.seq and m.direction = 'in' and not m.by_program
    order by m.seq limit 1) a on true
  left join lateral (select m.id, m.seq, m.occurred_at from message m
    where c.holder = 'bot' and m.conversation_id = c.id and m.direction = 'out' and m.sender_type = 'bot' and not m.history
    order by m.seq desc limit 1) b on true
  left join lateral (select max(m.occurred_at) as at, bool_or(r.outcome is null or r.outcome not in ('asked', 'thanked')) as more
    from message m left join bot_turn r on r.message_id = m.id
    where m.conversation_id = c.id and m.seq > b.seq and m.direction = 'in') x on true
  where c.id = any($1::bigint[]) order by c.id`

export async function promisedCases(q: Queryable, conversationIds: readonly string[]): Promise<PromisedCase[]> {
  const { rows } = await q.query({ name: 'promise-cases', text: CASES, values: [conversationIds] })
  return rows as PromisedCase[]
}

/** Of all that is not over, in pieces: those of the places after this one. */
export async function unfinishedAfter(
  q: Queryable,
  threadId: string,
  limit: number,
): Promise<{ id: string; threadId: string }[]> {
  const { rows } = await q.query({
    name: 'promise-unfinished',
    text: `select id, thread_id as "threadId" from conversation where status <> 'resolved' and thread_id > $1
      order by thread_id limit $2`,
    values: [threadId, limit],
  })
  return rows as { id: string; threadId: string }[]
}
