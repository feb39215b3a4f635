import type { Audience } from '../channel/contract.ts'
import type { Queryable } from './database.ts'
import { seenAs } from './team-name.ts'

/** In the row of the reader: up to where it looked. null: nobody ever did, and nothing of before is told. */
export async function noticePosition(q: Queryable): Promise<{ position: string | null; head: string }> {
  const { rows } = await q.query({
    name: 'notice-reader',
    text: 'select r.position, h.position as head from feed_head h left join notice_reader r on true',
  })
  return rows[0] as { position: string | null; head: string }
}

/** One process at a time; null: another one does just now. */
export async function lockNoticeReader(tx: Queryable): Promise<string | null> {
  const { rows } = await tx.query({
    name: 'notice-reader-lock',
    text: 'select position from notice_reader for update skip locked',
  })
  return (rows[0] as { position: string } | undefined)?.position ?? null
}

export async function setNoticePosition(q: Queryable, position: string): Promise<void> {
  await q.query({
    name: 'notice-reader-set',
    text: `insert into notice_reader as r (position) values ($1)
      on conflict (only_row) do update set position = excluded.position where r.position < excluded.position`,
    values: [position],
  })
}

/**
 * Notes what customers are to hear of what happened after `position`, each once. Answers up to where it looked.
 * A case of a team that customers know nothing of gives nothing away, nor does one that others read along.
 */
export async function noteNotices(
  tx: Queryable,
  position: string,
  { now, limit, waitMs }: { readonly now: Date; readonly limit: number; readonly waitMs: number },
): Promise<string> {
  const { rows } = await tx.query({ name: 'notice-note', text: NOTE, values: [position, limit, now, waitMs] })
  return (rows[0] as { position: string | null }).position ?? position
}

// An opening: nothing of it is said twice, however many of its messages were given to somebody.
const opening = `coalesce((extract(epoch from c.opened_at) * 1000)::bigint, 0)::text`

const NOTE = `with seen as materialized (
    select position, kind, conversation_id, version, message_id from feed where position > $1 order by position limit $2),
  asked as (
    select c.id, 'acknowledged' as kind, ${opening} as about, m.id as asked_by, least(m.occurred_at, $3) as at,
        least(m.occurred_at, $3) + $4 * interval '1 millisecond' as due_at
      from seen s join message m on m.id = s.message_id join conversation c on c.id = m.conversation_id
      join inbox i on i.id = c.inbox_id
     where s.kind = 'routed' and c.audience = 'private' and c.status = 'open'
       and (i.customer ->> 'acknowledge') is distinct from 'false'),
  happened as (
    select c.id, case a.kind when 'assigned' then 'turn' when 'escalated' then 'escalated' else 'resolved' end as kind,
        case a.kind when 'assigned' then ${opening} else a.version::text end as about, null::bigint as asked_by,
        $3::timestamptz - greatest(now() - a.at, interval '0') as at
      from (select distinct conversation_id, version from seen where kind = 'conversation.updated') s
      join activity a on a.conversation_id = s.conversation_id and a.version = s.version
      join conversation c on c.id = a.conversation_id
      join team t on t.id = c.team_id and t.customer_sees is not null join inbox i on i.id = c.inbox_id
     where (i.customer ->> 'news') is distinct from 'false' and c.audience = 'private' and ((a.kind = 'assigned' and a.data ->> 'to' is not null) or a.kind = 'escalated'
       or (a.kind = 'statusChanged' and a.data ->> 'to' = 'resolved' and a.actor like 'agent:%'))),
  noted as (
    insert into customer_notice (conversation_id, kind, about, asked_by, happened_at, due_at)
    select id, kind, about, asked_by, at, due_at from asked
    union all select id, kind, about, asked_by, at, at from happened
    on conflict do nothing)
  select max(position) as position from seen`

export interface DueNotice {
  readonly id: string
  readonly conversationId: string
  readonly kind: 'acknowledged' | 'turn' | 'escalated' | 'resolved'
  readonly about: string
  readonly happenedAt: Date
  readonly number: string
  readonly teamId: string | null
  /** What customers know the team as; null: nothing. */
  readonly sees: string | null
  readonly agentId: string | null
  /** The public name. */
  readonly agentName: string | null
  readonly language: string | null
  readonly progressDays: number | null
  /** Whom it is for: the message acknowledged, else their newest one. null: nobody is there any more. */
  readonly askedBy: string | null
  readonly identityId: string | null
  readonly inboxId: string
  readonly threadId: string
  readonly key: string
  readonly threadKind: string
  readonly audience: Audience
  readonly place: string
}

