import type { Visibility } from '../domain/principal.ts'
import { insertActivities } from './applied.ts'
import { type ConversationRow, lockConversations, updateConversations } from './conversation.ts'
import { claimed } from './conversation-columns.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'
import { enqueueJobs } from './job.ts'
import { visible } from './visibility.ts'

export interface Merge {
  /** Its messages go, it stays behind empty and resolved. */
  readonly conversationId: string
  readonly into: string
  readonly who: Visibility
  /** 'agent:7'. */
  readonly actor: string
  readonly now: Date
}

export type MergeResult =
  | { readonly kind: 'merged' }
  | { readonly kind: 'unknown' }
  /** A newer unfinished conversation stands in the place of the other. */
  | { readonly kind: 'newerConversation' }
  | { readonly kind: 'refused'; readonly why: 'itself' | 'alreadyMerged' | 'otherPerson' | 'otherAudience' }

/** Two conversations of one person, or one that claims the other, become one; its messages follow in their own order. */
export async function mergeConversations(db: Database, merge: Merge): Promise<MergeResult> {
  try {
    return await transaction(db, (tx) => mergeLocked(tx, merge))
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'conversation_unfinished')
      return { kind: 'newerConversation' }
    throw error
  }
}

interface Facts {
  readonly id: string
  readonly mergedInto: string | null
  readonly claims: string | null
  readonly audience: string
  readonly openerId: string | null
  readonly contactId: string | null
}

async function mergeLocked(tx: Queryable, merge: Merge): Promise<MergeResult> {
  const ids = [merge.conversationId, merge.into]
  const threads = await lockThreadsOf(tx, ids)
  const rows = await lockConversations(tx, ids)
  const facts = await factsOf(tx, ids, merge.who)
  const [from, into] = [facts.get(merge.conversationId), facts.get(merge.into)]
  if (!from || !into) return { kind: 'unknown' }
  const why = refusal(from, into)
  if (why) return { kind: 'refused', why }
  const [gone, kept] = [rows.get(from.id)!, rows.get(into.id)!]
  const before = kept.status
  await join(tx, gone, kept, merge.now)
  await tx.query('update thread set conversation_id = $2 where id = any($3::bigint[]) and conversation_id = $1', [
    gone.id,
    kept.id,
    threads,
  ])
  if (before === 'resolved' && kept.status !== 'resolved') await reopened(tx, kept)
  if (from.claims === into.id) await letIn(tx, from, kept)
  await announce(tx, merge, { gone, kept, before })
  return { kind: 'merged' }
}

/** Threads before conversations, as everybody locks them. */
async function lockThreadsOf(tx: Queryable, ids: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query(
    `select id from thread where id in (select thread_id from message where conversation_id = any($1::bigint[])
        union select thread_id from conversation where id = any($1::bigint[])
        union select id from thread where continues_id is not null and conversation_id = any($1::bigint[]))
      order by key collate "C", id for no key update`,
    [ids],
  )
  return rows.map((row: { id: string }) => row.id)
}

async function factsOf(tx: Queryable, ids: readonly string[], who: Visibility): Promise<Map<string, Facts>> {
  const values: unknown[] = [ids]
  const seen = visible('c', who, values)
  const { rows } = await tx.query(
    `select c.id, c.merged_into as "mergedInto", ${claimed} as claims, c.audience,
        c.opener_identity_id as "openerId", n.contact_id as "contactId"
      from conversation c left join identity n on n.id = c.opener_identity_id where c.id = any($1::bigint[]) and ${seen}`,
    values,
  )
  return new Map(rows.map((row: Facts) => [row.id, row]))
}

function refusal(from: Facts, into: Facts): Extract<MergeResult, { kind: 'refused' }>['why'] | null {
  if (from.id === into.id) return 'itself'
  if (from.mergedInto !== null || into.mergedInto !== null) return 'alreadyMerged'
  // What was said in private must not be answered where everybody reads.
  if (from.audience !== into.audience) return 'otherAudience'
  const samePerson = from.contactId !== null && from.contactId === into.contactId
  return samePerson || from.claims === into.id ? null : 'otherPerson'
}

