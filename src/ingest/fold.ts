import type { InboundMessage as Incoming, Join, Sender } from '../channel/contract.ts'
import { subjectKeyOf } from '../channel/subject.ts'
import { wakesNobody } from '../domain/asked.ts'
import { decideOnIncoming, type IncomingDecision, isQuiet, previewOf } from '../domain/conversation.ts'
import type { ConversationRow, NewConversation } from '../store/conversation.ts'
import type { FeedRow } from '../store/feed-insert.ts'
import type { IdentityRow } from '../store/identity.ts'
import type { InboxFacts } from '../store/inbound.ts'
import type { NewAttachment, NewMessage } from '../store/message.ts'
import type { StaffAnswer } from '../store/staff-answer.ts'
import type { ThreadRow } from '../store/thread.ts'
import { type Ask, askedIn, noteAsk } from './asks.ts'
import { type Filled, noteForm } from './filled-forms.ts'
import { incomingFacts } from './incoming-facts.ts'
import { noteStaffAnswer } from './staff.ts'

/** `outgoing`: our own account wrote it in the platform's own app. */
export type InboundMessage = Incoming & {
  readonly outgoing?: boolean
  /** Whom it was for, when it is outgoing. */
  readonly addressees?: readonly Sender[]
  /** Which of its joins led to its thread. */
  readonly joinedBy?: Join['by']
  /** The conversation it says it belongs to, where its sender takes no part. */
  readonly claims?: string
  /** It asks for nobody: no case begins or goes on with it. */
  readonly quiet?: boolean
  /** Of the button that was pressed. */
  readonly choiceId?: string
}

/** A conversation as the batch leaves it. `id` and `number` of a new one are drawn before the fold. */
export interface Draft {
  readonly row: ConversationRow
  readonly isNew: boolean
}

export interface ActivityDraft {
  readonly conversationId: string
  readonly version: bigint
  readonly afterSeq: bigint
  readonly kind: string
  readonly actor: string
  readonly data: Record<string, unknown>
}

/** Everything one run of messages writes, worked out in memory under the threads' locks. */
export interface Plan {
  readonly drafts: Map<string, Draft>
  readonly created: NewConversation[]
  readonly messages: NewMessage[]
  readonly attachments: NewAttachment[]
  readonly activities: ActivityDraft[]
  readonly feed: FeedRow[]
  readonly points: { threadId: string; conversationId: string }[]
  readonly participants: { threadId: string; identityId: string }[]
  /** Messages that ask for routing, with their conversation. */
  readonly routes: { messageId: string; conversationId: string }[]
  /** New subjects of conversations that had another. */
  readonly subjects: { conversationId: string; subject: string }[]
  /** What colleagues wrote from accounts of their own. */
  readonly answers: StaffAnswer[]
  /** What is asked of the program. */
  readonly asks: Ask[]
  readonly forms: Filled[]
}

export interface FoldFacts {
  readonly inbox: InboxFacts
  readonly now: Date
  readonly nextMessageId: () => string
  readonly nextConversation: () => { id: string; number: string }
}

export interface Said {
  readonly event: InboundMessage
  readonly thread: ThreadRow
  readonly identity: IdentityRow
  readonly addressees: readonly IdentityRow[]
  readonly replyToId: string | null
}

export function emptyPlan(): Plan {
  return {
    drafts: new Map(),
    created: [],
    messages: [],
    attachments: [],
    activities: [],
    feed: [],
    points: [],
    participants: [],
    routes: [],
    subjects: [],
    answers: [],
    asks: [],
    forms: [],
  }
}

/** Adds one message to the plan; `current` is the newest conversation of its thread as the plan has it. */
export function foldMessage(plan: Plan, facts: FoldFacts, said: Said, current: Draft | null): Draft {
  const { event } = said
  const byStaff = isOurs(said)
  const history = isHistory(facts, said)
  const asked = byStaff || history || event.quiet ? null : askedIn(said)
  const decision = byStaff
    ? staffDecision(current, history)
    : decideOnIncoming(current?.row ?? null, incomingFacts(facts, event, { history, asked }))
  const draft = decision.kind === 'new' ? openConversation(plan, facts, said, decision.status) : current!
  if (decision.kind === 'reopen') reopen(plan, draft)
  const messageId = addMessage(plan, facts, said, draft)
  if (byStaff && !history) noteStaffAnswer(plan, said, draft.row)
  if (asked !== null) noteAsk(plan, said, draft, { messageId, asked })
  if (!byStaff && !history) noteForm(plan, said, messageId, draft.row.id)
  const quiet = byStaff || history || isQuiet(decision)
  if (!byStaff) waitFor(draft.row, decision, event.occurredAt)
  if (!quiet && (facts.inbox.everyMessage || asksForHands(decision, draft.row)))
    plan.routes.push({ messageId, conversationId: draft.row.id })
  return draft
}

/** Whoever has it already hears of it; the bot answers every message. */
function asksForHands(decision: IncomingDecision, row: ConversationRow): boolean {
  return decision.kind !== 'same' || row.routedAt === null || row.holder === 'bot'
}

function isHistory({ inbox }: FoldFacts, { event }: Said): boolean {
  return event.occurredAt < inbox.liveSince
}

function isOurs(said: Said): boolean {
  return said.identity.agentId !== null || said.event.outgoing === true
}

function staffDecision(current: Draft | null, history: boolean): IncomingDecision {
  if (current === null) return { kind: 'new', status: history ? 'resolved' : 'open' }
  return { kind: 'same', status: current.row.status, quiet: true }
}

function waitFor(row: ConversationRow, decision: IncomingDecision, since: Date): void {
  if (decision.kind === 'same') row.status = decision.status
  if (!isQuiet(decision)) row.waitingSince ??= since
}

