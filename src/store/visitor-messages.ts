import type { Queryable } from './database.ts'

/** A message as the visitor may see it: neither notes nor activities nor who an agent is behind the public name. */
export interface VisitorMessageRow {
  readonly id: string
  readonly threadId: string
  readonly direction: 'in' | 'out'
  readonly senderType: 'contact' | 'agent' | 'bot' | 'system'
  readonly senderName: string | null
  readonly senderAvatar: string | null
  readonly text: string
  readonly clientId: string | null
  readonly replyToId: string | null
  readonly at: Date
  readonly edited: boolean
  readonly deleted: boolean
  readonly read: boolean
  /** By letter, in the thread of letters that goes on with the visitor's place. */
  readonly byLetter: boolean
  /** It offers the form of this topic. */
  readonly formTopicId: string | null
  /** The channel's own rendering of each part, as it stands in the outbox. */
  readonly payloads: readonly unknown[]
  readonly attachments: readonly {
    readonly id: string
    readonly fileId: string | null
    readonly name: string
    readonly type: string
    readonly size: number | null
  }[]
}

const COLUMNS = `m.id, m.thread_id as "threadId", m.direction, m.sender_type as "senderType",
  a.public_name as "senderName", a.public_avatar as "senderAvatar",
  case when m.deleted_at is null then m.text else '' end as text,
  case when m.direction = 'in' then m.client_id end as "clientId", m.reply_to_id as "replyToId", m.occurred_at as at,
  m.edited_at is not null as edited, m.deleted_at is not null as deleted, p.continues_id is not null or coalesce(s.read, true) as read,
  p.continues_id is not null as "byLetter",
  case when m.sender_type = 'bot' then (select o.topic_id from automatic_answer w join form_asking o on o.asked_by = w.asked_by
    where w.message_id = m.id and o.conversation_id = m.conversation_id and o.state = 'offered') end as "formTopicId",
  case when m.deleted_at is null then coalesce(d.payloads, '[]') else '[]' end as payloads,
  case when m.deleted_at is null then coalesce(t.attachments, '[]') else '[]' end as attachments`

// Of each part the newest rendering, so that an edit shows; a message whose every part was called back is not there.
const JOINS = `join thread p on p.id = m.thread_id left join agent a on a.id = m.sender_agent_id
  left join lateral (select json_agg(p.payload -> 'payload' order by p.part) as payloads
    from (select distinct on (part) part, payload from delivery
      where message_id = m.id and operation in ('send', 'edit') order by part, id desc) p
  ) d on m.direction = 'out'
  left join lateral (select bool_and(state = 'read') as read, bool_and(state = 'cancelled') as cancelled
    from delivery where message_id = m.id and operation = 'send') s on m.direction = 'out'
  left join lateral (select json_agg(json_build_object('id', t.id::text, 'fileId', t.file_id::text, 'name', t.name,
      'type', coalesce(f.type, t.type), 'size', coalesce(f.size, t.size)) order by t.ordinal) as attachments
    from attachment t left join file f on f.id = t.file_id where t.message_id = m.id) t on true`
// Of letters only what went between us and the visitor: an agent may have asked somebody else in the same thread.
const VISIBLE = `m.direction <> 'note' and s.cancelled is not true and (p.continues_id is null
  or (m.direction = 'in' and lower(m.letter -> 'from' ->> 'address') = p.continued_to)
  or (m.direction = 'out' and exists (select from jsonb_array_elements(
        coalesce(m.letter -> 'to', '[]') || coalesce(m.letter -> 'cc', '[]')) r where lower(r ->> 'address') = p.continued_to)))`

/** The threads of these keys, in the order of the keys; those that do not exist yet are left out. */
export async function visitorThreads(q: Queryable, inboxId: string, keys: readonly string[]) {
  const { rows } = await q.query({
    name: 'visitor-threads',
    text: `select id, key from thread where inbox_id = $1 and key = any($2::text[])
      order by array_position($2::text[], key)`,
    values: [inboxId, keys],
  })
  return rows as { id: string; key: string }[]
}

/** The threads of letters that go on with these places, oldest first. */
export async function lettersOf(q: Queryable, threads: readonly string[]): Promise<string[]> {
  if (threads.length === 0) return []
  const { rows } = await q.query({
    name: 'visitor-letters',
    text: `select id from (select id from thread where continues_id = any($1::bigint[]) order by id desc limit 10) t order by id`,
    values: [threads],
  })
  return rows.map((row: { id: string }) => row.id)
}

/** Where each thread ends now. Rows of one thread commit in the order of their ids, so nothing later comes before it. */
export async function threadEnds(q: Queryable, threads: readonly string[]): Promise<string[]> {
  const { rows } = await q.query({
    name: 'visitor-thread-ends',
    text: `select coalesce((select max(m.id) from message m where m.thread_id = t.id), 0) as last
      from unnest($1::bigint[]) with ordinality t(id, n) order by t.n`,
    values: [threads],
  })
  return rows.map((row: { last: string }) => row.last)
}

