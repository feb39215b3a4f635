import type { EventOutcome } from '../channel/contract.ts'
import { insertActivities, writeEffects } from '../store/applied.ts'
import { insertConversations, lockConversations, updateConversations } from '../store/conversation.ts'
import type { Queryable } from '../store/database.ts'
import { type IdentityRow, resolveIdentities } from '../store/identity.ts'
import type { InboxFacts } from '../store/inbound.ts'
import { drawIds, insertAttachments, insertMessages, type KnownMessage, knownMessages } from '../store/message.ts'
import { lockThreads, pointThreads, type ThreadRow } from '../store/thread.ts'
import { applyToAlbum } from './apply-album.ts'
import { type Draft, emptyPlan, foldMessage, type InboundMessage, type Plan } from './fold.ts'

export interface ApplyContext {
  readonly tx: Queryable
  readonly inbox: InboxFacts
  readonly now: Date
}

interface Ground {
  readonly threads: Map<string, ThreadRow>
  readonly identities: Map<string, IdentityRow>
  readonly known: Map<string, KnownMessage>
}

/** One run of messages, set-based: a batch costs a handful of statements however many messages it holds. */
export async function applyMessages(ctx: ApplyContext, events: readonly InboundMessage[]): Promise<EventOutcome[]> {
  const ground = await prepare(ctx, events)
  const first = events[0]
  if (events.length === 1 && first?.groupKey !== undefined) {
    const added = await applyToAlbum(ctx, first, ground.threads.get(first.thread.key)!)
    if (added) return [added]
  }
  const { plan, outcomes } = await fold(ctx, events, ground)
  await write(ctx, plan)
  return outcomes
}

async function prepare(ctx: ApplyContext, events: readonly InboundMessage[]): Promise<Ground> {
  const threads = await lockThreads(
    ctx.tx,
    ctx.inbox.id,
    events.map((e) => e.thread),
  )
  const identities = await resolveIdentities(
    ctx.tx,
    ctx.inbox.channel,
    events.map((e) => e.sender),
  )
  const known = await knownMessages(
    ctx.tx,
    events.flatMap((e) => {
      const threadId = threads.get(e.thread.key)!.id
      const ids = e.replyTo === undefined ? [e.externalId] : [e.externalId, e.replyTo]
      return ids.map((externalId) => ({ threadId, externalId }))
    }),
  )
  return { threads, identities, known: new Map(known.map((k) => [keyOf(k.threadId, k.externalId), k])) }
}

async function fold(
  ctx: ApplyContext,
  events: readonly InboundMessage[],
  ground: Ground,
): Promise<{ plan: Plan; outcomes: EventOutcome[] }> {
  const plan = emptyPlan()
  const currentOf = new Map<string, Draft>()
  const ids = [...ground.threads.values()].flatMap((t) => (t.conversationId === null ? [] : [t.conversationId]))
  const existing = await lockConversations(ctx.tx, [...new Set(ids)])
  for (const row of existing.values()) plan.drafts.set(row.id, { row, isNew: false })
  for (const thread of ground.threads.values()) {
    const draft = thread.conversationId === null ? undefined : plan.drafts.get(thread.conversationId)
    if (draft) currentOf.set(thread.id, draft)
  }
  const drawn = await drawIds(ctx.tx, events.length, mayOpen(ctx, events, currentOf, ground))
  const facts = {
    inbox: ctx.inbox,
    now: ctx.now,
    nextMessageId: () => drawn.messages.shift()!,
    nextConversation: () => ({ id: drawn.conversations.shift()!, number: drawn.numbers.shift()! }),
  }
  const outcomes = events.map((event): EventOutcome => {
    const thread = ground.threads.get(event.thread.key)!
    const before = ground.known.get(keyOf(thread.id, event.externalId))
    if (before) return { kind: 'duplicate', messageId: before.messageId, conversationId: before.conversationId }
    const replyTo = event.replyTo === undefined ? undefined : ground.known.get(keyOf(thread.id, event.replyTo))
    const identity = ground.identities.get(event.sender.key)!
    const said = { event, thread, identity, replyToId: replyTo?.messageId ?? null }
    const draft = foldMessage(plan, facts, said, currentOf.get(thread.id) ?? null)
    currentOf.set(thread.id, draft)
    const messageId = plan.messages.at(-1)!.id
    const made = { messageId, conversationId: draft.row.id, threadId: thread.id, externalId: event.externalId }
    ground.known.set(keyOf(thread.id, event.externalId), made)
    return { kind: 'applied', messageId, conversationId: draft.row.id }
  })
  return { plan, outcomes }
}

// An upper bound: live events open at most one conversation in a thread, which the later ones then keep; each event
// of the history may open its own.
function mayOpen(
  ctx: ApplyContext,
  events: readonly InboundMessage[],
  currentOf: ReadonlyMap<string, Draft>,
  ground: Ground,
): number {
  const opening = events.filter((event) => {
    const current = currentOf.get(ground.threads.get(event.thread.key)!.id)
    return !current || current.row.status === 'resolved'
  })
  const live = opening.filter((e) => e.occurredAt >= ctx.inbox.liveSince)
  return new Set(live.map((e) => e.thread.key)).size + (opening.length - live.length)
}

async function write(ctx: ApplyContext, plan: Plan): Promise<void> {
  if (plan.messages.length === 0) return
  const { tx } = ctx
  if (plan.created.length > 0) {
    await insertConversations(tx, plan.created)
    await pointThreads(tx, lastPerThread(plan.points))
  }
  await insertMessages(tx, plan.messages)
  const touched = new Set(plan.messages.map((m) => m.conversationId))
  await updateConversations(
    tx,
    [...plan.drafts.values()].filter((d) => !d.isNew && touched.has(d.row.id)).map((d) => d.row),
  )
  await insertAttachments(tx, plan.attachments)
  await insertActivities(tx, plan.activities)
  await writeEffects(tx, plan)
}

// An update that joined twice the same thread would take either row.
function lastPerThread(points: Plan['points']): Plan['points'] {
  return [...new Map(points.map((p) => [p.threadId, p])).values()]
}

function keyOf(threadId: string, externalId: string): string {
  return `${threadId} ${externalId}`
}
