import type { Holder, Status } from '../domain/conversation.ts'
import type { PromiseKind } from '../domain/promise.ts'

export interface ConversationView {
  readonly id: string
  readonly number: string
  readonly version: string
  readonly status: Status
  readonly holder: Holder
  readonly audience: 'private' | 'shared' | 'public'
  readonly restricted: boolean
  readonly inboxId: string
  readonly channel: string
  readonly contactId: string | null
  readonly contactName: string | null
  /** A file's id. */
  readonly contactPicture: string | null
  readonly assigneeId: string | null
  readonly teamId: string | null
  readonly priority: number
  readonly topicId: string | null
  /** 1 to 3. */
  readonly tier: number
  readonly vip: boolean
  readonly language: string | null
  readonly needsTranslation: boolean
  readonly tags: string[]
  readonly subject: string | null
  readonly preview: string
  readonly previewDirection: 'in' | 'out' | 'note'
  readonly lastSeq: string
  readonly lastIncomingSeq: string
  readonly messageCount: string
  readonly failedSends: number
  readonly unconfirmedSends: number
  /** The last seq that the one who asks has read. */
  readonly readSeq: string
  readonly lastActivityAt: Date
  readonly waitingSince: Date | null
  readonly dueAt: Date | null
  readonly dueKind: PromiseKind | null
  readonly snoozedUntil: Date | null
  readonly resolvedAt: Date | null
  readonly onHoldFor: string | null
  readonly claimsConversationId: string | null
  /** Its messages stand there now. */
  readonly mergedInto: { readonly id: string; readonly number: string } | null
  readonly createdAt: Date
}

/** What `conversation c` says it belongs to, where its messages stand now. */
export const claimed = `case when c.claims_conversation_id is not null then (select coalesce(x.merged_into, x.id)
    from conversation x where x.id = c.claims_conversation_id) end`

/** Of `conversation c`; `agent` is the placeholder of the agent who asks, for the read mark. */
export const conversationColumns = `c.id, c.number, c.version, c.status, c.holder, c.audience, c.restricted,
  c.inbox_id as "inboxId", i.channel, k.id as "contactId", coalesce(nullif(k.name, ''), n.name) as "contactName",
  g.file_id as "contactPicture",
  c.assignee_id as "assigneeId", c.team_id as "teamId", c.priority, c.topic_id as "topicId", c.tier, c.vip,
  c.language, c.needs_translation as "needsTranslation", c.tags, c.subject, c.preview,
  c.preview_direction as "previewDirection", c.last_seq as "lastSeq", c.last_incoming_seq as "lastIncomingSeq",
  c.message_count as "messageCount", c.failed_sends as "failedSends", c.unconfirmed_sends as "unconfirmedSends", coalesce(r.seq, 0) as "readSeq", c.last_activity_at as "lastActivityAt",
  c.waiting_since as "waitingSince", c.due_at as "dueAt", c.due_kind as "dueKind", c.snoozed_until as "snoozedUntil", c.resolved_at as "resolvedAt",
  c.on_hold_for as "onHoldFor", ${claimed} as "claimsConversationId", c.created_at as "createdAt",
  case when c.merged_into is not null then (select json_build_object('id', x.id::text, 'number', x.number::text)
    from conversation x where x.id = c.merged_into) end as "mergedInto"`

export function conversationJoins(agent: string): string {
  return `join inbox i on i.id = c.inbox_id
  left join identity n on n.id = c.opener_identity_id
  left join contact k on k.id = n.contact_id
  left join identity_picture g on g.identity_id = n.id
  left join read_mark r on r.conversation_id = c.id and r.agent_id = ${agent}::bigint`
}
