import type { Holder, Status } from '../domain/conversation.ts'
import { type Queryable, together } from './database.ts'

export interface ConversationRow {
  readonly id: string
  readonly number: string
  readonly inboxId: string
  readonly threadId: string
  status: Status
  holder: Holder
  readonly assigneeId: string | null
  teamId: string | null
  readonly tags: readonly string[]
  preview: string
  previewDirection: string
  version: bigint
  lastSeq: bigint
  lastIncomingSeq: bigint
  messageCount: bigint
  lastActivityAt: Date
  waitingSince: Date | null
  resolvedAt: Date | null
  subject: string | null
  /** When it was first given to somebody's hands; null: a message must ask for them. */
  readonly routedAt: Date | null
}

const COLUMNS = `id, number, inbox_id as "inboxId", thread_id as "threadId", status, holder, assignee_id as "assigneeId",
  team_id as "teamId", tags, preview, preview_direction as "previewDirection", version, last_seq as "lastSeq",
  last_incoming_seq as "lastIncomingSeq", message_count as "messageCount", last_activity_at as "lastActivityAt",
  waiting_since as "waitingSince", resolved_at as "resolvedAt", subject, routed_at as "routedAt"`

/** Locked in id order; lock the threads before (threads, identities, contacts, conversations, the rest). */
export async function lockConversations(tx: Queryable, ids: readonly string[]): Promise<Map<string, ConversationRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await tx.query({
    name: 'conversation-lock',
    text: `select ${COLUMNS} from conversation where id = any($1::bigint[]) order by id for no key update`,
    values: [ids],
  })
  return new Map(rows.map((row: Record<string, unknown>) => [row['id'] as string, revive(row)]))
}

function revive(row: Record<string, unknown>): ConversationRow {
  const counts = ['version', 'lastSeq', 'lastIncomingSeq', 'messageCount'].map((k) => [k, BigInt(row[k] as string)])
  return { ...row, ...Object.fromEntries(counts) } as ConversationRow
}

export interface NewConversation extends ConversationRow {
  readonly openerIdentityId: string | null
  readonly audience: string
  readonly restricted: boolean
  readonly claimsConversationId: string | null
}

export async function insertConversations(tx: Queryable, rows: readonly NewConversation[]): Promise<void> {
  await tx.query({
    name: 'conversation-insert',
    text: `insert into conversation (id, number, inbox_id, thread_id, opener_identity_id, status, audience, restricted,
        team_id, subject, preview, preview_direction, version, last_seq, last_incoming_seq, message_count, last_activity_at,
        waiting_since, resolved_at, claims_conversation_id)
      select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
        $8::boolean[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[],
        $16::bigint[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::bigint[])`,
    values: [
      rows.map((r) => r.id),
      rows.map((r) => r.number),
      rows.map((r) => r.inboxId),
      rows.map((r) => r.threadId),
      rows.map((r) => r.openerIdentityId),
      rows.map((r) => r.status),
      rows.map((r) => r.audience),
      rows.map((r) => r.restricted),
      rows.map((r) => r.teamId),
      rows.map((r) => r.subject),
      ...summaryArrays(rows),
      rows.map((r) => r.waitingSince),
      rows.map((r) => r.resolvedAt),
      rows.map((r) => r.claimsConversationId),
    ],
  })
}

export async function setSubjects(
  tx: Queryable,
  rows: readonly { readonly conversationId: string; readonly subject: string }[],
): Promise<void> {
  const newest = [...new Map(rows.map((r) => [r.conversationId, r.subject]))]
  await tx.query(
    'update conversation c set subject = w.subject from unnest($1::bigint[], $2::text[]) w(id, subject) where c.id = w.id',
    [newest.map(([id]) => id), newest.map(([, subject]) => subject)],
  )
}

function summaryArrays(rows: readonly ConversationRow[]): unknown[] {
  return [
    rows.map((r) => r.preview),
    rows.map((r) => r.previewDirection),
    rows.map((r) => String(r.version)),
    rows.map((r) => String(r.lastSeq)),
    rows.map((r) => String(r.lastIncomingSeq)),
    rows.map((r) => String(r.messageCount)),
    rows.map((r) => r.lastActivityAt),
  ]
}

/** Writes the summary back. Leaving 'snoozed' or 'onHold' clears what belonged to it. */
export async function updateConversations(tx: Queryable, rows: readonly ConversationRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query({
    name: 'conversation-update',
    text: `update conversation c set status = w.status, waiting_since = w.waiting_since, resolved_at = w.resolved_at,
        preview = w.preview, preview_direction = w.direction, version = w.version, last_seq = w.last_seq, last_incoming_seq = w.last_in,
        message_count = w.n, last_activity_at = w.at,
        snoozed_until = case when w.status = 'snoozed' then c.snoozed_until end,
        on_hold_for = case when w.status = 'onHold' then c.on_hold_for end
      from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
        $9::timestamptz[], $10::timestamptz[], $11::timestamptz[])
        w(id, status, preview, direction, version, last_seq, last_in, n, at, waiting_since, resolved_at)
      where c.id = w.id`,
    values: [
      rows.map((r) => r.id),
      rows.map((r) => r.status),
      ...summaryArrays(rows),
      rows.map((r) => r.waitingSince),
      rows.map((r) => r.resolvedAt),
    ],
  })
  await syncTags(
    tx,
    rows.filter((r) => r.tags.length > 0).map((r) => r.id),
  )
}

/** Keeps the tag lists true; every change of status, activity or tags of a conversation must call it. */
export async function syncTags(tx: Queryable, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length === 0) return
  const ids = [...conversationIds].sort()
  const gone = tx.query(
    `delete from conversation_tag t using conversation c
      where c.id = t.conversation_id and c.id = any($1::bigint[]) and t.tag <> all(c.tags)`,
    [ids],
  )
  const added = tx.query(
    `insert into conversation_tag (conversation_id, tag, status, last_activity_at)
     select c.id, tag, c.status, c.last_activity_at from conversation c, unnest(c.tags) tag where c.id = any($1::bigint[])
     on conflict (conversation_id, tag) do update set status = excluded.status, last_activity_at = excluded.last_activity_at`,
    [ids],
  )
  await together([gone, added])
}