/** Ascending; what follows `after` in each thread. */
export async function messagesAfter(
  q: Queryable,
  threads: readonly string[],
  after: readonly string[],
  limit: number,
): Promise<VisitorMessageRow[]> {
  const { rows } = await q.query({
    name: 'visitor-messages-after',
    text: `select ${COLUMNS} from unnest($1::bigint[], $2::bigint[]) k(thread, after)
      join message m on m.thread_id = k.thread and m.id > k.after ${JOINS} where ${VISIBLE} order by m.id limit $3`,
    values: [threads, after, limit],
  })
  return rows
}

/** Ascending; the newest ones before `before`. */
export async function messagesBefore(
  q: Queryable,
  threads: readonly string[],
  before: string | null,
  limit: number,
): Promise<VisitorMessageRow[]> {
  const { rows } = await q.query({
    name: 'visitor-messages-before',
    text: `select ${COLUMNS} from message m ${JOINS}
      where m.thread_id = any($1::bigint[]) and ($2::bigint is null or m.id < $2) and ${VISIBLE}
      order by m.id desc limit $3`,
    values: [threads, before, limit],
  })
  return rows.reverse()
}

export async function visitorMessage(q: Queryable, threads: readonly string[], externalId: string) {
  const { rows } = await q.query({
    name: 'visitor-message',
    text: `select ${COLUMNS} from message m ${JOINS}
      where m.thread_id = any($1::bigint[]) and m.external_id = $2 and ${VISIBLE}`,
    values: [threads, externalId],
  })
  return (rows[0] as VisitorMessageRow | undefined) ?? null
}

/** The newest of the visitor's messages that an agent has had on the screen. */
export async function seenUpTo(q: Queryable, threads: readonly string[]): Promise<string | null> {
  const { rows } = await q.query({
    name: 'visitor-seen',
    text: `select max(m.id) as id from thread t
        join lateral (select max(seq) as seq from read_mark where conversation_id = t.conversation_id) r on true
        join message m on m.conversation_id = t.conversation_id and m.direction = 'in' and m.seq <= r.seq
      where t.id = any($1::bigint[])`,
    values: [threads],
  })
  return (rows[0] as { id: string | null } | undefined)?.id ?? null
}

/** The newest message of ours up to this one; null: none of ours in these threads. */
export async function ownUpTo(q: Queryable, threads: readonly string[], upTo: string): Promise<string | null> {
  const { rows } = await q.query({
    name: 'visitor-own-up-to',
    text: `select max(l.id) as id from unnest($1::bigint[]) k(thread)
      join lateral (select m.id from message m where m.thread_id = k.thread and m.id <= $2::bigint and m.direction = 'out'
        order by m.id desc limit 1) l on true`,
    values: [threads, upTo],
  })
  return (rows[0] as { id: string | null } | undefined)?.id ?? null
}

const PAST = { delivered: ['delivered', 'read', 'failed', 'cancelled'], read: ['read', 'failed', 'cancelled'] } as const

/** The parts of ours up to this message that do not yet count as delivered, or as read. */
export async function openDeliveries(
  q: Queryable,
  threads: readonly string[],
  upTo: string,
  receipt: keyof typeof PAST,
): Promise<{ id: string; threadId: string }[]> {
  const { rows } = await q.query({
    name: 'visitor-open-deliveries',
    text: `select d.id, d.thread_id as "threadId" from message m
      join delivery d on d.message_id = m.id and d.operation = 'send' and d.state <> all($3::text[])
      where m.thread_id = any($1::bigint[]) and m.direction = 'out' and m.id <= $2::bigint
      order by d.id desc limit 500`,
    values: [threads, upTo, PAST[receipt]],
  })
  return rows.reverse()
}

/** Which conversation of these threads is the present one, for the session's answer. */
export async function presentConversation(q: Queryable, threads: readonly string[]) {
  const { rows } = await q.query({
    name: 'visitor-conversation',
    text: `select c.number, c.last_activity_at as "lastActivityAt" from thread t
      join conversation c on c.id = t.conversation_id where t.id = any($1::bigint[]) order by c.id desc limit 1`,
    values: [threads],
  })
  return (rows[0] as { number: string; lastActivityAt: Date } | undefined) ?? null
}

/** Of these messages those a visitor may hear of. */
export async function withoutNotes(q: Queryable, messageIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await q.query({
    name: 'visitor-without-notes',
    text: `select id from message where id = any($1::bigint[]) and direction <> 'note'`,
    values: [messageIds],
  })
  return new Set(rows.map((row: { id: string }) => row.id))
}
