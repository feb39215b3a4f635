import type { Queryable } from './database.ts'
import type { NotifyChannel } from './listen.ts'

export type FeedKind =
  | 'conversation.created'
  | 'conversation.updated'
  | 'message.created'
  | 'message.updated'
  | 'delivery.updated'
  | 'routed'
  | 'inbox.health'
  | 'inbox.down'
  | 'inbox.up'
  | 'rule.fired'

/** Ids, states and hashes only: erasing a contact must leave the feed valid. */
export interface FeedRow {
  readonly kind: FeedKind
  readonly inboxId?: string | null
  readonly conversationId?: string | null
  readonly version?: string | number | null
  readonly messageId?: string | null
  readonly deliveryId?: string | null
  readonly data?: Readonly<Record<string, unknown>> | null
}

/** Its parameters $1 to $7 are `feedArrays`. */
export const FEED_INSERT = `insert into feed (kind, inbox_id, conversation_id, version, message_id, delivery_id, data)
  select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::jsonb[])
  on conflict (message_id) where kind = 'routed' do nothing`

/** Rows get their position from the sequencer after commit. The same transaction must also notify 'feed'. */
export async function insertFeed(tx: Queryable, rows: readonly FeedRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query({
    name: 'feed-insert',
    text: FEED_INSERT,
    values: feedArrays(rows),
  })
}

export function feedArrays(rows: readonly FeedRow[]): unknown[] {
  return [
    rows.map((r) => r.kind),
    rows.map((r) => r.inboxId ?? null),
    rows.map((r) => r.conversationId ?? null),
    rows.map((r) => r.version ?? null),
    rows.map((r) => r.messageId ?? null),
    rows.map((r) => r.deliveryId ?? null),
    rows.map((r) => (r.data ? JSON.stringify(r.data) : null)),
  ]
}

/** Delivered by PostgreSQL at commit; ids at most, never content. */
export async function notify(tx: Queryable, channels: readonly NotifyChannel[], payload = ''): Promise<void> {
  if (channels.length === 0) return
  await tx.query({
    name: 'notify',
    text: 'select pg_notify(c, $2) from unnest($1::text[]) c',
    values: [channels, payload],
  })
}
