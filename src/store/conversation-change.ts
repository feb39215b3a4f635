import { type Handling, type HandlingPatch, type PlannedChange, planChange } from '../domain/conversation-change.ts'
import type { Visibility } from '../domain/principal.ts'
import { insertActivities } from './applied.ts'
import { syncTags } from './conversation.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'
import { type ConflictCause, changesSince } from './reply.ts'
import { ensureTags } from './tag.ts'
import { visible } from './visibility.ts'

export interface ConversationChange {
  readonly conversationId: string
  readonly who: Visibility
  /** 'agent:7'. */
  readonly actor: string
  readonly patch: HandlingPatch
  readonly basedOn?: number | undefined
  readonly force: boolean
  readonly now: Date
}

export type ChangeResult =
  | { readonly kind: 'changed' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'conflict'; readonly causes: readonly ConflictCause[]; readonly version: string }
  /** A newer unfinished conversation stands in the same place. */
  | { readonly kind: 'newerConversation' }
  | Extract<PlannedChange, { kind: 'refused' }>

interface LockedRow extends Handling {
  readonly id: string
  readonly inboxId: string
  readonly threadId: string
  readonly version: string
  readonly lastSeq: string
  readonly mergedInto: string | null
}

export async function changeConversation(db: Database, change: ConversationChange): Promise<ChangeResult> {
  try {
    return await transaction(db, (tx) => changeLocked(tx, change))
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'conversation_unfinished')
      return { kind: 'newerConversation' }
    throw error
  }
}

async function changeLocked(tx: Queryable, change: ConversationChange): Promise<ChangeResult> {
  const row = await lock(tx, change)
  if (!row) return { kind: 'unknown' }
  const { patch } = change
  if (row.mergedInto !== null && patch.status !== undefined && patch.status !== 'resolved') {
    return { kind: 'refused', field: 'status', message: 'stays resolved: its messages stand in another conversation' }
  }
  const contested = patch.status !== undefined || patch.assigneeId !== undefined || patch.teamId !== undefined
  const causes = contested ? await conflicts(tx, change, row) : []
  if (causes.length > 0) return { kind: 'conflict', causes, version: row.version }
  const plan = planChange(row, patch, change.now)
  if (plan.kind === 'refused') return plan
  const unknown = await unknownHolder(tx, row, plan.next)
  if (unknown) return unknown
  if (plan.activities.length > 0) await write(tx, change, row, plan)
  return { kind: 'changed' }
}

async function lock(tx: Queryable, { conversationId, who }: ConversationChange): Promise<LockedRow | null> {
  // The thread first: incoming messages lock in this order, and an open conversation becomes the thread's own.
  await tx.query(`select from thread where id = (select thread_id from conversation where id = $1) for no key update`, [
    conversationId,
  ])
  const values: unknown[] = [conversationId]
  const seen = visible('c', who, values)
  const { rows } = await tx.query(
    `select c.id, c.inbox_id as "inboxId", c.thread_id as "threadId", c.version, c.last_seq as "lastSeq", c.status,
       c.holder, c.assignee_id as "assigneeId", c.team_id as "teamId", c.priority, c.sla_policy_id as "slaPolicyId", c.tags,
       c.subject, c.topic_id as "topicId",
       c.snoozed_until as "snoozedUntil", c.on_hold_for as "onHoldFor", c.waiting_since as "waitingSince",
       c.resolved_at as "resolvedAt", c.merged_into as "mergedInto"
     from conversation c where c.id = $1 and ${seen} for no key update`,
    values,
  )
  return rows[0] ?? null
}

async function conflicts(tx: Queryable, change: ConversationChange, row: LockedRow): Promise<ConflictCause[]> {
  const { basedOn, force, conversationId, who, actor } = change
  if (basedOn === undefined || force || basedOn >= Number(row.version)) return []
  return changesSince(tx, { conversationId, basedOn, agentId: who.agentId, actor, letters: false })
}

