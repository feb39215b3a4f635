import { z } from 'zod'
import { capabilities } from './channel.ts'
import { keptAnswer } from './form.ts'
import { sender } from './message.ts'
import { id, time } from './primitive.ts'
import { due, runningPromise } from './sla-policy.ts'

export const status = z.enum(['open', 'waiting', 'onHold', 'snoozed', 'resolved', 'spam'])
export type Status = z.infer<typeof status>
export const priority = z.enum(['low', 'normal', 'high', 'urgent'])
export type Priority = z.infer<typeof priority>
export const audience = z.enum(['private', 'shared', 'public'])
export type Audience = z.infer<typeof audience>

export const conversation = z.object({
  id,
  /** What people see as #1042. */
  number: z.number().int(),
  /** Rises by one with every visible change. */
  version: z.number().int(),
  status,
  holder: z.enum(['bot', 'agent', 'queue']),
  audience,
  inboxId: id,
  channel: z.string(),
  /** null: only we have spoken so far. */
  contact: z.object({ id, name: z.string(), picture: z.string().nullable() }).nullable(),
  assigneeId: id.nullable(),
  teamId: id.nullable(),
  priority,
  topicId: id.nullable(),
  /** Of escalation, 1 to 3. */
  tier: z.number().int(),
  /** Goes first. */
  vip: z.boolean(),
  /** In which they write, as far as their words or their platform tell. */
  language: z.string().nullable(),
  /** Whoever has it may not speak it. */
  needsTranslation: z.boolean(),
  tags: z.array(z.string()),
  subject: z.string().nullable(),
  /** The newest message, shortened; and who wrote it. */
  preview: z.string(),
  previewBy: z.enum(['in', 'out', 'note']).nullable(),
  unread: z.boolean(),
  /** Of ours: how many did not arrive, and of how many nobody knows it, until they are settled. */
  failedSends: z.number().int(),
  unconfirmedSends: z.number().int(),
  restricted: z.boolean(),
  lastMessageAt: time.nullable(),
  /** The customer waits for us since. */
  waitingSince: time.nullable(),
  /** What is due next; past: late. null: nothing. */
  due: due.nullable(),
  snoozedUntil: time.nullable(),
  onHoldFor: z.string().nullable(),
  createdAt: time,
})
export type Conversation = z.infer<typeof conversation>

/** GET /conversations/:id: what the composer and the pane beside it need as well. */
export const conversationDetail = conversation.extend({
  /** Of this inbox and this thread. null while the channel is not installed. */
  capabilities: capabilities.nullable(),
  /** The last seq there is, and the last this agent has read. */
  lastSeq: z.number().int(),
  readSeq: z.number().int(),
  resolvedAt: time.nullable(),
  /** It says that it belongs to this one, but its writer takes no part there. null also where you may not see that one. */
  claims: z.object({ id, number: z.number().int(), subject: z.string().nullable() }).nullable(),
  /** Its messages stand there now. */
  mergedInto: z.object({ id, number: z.number().int() }).nullable(),
  /** Where a customer who left the chat is answered by letter; only once it is confirmed. null: they left no address. */
  reachedAt: z.object({ address: z.string(), confirmed: z.boolean() }).nullable(),
  /** Its own; null: its team's, its inbox's or the usual one. */
  slaPolicyId: id.nullable(),
  promises: z.array(runningPromise),
  /** With everything of the person it led to: nobody is there to answer. */
  erased: z.boolean(),
  /** What the customer filled in. */
  answers: z.array(keptAnswer),
  inboxName: z.string(),
  channelName: z.string(),
})
export type ConversationDetail = z.infer<typeof conversationDetail>

export const conversationPatch = z.strictObject({
  status: status.optional(),
  assigneeId: id.nullable().optional(),
  teamId: id.nullable().optional(),
  priority: priority.optional(),
  topicId: id.nullable().optional(),
  slaPolicyId: id.nullable().optional(),
  /** The whole set. */
  tags: z.array(z.string().trim().min(1).max(60)).max(50).optional(),
  /** With status snoozed. */
  snoozedUntil: time.nullable().optional(),
  /** With status onHold: who is waited for. */
  onHoldFor: z.string().trim().min(1).max(200).nullable().optional(),
  subject: z.string().max(998).nullable().optional(),
  basedOn: z.number().int().min(0).optional(),
  force: z.boolean().optional(),
})
export type ConversationPatch = z.infer<typeof conversationPatch>

/** Comma lists; `assignee` also knows `me` and `none`, `team` knows `none`. */
export const conversationQuery = z.strictObject({
  status: z.string().max(200).optional(),
  inbox: z.string().max(2000).optional(),
  channel: z.string().max(500).optional(),
  assignee: z.string().max(2000).optional(),
  team: z.string().max(2000).optional(),
  tag: z.string().max(2000).optional(),
  priority: z.string().max(100).optional(),
  contact: z.string().max(2000).optional(),
  /** What a customer filled in into a form begins with this, in any case. */
  answer: z.string().trim().min(1).max(100).optional(),
  sort: z.enum(['lastActivity', 'waitingSince', 'due']).optional(),
  next: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
})
export type ConversationQuery = z.infer<typeof conversationQuery>

/** Open conversations, exact; `snoozed` those that sleep. */
export const conversationCounts = z.object({
  mine: z.number().int(),
  unassigned: z.number().int(),
  all: z.number().int(),
  snoozed: z.number().int(),
  teams: z.array(z.object({ id, count: z.number().int() })),
})
export type ConversationCounts = z.infer<typeof conversationCounts>

/** Where only the customer and we can read; `text` asks them there, in their language, ready to be sent. */
export const privateDoor = z.object({ url: z.string(), text: z.string() })
export type PrivateDoor = z.infer<typeof privateDoor>

export const mergeBody = z.strictObject({ into: id })
export type MergeBody = z.infer<typeof mergeBody>

/** The message and all that follow it. */
export const splitBody = z.strictObject({ fromMessageId: id })
export type SplitBody = z.infer<typeof splitBody>

/** Where to look now. */
export const conversationAnswer = z.object({ conversation: id })
export type ConversationAnswer = z.infer<typeof conversationAnswer>

export const readBody = z.strictObject({ seq: z.number().int().min(0) })
export type ReadBody = z.infer<typeof readBody>

/** A logged change; not a message. */
export const activity = z.object({
  id,
  conversationId: id,
  /** statusChanged, assigned, teamChanged, priorityChanged, tagsChanged, routed… */
  kind: z.string(),
  by: sender,
  /** Ids and values, never what somebody wrote: { from, to }. */
  data: z.record(z.string(), z.unknown()),
  /** It belongs after this message. */
  afterSeq: z.number().int().nullable(),
  createdAt: time,
})
export type Activity = z.infer<typeof activity>
