import type { Visibility } from '../domain/principal.ts'
import type { Seen } from '../domain/visibility.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

/** A stamped row of the feed with what decides who may hear of it. */
export interface FeedEntry extends Omit<Seen, 'inboxId'> {
  readonly id: string
  readonly position: string
  readonly at: Date
  readonly kind: string
  /** null: neither of an inbox nor of a conversation; for every agent. */
  readonly inboxId: string | null
  readonly conversationId: string | null
  /** Of the conversation with this change; null: nothing that a screen shows has changed. */
  readonly version: number | null
  readonly messageId: string | null
  readonly deliveryId: string | null
  /** Where the message stands, else the conversation. */
  readonly threadId: string | null
  /** Of a rule that tells outgoing webhooks: which one it is, and the label it gave. */
  readonly rule: { readonly ruleId: string; readonly label: string } | null
}

/** What leaves the house, in the feed and in outgoing webhooks alike: `id` stays the same however often it is sent. */
export function eventOf(row: FeedEntry) {
  const { id, position, kind, conversationId, version, inboxId, messageId, at, rule } = row
  const event = { id, position, kind, conversationId, version, inboxId, messageId, at: at.toISOString() }
  return rule ? { ...event, ...rule } : event
}

// A conversation may be anybody's by now, so its present owner decides, not the one it had when the row was written.
const SELECT = `select f.id, f.position, f.at, f.kind, coalesce(c.inbox_id, f.inbox_id) as "inboxId",
    f.conversation_id as "conversationId", f.version::float8 as version, f.message_id as "messageId",
    f.delivery_id as "deliveryId", coalesce(m.thread_id, c.thread_id) as "threadId",
    coalesce(c.restricted, false) as restricted, c.team_id as "teamId", c.assignee_id as "assigneeId",
    case when f.kind = 'rule.fired' then f.data end as rule
  from feed f left join conversation c on c.id = f.conversation_id left join message m on m.id = f.message_id`

/** The position of the newest stamped row. Rows up to it are all readable: they were committed with it. */
export async function feedHead(q: Queryable): Promise<string> {
  const { rows } = await q.query({ name: 'feed-head', text: 'select position from feed_head' })
  return (rows[0] as { position: string } | undefined)?.position ?? '0'
}

/** The oldest position still kept; one past the head when nothing is. */
export async function feedOldest(q: Queryable): Promise<string> {
  const text = `select coalesce((select position from feed where position is not null order by position limit 1),
    (select position + 1 from feed_head)) as position`
  const { rows } = await q.query({ name: 'feed-oldest', text })
  return (rows[0] as { position: string }).position
}

/** Everything after `position`, in order. For the hub and outgoing webhooks; what leaves towards a person is filtered. */
export async function feedAfter(q: Queryable, position: string, limit: number): Promise<FeedEntry[]> {
  const text = `${SELECT} where f.position > $1::bigint order by f.position limit $2`
  const { rows } = await q.query({ name: 'feed-after', text, values: [position, limit] })
  return rows as FeedEntry[]
}

export async function feedRow(q: Queryable, id: string): Promise<FeedEntry | null> {
  const { rows } = await q.query(`${SELECT} where f.id = $1 and f.position is not null`, [id])
  return (rows[0] as FeedEntry | undefined) ?? null
}

/** The rows after `after` up to `until` that `who` may see. */
export async function feedBetween(
  q: Queryable,
  range: { readonly after: string; readonly until: string; readonly limit: number },
  who: Visibility,
): Promise<FeedEntry[]> {
  const values: unknown[] = [range.after, range.until, range.limit, who.inboxIds]
  const text = `${SELECT}
    where f.position > $1::bigint and f.position <= $2::bigint
      and case when c.id is not null then ${visible('c', who, values)}
               when f.inbox_id is not null then f.inbox_id = any($4::bigint[]) else true end
    order by f.position limit $3`
  const { rows } = await q.query({ name: 'feed-between', text, values })
  return rows as FeedEntry[]
}

export interface FeedSlice {
  readonly rows: readonly FeedEntry[]
  /** Where to go on: past everything that was looked at, visible or not. */
  readonly next: string
  readonly head: string
}

// Positions looked at in one statement, so that somebody who may see little cannot make it walk the whole feed.
const WINDOW = 5_000n

/** One page of what `who` may see; empty only at the head, or after `windows` windows without anything visible. */
export async function feedSlice(
  q: Queryable,
  from: { readonly after: string; readonly limit: number; readonly windows?: number },
  who: Visibility,
): Promise<FeedSlice> {
  const head = await feedHead(q)
  let after = BigInt(from.after)
  for (let left = from.windows ?? 20; left > 0 && after < BigInt(head); left--) {
    const until = after + WINDOW < BigInt(head) ? after + WINDOW : BigInt(head)
    const rows = await feedBetween(q, { after: String(after), until: String(until), limit: from.limit }, who)
    if (rows.length === from.limit) return { rows, next: (rows.at(-1) as FeedEntry).position, head }
    if (rows.length > 0) return { rows, next: String(until), head }
    after = until
  }
  return { rows: [], next: String(after), head }
}

/** How many rows one pass stamps at most. */
export const STAMP_BATCH = 1_000

/**
 * Gives positions to committed rows in the order of their ids; answers how many. Safe to run anywhere at the same time. All of it
 * is one call of a function, so a process that is paused half way holds no lock. It looks at every unstamped row each time: a pass
 * that began behind some id would stamp a change before the one it followed from, whose transaction drew its id earlier.
 */
export async function stampFeed(q: Queryable): Promise<number> {
  const { rows } = await q.query({ name: 'feed-stamp', text: 'select stamp_feed($1) as n', values: [STAMP_BATCH] })
  return (rows[0] as { n: number }).n
}

export async function hasUnstamped(q: Queryable): Promise<boolean> {
  const text = 'select 1 from feed where position is null limit 1'
  return (await q.query({ name: 'feed-unstamped', text })).rows.length > 0
}
