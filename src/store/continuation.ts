import type { ThreadRef } from '../channel/contract.ts'
import type { Unread } from '../domain/continuation.ts'
import type { Queryable } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'
import type { ThreadRow } from './thread.ts'

/** A chat whose customer may be written to by letter. */
export interface ContinuedPlace {
  readonly threadId: string
  readonly inboxId: string
  readonly conversationId: string | null
  readonly contactName: string
  readonly language: string | null
  readonly subject: string | null
}

export async function continuedPlace(q: Queryable, threadId: string): Promise<ContinuedPlace | null> {
  const { rows } = await q.query({
    name: 'continued-place',
    text: `select t.id as "threadId", t.inbox_id as "inboxId", t.conversation_id as "conversationId", c.subject,
        coalesce(k.name, '') as "contactName", coalesce(a.language, k.language) as language
      from thread t left join conversation c on c.id = t.conversation_id left join identity n on n.id = c.opener_identity_id
        left join contact k on k.id = n.contact_id left join visitor_address a on a.thread_id = t.id where t.id = $1`,
    values: [threadId],
  })
  return (rows[0] as ContinuedPlace | undefined) ?? null
}

/** The thread of letters of this key, made where it is missing. Outside of transactions: it locks nothing. */
export async function ensureThread(q: Queryable, inboxId: string, ref: ThreadRef): Promise<string> {
  const { rows } = await q.query(
    `with made as (insert into thread (inbox_id, key, kind, audience, place) values ($1, $2, $3, $4, $5)
        on conflict (inbox_id, key) do nothing returning id)
      select id from made union all select id from thread where inbox_id = $1 and key = $2`,
    [inboxId, ref.key, ref.kind, ref.audience, ref.place ?? ref.key],
  )
  const found = rows[0] as { id: string } | undefined
  return found ? found.id : ensureThread(q, inboxId, ref)
}

/** Threads of several inboxes, in the order in which everybody locks them. */
export async function lockThreadPair(tx: Queryable, ids: readonly string[]): Promise<Map<string, ThreadRow>> {
  const { rows } = await tx.query(
    `select id, key, kind, audience, place, conversation_id as "conversationId" from thread
      where id = any($1::bigint[]) order by key collate "C", id for no key update`,
    [ids],
  )
  return new Map(rows.map((row: ThreadRow) => [row.id, row]))
}

export interface UnreadReply {
  readonly id: string
  readonly conversationId: string
  readonly text: string
  readonly senderType: 'agent' | 'bot'
  readonly authorName: string | null
  readonly ageMs: number
}

/**
 * Our words in this place that nobody read there and that went out by no letter; none that the customer answered, or that are
 * older than a week. `locking`: their deliveries, so that a reading that is just being noted is waited for.
 */
export async function unreadReplies(q: Queryable, threadId: string, locking = false): Promise<UnreadReply[]> {
  const { rows } = await q.query({
    name: locking ? 'continued-unread-locked' : 'continued-unread',
    text: `select m.id, m.conversation_id as "conversationId", m.text, m.sender_type as "senderType",
        nullif(a.public_name, '') as "authorName",
        (extract(epoch from now() - m.created_at) * 1000)::float8 as "ageMs"
      from message m join delivery d on d.message_id = m.id and d.operation = 'send' and d.part = 0
        left join agent a on a.id = m.sender_agent_id
      where m.thread_id = $1 and m.direction = 'out' and m.sender_type in ('agent', 'bot') and m.deleted_at is null
        and m.id > coalesce((select max(i.id) from message i where i.thread_id = $1 and i.direction = 'in'), 0)
        and d.state not in ('read', 'cancelled') and m.created_at > now() - interval '7 days'
        and not exists (select from continued_message k where k.message_id = m.id)
      order by m.id limit 50 ${locking ? 'for update of d' : ''}`,
    values: [threadId],
  })
  return rows as UnreadReply[]
}

export async function unreadFacts(q: Queryable, threadId: string, replies: readonly UnreadReply[]): Promise<Unread> {
  const { rows } = await q.query({
    name: 'visitor-presence',
    text: `select (extract(epoch from now() - seen_at) * 1000)::float8 as ms from visitor_presence where thread_id = $1`,
    values: [threadId],
  })
  const ages = replies.map(({ ageMs }) => ageMs)
  const seen = rows[0] as { ms: number } | undefined
  return { oldestAgeMs: Math.max(...ages), newestAgeMs: Math.min(...ages), seenAgoMs: seen?.ms ?? null }
}

/** A page of theirs is open. Written often, so only where somebody may ask. */
export async function seenVisitor(q: Queryable, threadIds: readonly string[]): Promise<void> {
  await q.query({
    name: 'visitor-seen-now',
    text: `insert into visitor_presence (thread_id, seen_at) select t, now() from unnest($1::bigint[]) t order by t
      on conflict (thread_id) do update set seen_at = now()`,
    values: [[...threadIds]],
  })
}

/** From here on none of these goes out by letter again. Throws 23505 when another worker was first. */
export async function markContinued(tx: Queryable, messageIds: readonly string[], deliveryId: string): Promise<void> {
  await tx.query('insert into continued_message (message_id, delivery_id) select unnest($1::bigint[]), $2', [
    messageIds,
    deliveryId,
  ])
}

export interface LetterTrail {
  readonly externalIds: readonly string[]
  /** What the customer said last in the chat, to be quoted. */
  readonly said: { readonly text: string; readonly at: Date } | null
}

/** The letters of this thread of letters, oldest first, and what in the chat is answered. */
export async function letterTrail(q: Queryable, letters: string, chat: string): Promise<LetterTrail> {
  const { rows } = await q.query({
    name: 'letter-trail',
    text: `select id from (
        (select external_id as id, created_at as at from delivery where thread_id = $1 and external_id is not null
          order by delivery.id desc limit 20)
        union all (select external_id, created_at from message where thread_id = $1 and external_id is not null
          order by message.id desc limit 20)) known order by at`,
    values: [letters],
  })
  const said = await q.query({
    name: 'letter-said',
    text: `select text, occurred_at as at from message where thread_id = $1 and direction = 'in' and deleted_at is null
      order by id desc limit 1`,
    values: [chat],
  })
  return {
    // What was added here to tell two letters of one id apart means nothing to others.
    externalIds: rows.map(({ id }: { id: string }) => id.replace(/>#.*$/s, '>')).slice(-20),
    said: (said.rows[0] as LetterTrail['said'] | undefined) ?? null,
  }
}

/** Files of these messages whose bytes are here, in their order. */
export async function filesOfMessages(q: Queryable, messageIds: readonly string[]) {
  const { rows } = await q.query(
    `select f.id, a.name, f.type, f.size::float8 as size from attachment a join file f on f.id = a.file_id
      where a.message_id = any($1::bigint[]) order by a.message_id, a.ordinal`,
    [messageIds],
  )
  return rows as { id: string; name: string; type: string; size: number }[]
}

/** Something that the pages of agents show of this conversation is different now. */
export async function touchConversation(tx: Queryable, conversationId: string): Promise<bigint> {
  const { rows } = await tx.query(
    'update conversation set version = version + 1 where id = $1 returning inbox_id as "inboxId", version',
    [conversationId],
  )
  const { inboxId, version } = rows[0] as { inboxId: string; version: string }
  await insertFeed(tx, [{ kind: 'conversation.updated', inboxId, conversationId, version }])
  await notify(tx, ['feed'])
  return BigInt(version)
}