/** Nobody is given what they could not open. */
async function unknownHolder(tx: Queryable, row: LockedRow, next: Handling): Promise<ChangeResult | null> {
  if (next.assigneeId !== null && next.assigneeId !== row.assigneeId) {
    const { rowCount } = await tx.query(
      `select from agent a join inbox i on i.id = $2 where a.id = $1 and a.active and (a.role = 'admin'
         or exists (select from team_member t where t.agent_id = a.id and t.team_id = i.team_id)
         or exists (select from inbox_member m where m.agent_id = a.id and m.inbox_id = i.id))`,
      [next.assigneeId, row.inboxId],
    )
    if (!rowCount) return { kind: 'refused', field: 'assigneeId', message: 'is nobody who works in this inbox' }
  }
  if (next.teamId !== null && next.teamId !== row.teamId) {
    const { rowCount } = await tx.query(`select from team where id = $1`, [next.teamId])
    if (!rowCount) return { kind: 'refused', field: 'teamId', message: 'is no team' }
  }
  if (next.topicId !== null && next.topicId !== row.topicId) {
    const { rowCount } = await tx.query(`select from topic where id = $1`, [next.topicId])
    if (!rowCount) return { kind: 'refused', field: 'topicId', message: 'is no topic' }
  }
  if (next.slaPolicyId !== null && next.slaPolicyId !== row.slaPolicyId) {
    const { rowCount } = await tx.query(`select from sla_policy where id = $1`, [next.slaPolicyId])
    if (!rowCount) return { kind: 'refused', field: 'slaPolicyId', message: 'is no policy' }
  }
  return null
}

async function write(
  tx: Queryable,
  { actor, now }: ConversationChange,
  row: LockedRow,
  { next, activities }: Extract<PlannedChange, { kind: 'change' }>,
): Promise<void> {
  const version = BigInt(row.version) + 1n
  const reassigned = next.assigneeId !== row.assigneeId || next.teamId !== row.teamId
  await tx.query(
    `update conversation set version = $2, status = $3, holder = $4, assignee_id = $5, team_id = $6, priority = $7,
       tags = $8, subject = $9, snoozed_until = $10, on_hold_for = $11, waiting_since = $12, resolved_at = $13,
       routed_at = case when $14 then coalesce(routed_at, now()) else routed_at end,
       needs_translation = needs_translation and not $14, topic_id = $15,
       sla_policy_id = $17, status_since = case when status <> $3 then $16 else status_since end
     where id = $1`,
    [
      row.id,
      String(version),
      next.status,
      next.holder,
      next.assigneeId,
      next.teamId,
      next.priority,
      next.tags,
      next.subject,
      next.snoozedUntil,
      next.onHoldFor,
      next.waitingSince,
      next.resolvedAt,
      reassigned,
      next.topicId,
      now,
      next.slaPolicyId,
    ],
  )
  if (row.status === 'resolved' && next.status !== 'resolved') {
    await tx.query(`update thread set conversation_id = $2 where id = $1`, [row.threadId, row.id])
  }
  if (reassigned) await recordAssignment(tx, row.id, next, { actor, now })
  await ensureTags(tx, next.tags)
  await syncTags(tx, [row.id])
  const afterSeq = BigInt(row.lastSeq)
  await insertActivities(
    tx,
    activities.map((activity) => ({ ...activity, conversationId: row.id, version, afterSeq, actor })),
  )
  await insertFeed(tx, [
    { kind: 'conversation.updated', inboxId: row.inboxId, conversationId: row.id, version: String(version) },
  ])
  await notify(tx, ['feed', 'queue'])
}

async function recordAssignment(
  tx: Queryable,
  conversationId: string,
  next: Handling,
  { actor, now }: Pick<ConversationChange, 'actor' | 'now'>,
): Promise<void> {
  await tx.query(`update assignment set until = $2 where conversation_id = $1 and until is null`, [conversationId, now])
  await tx.query(
    `insert into assignment (conversation_id, agent_id, team_id, assigned_by, why, since) values ($1, $2, $3, $4, 'byHand', $5)`,
    [conversationId, next.assigneeId, next.teamId, actor, now],
  )
}
