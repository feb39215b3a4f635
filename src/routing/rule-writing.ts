import type { NewActivity } from '../store/applied.ts'
import type { Queryable } from '../store/database.ts'
import type { FeedRow } from '../store/feed-insert.ts'
import { drawIds, type NewMessage } from '../store/message.ts'
import type { HandledConversation, RuleWriting } from '../store/rule-write.ts'
import type { ConversationPlan } from './rule-plan.ts'

interface Planned {
  readonly plan: ConversationPlan
  /** Of the fact that set it off. */
  readonly key: string
}

/** Plans as rows: one version for all that changed, one more for each note. */
export async function writingOf(tx: Queryable, plans: readonly Planned[], now: Date): Promise<RuleWriting> {
  const noteCount = plans.reduce((sum, { plan }) => sum + plan.notes.length, 0)
  const messageIds = noteCount === 0 ? [] : (await drawIds(tx, noteCount, 0)).messages
  const parts = plans.map((planned) => partsOf(planned, messageIds, now))
  return {
    now,
    conversations: parts.flatMap(({ conversation }) => (conversation ? [conversation] : [])),
    contacts: plans.flatMap(({ plan: { row, before, next } }) =>
      row.contactId !== null && before.vip !== next.vip ? [{ id: row.contactId, vip: next.vip }] : [],
    ),
    activities: parts.flatMap(({ activities }) => activities),
    notes: parts.flatMap(({ notes }) => notes),
    feed: parts.flatMap(({ feed }) => feed),
    says: plans.flatMap(({ plan: { row, says } }) => says.map((one) => ({ ...one, messageId: row.messageId ?? '' }))),
  }
}

interface Parts {
  readonly conversation: HandledConversation | null
  readonly activities: NewActivity[]
  readonly notes: NewMessage[]
  readonly feed: FeedRow[]
}

function partsOf({ plan, key }: Planned, messageIds: string[], now: Date): Parts {
  const { row, before, next } = plan
  const changed = plan.activities.length > 0
  const version = BigInt(row.version) + (changed ? 1n : 0n)
  const at = { inboxId: row.inboxId, conversationId: row.id }
  const notes = plan.notes.map((note, n) => noteOf({ plan, note, n, key, now }, messageIds.shift() ?? ''))
  const told = plan.events.map(({ ruleId, label }) => ({ kind: 'rule.fired' as const, ...at, data: { ruleId, label } }))
  const moved = plan.activities.filter(({ kind }) => kind === 'assigned' || kind === 'teamChanged').at(-1)
  return {
    conversation:
      !changed && notes.length === 0
        ? null
        : {
            ...next,
            id: row.id,
            version: version + BigInt(notes.length),
            lastSeq: BigInt(row.lastSeq) + BigInt(notes.length),
            addedMessages: notes.length,
            reassignedBy:
              before.assigneeId !== next.assigneeId || before.teamId !== next.teamId ? (moved?.actor ?? '') : null,
            retagged: before.tags !== next.tags,
          },
    activities: plan.activities.map(({ kind, actor, data }) => ({
      conversationId: row.id,
      version,
      afterSeq: BigInt(row.lastSeq),
      kind,
      actor,
      data,
    })),
    notes,
    feed: [
      ...(changed ? [{ kind: 'conversation.updated' as const, ...at, version: String(version) }] : []),
      ...notes.map((note) => ({
        kind: 'message.created' as const,
        ...at,
        version: String(note.version),
        messageId: note.id,
      })),
      ...told,
    ],
  }
}

interface Noting extends Planned {
  readonly note: ConversationPlan['notes'][number]
  /** Which of them, from 0. */
  readonly n: number
  readonly now: Date
}

function noteOf({ plan: { row, activities }, note, n, key, now }: Noting, id: string): NewMessage {
  const agentId = /^agent:(\d+)$/.exec(note.actor)?.[1] ?? null
  return {
    id,
    conversationId: row.id,
    threadId: row.threadId,
    seq: BigInt(row.lastSeq) + BigInt(n + 1),
    version: BigInt(row.version) + (activities.length > 0 ? 1n : 0n) + BigInt(n + 1),
    direction: 'note',
    senderType: agentId === null ? 'system' : 'agent',
    senderIdentityId: null,
    senderAgentId: agentId,
    text: note.text,
    html: null,
    subject: null,
    externalId: null,
    replyToId: null,
    groupKey: null,
    authorKey: note.actor,
    clientId: `${row.id} ${key} ${n}`,
    history: false,
    automatic: agentId === null,
    byProgram: false,
    occurredAt: now,
    letter: null,
    fullText: null,
    joinedBy: null,
  }
}