function openConversation(plan: Plan, facts: FoldFacts, said: Said, status: 'open' | 'resolved'): Draft {
  const { inbox } = facts
  const ids = facts.nextConversation()
  const row: NewConversation = {
    ...ids,
    inboxId: inbox.id,
    threadId: said.thread.id,
    openerIdentityId: isOurs(said) ? (said.addressees[0]?.id ?? null) : said.identity.id,
    audience: said.thread.audience,
    restricted: inbox.restricted,
    status,
    holder: 'queue',
    assigneeId: null,
    teamId: inbox.teamId,
    tags: [],
    preview: '',
    previewDirection: 'in',
    version: 1n,
    lastSeq: 0n,
    lastIncomingSeq: 0n,
    messageCount: 0n,
    lastActivityAt: said.event.occurredAt,
    waitingSince: null,
    // Of what is no history it was resolved just now: whatever follows in the same batch goes on with it.
    resolvedAt: status === 'resolved' ? (isHistory(facts, said) ? said.event.occurredAt : facts.now) : null,
    subject: said.event.subject ?? null,
    claimsConversationId: said.event.claims ?? null,
    routedAt: null,
  }
  const draft = { row, isNew: true }
  plan.created.push(row)
  plan.drafts.set(row.id, draft)
  plan.points.push({ threadId: said.thread.id, conversationId: row.id })
  plan.feed.push({ kind: 'conversation.created', inboxId: inbox.id, conversationId: row.id, version: '1' })
  return draft
}

function reopen(plan: Plan, draft: Draft): void {
  const { row } = draft
  row.status = 'open'
  row.resolvedAt = null
  row.version += 1n
  plan.activities.push({
    conversationId: row.id,
    version: row.version,
    afterSeq: row.lastSeq,
    kind: 'reopened',
    actor: 'contact',
    data: {},
  })
  plan.feed.push({
    kind: 'conversation.updated',
    inboxId: row.inboxId,
    conversationId: row.id,
    version: String(row.version),
    data: { status: 'open' },
  })
}

function addMessage(plan: Plan, facts: FoldFacts, said: Said, draft: Draft): string {
  const { event, identity, thread } = said
  const { row } = draft
  const incoming = !isOurs(said)
  const history = isHistory(facts, said)
  const id = facts.nextMessageId()
  // An answer by letter to a chat has the subject of our letter: the matter is the same.
  if (!draft.isNew && !event.byProgram && row.inboxId === facts.inbox.id) followSubject(plan, event, row)
  row.version += 1n
  row.lastSeq += 1n
  row.messageCount += 1n
  // What nobody wrote is new to nobody, unless there is nothing else.
  const isNews = !event.quiet && !wakesNobody(askedIn(said)) && (!event.byProgram || draft.isNew)
  if (incoming && isNews) row.lastIncomingSeq = row.lastSeq
  row.preview = previewOf(event.text, attachmentNames(event))
  row.previewDirection = incoming ? 'in' : 'out'
  const at = history ? event.occurredAt : facts.now
  if (at > row.lastActivityAt) row.lastActivityAt = at
  plan.messages.push({
    id,
    conversationId: row.id,
    threadId: thread.id,
    seq: row.lastSeq,
    version: row.version,
    direction: incoming ? 'in' : 'out',
    senderType: incoming ? 'contact' : 'agent',
    senderIdentityId: identity.id,
    senderAgentId: identity.agentId,
    text: event.text,
    html: event.html ?? null,
    subject: event.subject ?? null,
    externalId: event.externalId,
    replyToId: said.replyToId,
    groupKey: event.groupKey ?? null,
    authorKey: event.clientId === undefined ? null : `identity:${identity.id}`,
    clientId: event.clientId ?? null,
    history,
    automatic: event.automatic ?? false,
    byProgram: event.byProgram ?? false,
    occurredAt: event.occurredAt,
    letter: event.letter ?? null,
    fullText: event.fullText ?? null,
    joinedBy: event.joinedBy ?? null,
  })
  const people = [identity, ...said.addressees]
  plan.participants.push(...people.map((person) => ({ threadId: thread.id, identityId: person.id })))
  plan.attachments.push(...attachmentRows(event, id, 0))
  plan.feed.push({
    kind: 'message.created',
    inboxId: row.inboxId,
    conversationId: row.id,
    version: String(row.version),
    messageId: id,
  })
  return id
}

/** The newest subject is the conversation's; that it changed is shown, as it may be another matter. */
function followSubject(plan: Plan, { letter, subject }: InboundMessage, row: ConversationRow): void {
  if (!letter || subject === undefined || letter.subjectKey === '') return
  if (row.subject !== null && subjectKeyOf(row.subject) === letter.subjectKey) return
  row.version += 1n
  plan.activities.push({
    conversationId: row.id,
    version: row.version,
    afterSeq: row.lastSeq,
    kind: 'subjectChanged',
    actor: 'contact',
    data: { from: row.subject, to: subject },
  })
  plan.subjects.push({ conversationId: row.id, subject })
  row.subject = subject
}

export function attachmentNames(event: Pick<InboundMessage, 'attachments'>): string {
  return (event.attachments ?? []).map((a) => a.name).join(', ')
}

export function attachmentRows(event: InboundMessage, messageId: string, from: number): NewAttachment[] {
  return (event.attachments ?? []).map((a, index) => ({
    messageId,
    ordinal: from + index,
    name: a.name,
    type: a.type ?? 'application/octet-stream',
    size: a.size ?? null,
    inline: a.inline ?? false,
    ref: a.ref,
    fileId: a.fileId ?? null,
  }))
}