async function join(tx: Queryable, gone: ConversationRow, kept: ConversationRow, now: Date): Promise<void> {
  kept.version += 1n
  const moved = await moveMessages(tx, gone, kept)
  if (gone.lastActivityAt > kept.lastActivityAt && moved.count > 0) {
    kept.preview = gone.preview
    kept.previewDirection = gone.previewDirection
    kept.lastActivityAt = gone.lastActivityAt
  }
  kept.lastSeq += BigInt(moved.count)
  kept.messageCount += BigInt(moved.count)
  if (moved.lastIncoming !== null) kept.lastIncomingSeq = BigInt(moved.lastIncoming)
  if (gone.status === 'open' && kept.status !== 'spam') kept.status = 'open'
  if (kept.status !== 'resolved') kept.resolvedAt = null
  if (kept.status === 'open') kept.waitingSince = earlier(kept.waitingSince, gone.waitingSince)
  Object.assign(gone, { status: 'resolved', resolvedAt: now, waitingSince: null, preview: '', previewDirection: 'in' })
  Object.assign(gone, { version: gone.version + 1n, messageCount: 0n, lastIncomingSeq: 0n })
  // First the one that ends: they may stand in one place, which has room for one unfinished.
  await updateConversations(tx, [gone])
  await updateConversations(tx, [kept])
  // What went before into the one that goes stands there as well now.
  await tx.query('update conversation set merged_into = $2, claims_conversation_id = null where id = $1', [
    gone.id,
    kept.id,
  ])
  await tx.query('update conversation set merged_into = $2 where merged_into = $1', [gone.id, kept.id])
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

async function moveMessages(
  tx: Queryable,
  gone: ConversationRow,
  kept: ConversationRow,
): Promise<{ count: number; lastIncoming: string | null }> {
  const { rows } = await tx.query(
    `with moved as (
        update message m set conversation_id = $2, version = $4, seq = w.seq
          from (select id, $3::bigint + row_number() over (order by seq) as seq from message where conversation_id = $1) w
         where m.id = w.id returning m.seq, m.direction)
      select count(*)::int as count, max(seq) filter (where direction = 'in') as "lastIncoming" from moved`,
    [gone.id, kept.id, String(kept.lastSeq), String(kept.version)],
  )
  await tx.query(
    `update delivery d set conversation_id = $1 from message m
      where m.conversation_id = $1 and m.seq > $2 and d.message_id = m.id`,
    [kept.id, String(kept.lastSeq)],
  )
  return rows[0] as { count: number; lastIncoming: string | null }
}

/** It is its place's own again, and whoever should have it is asked for. */
async function reopened(tx: Queryable, kept: ConversationRow): Promise<void> {
  await tx.query('update thread set conversation_id = $2 where id = $1', [kept.threadId, kept.id])
  if (kept.routedAt !== null) return
  const { rows } = await tx.query(
    `select id from message where conversation_id = $1 and direction = 'in' order by seq desc limit 1`,
    [kept.id],
  )
  const found = rows[0] as { id: string } | undefined
  if (!found) return
  await enqueueJobs(tx, [
    {
      kind: 'route',
      lane: `conversation:${kept.id}`,
      payload: { messageId: found.id, conversationId: kept.id },
    },
  ])
}

/** Somebody of ours said that the writer belongs here: what they write next need not be asked about. */
async function letIn(tx: Queryable, from: Facts, kept: ConversationRow): Promise<void> {
  if (from.openerId === null) return
  await tx.query('insert into participant (thread_id, identity_id) values ($1, $2) on conflict do nothing', [
    kept.threadId,
    from.openerId,
  ])
}

interface Joined {
  readonly gone: ConversationRow
  readonly kept: ConversationRow
  readonly before: string
}

async function announce(tx: Queryable, { actor }: Merge, { gone, kept, before }: Joined): Promise<void> {
  const at = (row: ConversationRow) => ({
    conversationId: row.id,
    version: row.version,
    afterSeq: row.lastSeq,
    actor,
  })
  const naming = (row: ConversationRow) => ({ conversationId: row.id, number: Number(row.number) })
  await insertActivities(tx, [
    { ...at(gone), kind: 'mergedInto', data: naming(kept) },
    { ...at(kept), kind: 'merged', data: naming(gone) },
    ...(kept.status === before
      ? []
      : [{ ...at(kept), kind: 'statusChanged', data: { from: before, to: kept.status } }]),
  ])
  const changed = (row: ConversationRow, data: Record<string, string>) =>
    ({
      kind: 'conversation.updated',
      inboxId: row.inboxId,
      conversationId: row.id,
      version: String(row.version),
      data,
    }) as const
  await insertFeed(tx, [changed(gone, { mergedInto: kept.id }), changed(kept, { merged: gone.id })])
  await notify(tx, ['feed', 'job'])
}

/** Somebody of ours said that it does not belong there. False: no such conversation for them. */
export function dropClaim(db: Database, wish: Pick<Merge, 'conversationId' | 'who' | 'actor'>): Promise<boolean> {
  return transaction(db, async (tx) => {
    const row = (await lockConversations(tx, [wish.conversationId])).get(wish.conversationId)
    const facts = (await factsOf(tx, [wish.conversationId], wish.who)).get(wish.conversationId)
    if (!row || !facts) return false
    if (facts.claims === null) return true
    const version = row.version + 1n
    await tx.query('update conversation set claims_conversation_id = null, version = $2 where id = $1', [
      row.id,
      String(version),
    ])
    const at = { conversationId: row.id, version, afterSeq: row.lastSeq, actor: wish.actor }
    await insertActivities(tx, [{ ...at, kind: 'keptApart', data: { conversationId: facts.claims } }])
    await insertFeed(tx, [
      { kind: 'conversation.updated', inboxId: row.inboxId, conversationId: row.id, version: String(version) },
    ])
    await notify(tx, ['feed'])
    return true
  })
}