export async function dueNotices(q: Queryable, now: Date, limit: number): Promise<DueNotice[]> {
  const { rows } = await q.query({ name: 'notice-due', text: DUE, values: [now, limit] })
  return rows as DueNotice[]
}

const DUE = `select n.id, n.conversation_id as "conversationId", n.kind, n.about, n.happened_at as "happenedAt",
    c.number::text, c.team_id as "teamId", ${seenAs('coalesce(k.language, c.language)')} as sees, g.id as "agentId", g.public_name as "agentName",
    coalesce(k.language, c.language) as language,
    case when i.customer ? 'progressDays' then (i.customer ->> 'progressDays')::int else 30 end as "progressDays",
    a.id as "askedBy", a.sender_identity_id as "identityId", h.inbox_id as "inboxId", h.id as "threadId", h.key,
    h.kind as "threadKind", h.audience, h.place
  from (select * from customer_notice where due_at <= $1 order by due_at limit $2) n
  join conversation c on c.id = n.conversation_id
  left join team t on t.id = c.team_id left join agent g on g.id = c.assignee_id
  left join lateral (select m.id, m.thread_id, m.sender_identity_id from message m
    where m.conversation_id = c.id and m.direction = 'in' and m.deleted_at is null and (n.asked_by is null or m.id = n.asked_by)
    order by m.seq desc limit 1) a on true
  join thread h on h.id = coalesce(a.thread_id, c.thread_id) join inbox i on i.id = h.inbox_id
  left join identity p on p.id = a.sender_identity_id left join contact k on k.id = p.contact_id
  order by n.due_at`

export async function endNotice(q: Queryable, id: string): Promise<void> {
  await q.query({ name: 'notice-end', text: 'delete from customer_notice where id = $1', values: [id] })
}

export async function postponeNotice(q: Queryable, id: string, until: Date): Promise<void> {
  await q.query({
    name: 'notice-later',
    text: 'update customer_notice set due_at = $2 where id = $1',
    values: [id, until],
  })
}

/** Whether it is still so, and still news to the customer. Under the conversation's lock. */
export async function stillHolds(tx: Queryable, { conversationId, kind, askedBy, agentId, teamId }: DueNotice) {
  const { rowCount } = await tx.query({
    name: 'notice-holds',
    text: HOLDS,
    values: [conversationId, kind, askedBy, agentId, teamId],
  })
  return rowCount === 1
}

// Whoever was handed to people was told the number with it. Platforms tell times in seconds.
const toldAlready = `select from message m left join bot_turn b on b.message_id = m.id
    left join automatic_answer w on w.asked_by = m.id
  where m.conversation_id = c.id and m.direction = 'in' and (b.outcome = 'handedOver' or w.kind = 'human')
    and m.occurred_at >= coalesce(c.opened_at, '-infinity') - interval '1 minute'`

const HOLDS = `select from conversation c left join team t on t.id = c.team_id
  where c.id = $1 and c.merged_into is null and c.audience = 'private' and case $2::text
    when 'acknowledged' then c.status = 'open' and not exists (select from message m join message a on a.id = $3::bigint
      where m.conversation_id = c.id and m.direction = 'out' and m.seq > a.seq)
      and not exists (${toldAlready})
    when 'turn' then c.status = 'open' and c.assignee_id = $4::bigint and t.id = $5::bigint and t.customer_sees is not null
      and not exists (select from message m where m.conversation_id = c.id and m.direction = 'out'
        and m.sender_type = 'agent' and m.seq > coalesce((select max(o.after_seq) from activity o
          where o.conversation_id = c.id and (o.kind = 'reopened'
            or (o.kind = 'statusChanged' and o.data ->> 'from' in ('resolved', 'spam')))), 0))
    when 'escalated' then c.status not in ('resolved', 'spam') and t.id = $5::bigint and t.customer_sees is not null
    else c.status = 'resolved' and t.id = $5::bigint and t.customer_sees is not null end`

/** How often this person was told a number within a time: programs that answer each other must come to an end. */
export async function acknowledgedSince(tx: Queryable, identityId: string, since: Date): Promise<number> {
  const { rows } = await tx.query({
    name: 'notice-told-often',
    text: `select count(*)::int as n from conversation c
      join message m on m.conversation_id = c.id and m.author_key = 'system' and m.client_id like 'acknowledged-%'
      where c.opener_identity_id = $1 and c.last_activity_at >= $2 and m.occurred_at >= $2`,
    values: [identityId, since],
  })
  return (rows[0] as { n: number }).n
}
