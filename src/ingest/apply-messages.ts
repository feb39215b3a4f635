import type { EventOutcome } from '../channel/contract.ts'
import { insertActivities, writeEffects } from '../store/applied.ts'
import {
  type ConversationRow,
  insertConversations,
  lockConversations,
  setSubjects,
  updateConversations,
} from '../store/conversation.ts'
import { type Queryable, together } from '../store/database.ts'
import { completeIdentities, existingIdentities, type IdentityRow } from '../store/identity.ts'
import { askForPictures, type PictureWish } from '../store/identity-picture.ts'
import { type InboxFacts, parkedFor, type StoredEvent } from '../store/inbound.ts'
import {
  type DrawnIds,
  drawIds,
  insertAttachments,
  insertMessages,
  type KnownMessage,
  knownMessages,
} from '../store/message.ts'
import { distrustPictures } from '../store/sender-pictures.ts'
import { settleStaffAnswers } from '../store/staff-answer.ts'
import { completeThreads, lockExistingThreads, pointThreads, type ThreadRow } from '../store/thread.ts'
import { applyToAlbum } from './apply-album.ts'
import { writeAsks } from './asks.ts'
import { writeForms } from './filled-forms.ts'
import { type Draft, emptyPlan, foldMessage, type InboundMessage, type Plan } from './fold.ts'
import { isByStaff, type Placed, placeStaff } from './staff.ts'

export interface ApplyContext {
  readonly tx: Queryable
  readonly inbox: InboxFacts
  readonly now: Date
}

interface Ground extends Placed {
  readonly threads: Map<string, ThreadRow>
  readonly identities: Map<string, IdentityRow>
  readonly known: Map<string, KnownMessage>
  readonly conversations: ReadonlyMap<string, ConversationRow>
  readonly drawn: DrawnIds
  readonly parked: readonly StoredEvent[]
}

export interface AppliedMessages {
  readonly outcomes: EventOutcome[]
  /** Edits, removals and reactions that came before these messages and may be applied now. */
  readonly parked: readonly StoredEvent[]
}

/** One run of messages, set-based: a batch costs a handful of statements however many messages it holds. */
export async function applyMessages(ctx: ApplyContext, given: readonly InboundMessage[]): Promise<AppliedMessages> {
  const found = await find(ctx, given)
  // What a colleague answers may come with the same batch: it must be there before its place is looked for.
  if (given.length > 1 && given.some((event) => isByStaff(event, found.identities))) return applyEach(ctx, given)
  const ground = await prepare(ctx, given, found)
  const { events, leftOut, parked } = ground
  const first = events[0]
  const thread = first && ground.threads.get(first.thread.key)
  if (events.length === 1 && first?.groupKey !== undefined && thread) {
    const told = ground.known.has(keyOf(thread.id, first.externalId))
    const added = told ? null : await applyToAlbum(ctx, first, thread)
    if (added) return { outcomes: [added], parked }
  }
  const { plan, outcomes } = await fold(ctx, events, ground)
  await write(ctx, plan, picturesOf(events, ground))
  await writeForms(ctx.tx, plan.forms, ctx.now)
  return { outcomes: given.map((event) => (leftOut.has(event) ? { kind: 'applied' } : outcomes.shift()!)), parked }
}

async function applyEach(ctx: ApplyContext, given: readonly InboundMessage[]): Promise<AppliedMessages> {
  const applied: AppliedMessages[] = []
  for (const event of given) applied.push(await applyMessages(ctx, [event]))
  return { outcomes: applied.flatMap((one) => one.outcomes), parked: applied.flatMap((one) => one.parked) }
}

const sendersOf = (events: readonly InboundMessage[]) =>
  events.flatMap((e) => (e.addressees ? [e.sender, ...e.addressees] : [e.sender]))

type Found = Pick<Ground, 'threads' | 'identities'>

/** Threads first: their lock gives everything read after it one order. Statements that need nothing of each other go together. */
async function find({ tx, inbox }: ApplyContext, given: readonly InboundMessage[]): Promise<Found> {
  const refs = given.map((e) => e.thread)
  const [threads, identities] = await together([
    lockExistingThreads(tx, inbox.id, refs),
    existingIdentities(tx, inbox.channel, sendersOf(given)),
  ])
  return { threads, identities }
}

async function prepare(ctx: ApplyContext, given: readonly InboundMessage[], found: Found): Promise<Ground> {
  const { tx, inbox } = ctx
  const { threads: foundThreads, identities: foundIdentities } = found
  const { events, leftOut } = await placeStaff(ctx, given, foundIdentities)
  const refs = events.map((e) => e.thread)
  const elsewhere = refs.filter(({ key }) => !foundThreads.has(key))
  if (events !== given && elsewhere.length > 0) {
    for (const [key, row] of await lockExistingThreads(tx, inbox.id, elsewhere)) foundThreads.set(key, row)
  }
  const threads = await completeThreads(tx, inbox.id, refs, foundThreads)
  const identities = await completeIdentities(tx, inbox.channel, sendersOf(events), foundIdentities)
  await distrust(tx, events, identities)
  const conversationIds = [...threads.values()].flatMap((thread) => thread.conversationId ?? [])
  const [known, conversations, drawn, parked] = await together([
    knownMessages(tx, keysOf(events, threads)),
    lockConversations(tx, [...new Set(conversationIds)]),
    drawIds(
      tx,
      events.length,
      mayOpen(ctx, events, (key) => threads.get(key)!.conversationId === null),
    ),
    parkedFor(
      tx,
      inbox.id,
      events.map((e) => ({ thread: e.thread.key, target: e.externalId })),
    ),
  ])
  const knownByKey = new Map(known.map((k) => [keyOf(k.threadId, k.externalId), k]))
  return { events, leftOut, threads, identities, known: knownByKey, conversations, drawn, parked }
}

/** What an agent allowed a sender ends with the first letter that only pretends to be of that sender. */
async function distrust(
  tx: Queryable,
  events: readonly InboundMessage[],
  identities: ReadonlyMap<string, IdentityRow>,
): Promise<void> {
  const forged = events.filter((event) => event.letter?.authentication?.dmarc === 'fail')
  if (forged.length > 0) {
    await distrustPictures(
      tx,
      forged.map((event) => identities.get(event.sender.key)!.id),
    )
  }
}

function keysOf(events: readonly InboundMessage[], threads: ReadonlyMap<string, ThreadRow>) {
  return events.flatMap((event) => {
    const threadId = threads.get(event.thread.key)!.id
    const ids = event.replyTo === undefined ? [event.externalId] : [event.externalId, event.replyTo]
    return ids.map((externalId) => ({ threadId, externalId }))
  })
}

async function fold(
  ctx: ApplyContext,
  events: readonly InboundMessage[],
  ground: Ground,
): Promise<{ plan: Plan; outcomes: EventOutcome[] }> {
  const plan = emptyPlan()
  const currentOf = new Map<string, Draft>()
  for (const row of ground.conversations.values()) plan.drafts.set(row.id, { row, isNew: false })
  for (const thread of ground.threads.values()) {
    const draft = thread.conversationId === null ? undefined : plan.drafts.get(thread.conversationId)
    if (draft) currentOf.set(thread.id, draft)
  }
  const drawn = await enoughIds(ctx, events, ground, currentOf)
  const facts = {
    inbox: ctx.inbox,
    now: ctx.now,
    nextMessageId: () => drawn.messages.shift()!,
    nextConversation: () => ({ id: drawn.conversations.shift()!, number: drawn.numbers.shift()! }),
  }
  const outcomes = events.map((given): EventOutcome => {
    const thread = ground.threads.get(given.thread.key)!
    const before = ground.known.get(keyOf(thread.id, given.externalId))
    // Programs reuse the id of a letter for another: only an event of the same id is the same letter.
    const event = before && given.letter ? { ...given, externalId: `${given.externalId}#${given.eventId}` } : given
    if (before && event === given)
      return { kind: 'duplicate', messageId: before.messageId, conversationId: before.conversationId }
    const replyTo = event.replyTo === undefined ? undefined : ground.known.get(keyOf(thread.id, event.replyTo))
    const identity = ground.identities.get(event.sender.key)!
    const addressees = (event.addressees ?? []).map(({ key }) => ground.identities.get(key)!)
    const said = { event, thread, identity, addressees, replyToId: replyTo?.messageId ?? null }
    const draft = foldMessage(plan, facts, said, currentOf.get(thread.id) ?? null)
    currentOf.set(thread.id, draft)
    const messageId = plan.messages.at(-1)!.id
    const made = { messageId, conversationId: draft.row.id, threadId: thread.id, externalId: event.externalId }
    ground.known.set(keyOf(thread.id, event.externalId), made)
    return { kind: 'applied', messageId, conversationId: draft.row.id }
  })
  return { plan, outcomes }
}

/** What was drawn before the conversations were read may be too little: a resolved one may be followed by a new one. */
async function enoughIds(
  ctx: ApplyContext,
  events: readonly InboundMessage[],
  { threads, drawn }: Ground,
  currentOf: ReadonlyMap<string, Draft>,
): Promise<DrawnIds> {
  const needed = mayOpen(ctx, events, (key) => {
    const current = currentOf.get(threads.get(key)!.id)
    return !current || current.row.status === 'resolved'
  })
  const missing = needed - drawn.conversations.length
  if (missing <= 0) return drawn
  const more = await drawIds(ctx.tx, 0, missing)
  return {
    messages: drawn.messages,
    conversations: [...drawn.conversations, ...more.conversations],
    numbers: [...drawn.numbers, ...more.numbers],
  }
}

// An upper bound: live events open at most one conversation in a thread, which the later ones then keep; each event
// of the history may open its own.
function mayOpen(ctx: ApplyContext, events: readonly InboundMessage[], opens: (threadKey: string) => boolean): number {
  const opening = events.filter((event) => opens(event.thread.key))
  const live = opening.filter((e) => e.occurredAt >= ctx.inbox.liveSince)
  return new Set(live.map((e) => e.thread.key)).size + (opening.length - live.length)
}

function picturesOf(events: readonly InboundMessage[], { identities }: Ground): PictureWish[] {
  return events.flatMap(({ sender: { key, picture } }) =>
    picture ? [{ identityId: identities.get(key)!.id, name: picture.name, ref: picture.ref }] : [],
  )
}

/** In the order in which they are written here: PostgreSQL answers them one after the other. */
async function write(ctx: ApplyContext, plan: Plan, pictures: readonly PictureWish[]): Promise<void> {
  if (plan.messages.length === 0) return
  const { tx } = ctx
  const touched = new Set(plan.messages.map((m) => m.conversationId))
  const changed = [...plan.drafts.values()].filter((d) => !d.isNew && touched.has(d.row.id)).map((d) => d.row)
  await together([
    ...(plan.created.length > 0
      ? [insertConversations(tx, plan.created), pointThreads(tx, lastPerThread(plan.points))]
      : []),
    insertMessages(tx, plan.messages),
    updateConversations(tx, changed),
    insertAttachments(tx, plan.attachments),
    insertActivities(tx, plan.activities),
    plan.subjects.length > 0 ? setSubjects(tx, plan.subjects) : undefined,
    plan.answers.length > 0 ? settleStaffAnswers(tx, plan.answers) : undefined,
    writeEffects(tx, plan),
    pictures.length > 0 ? askForPictures(tx, ctx.inbox.id, pictures) : undefined,
    writeAsks(tx, plan.asks),
  ])
}

// An update that joined twice the same thread would take either row.
function lastPerThread(points: Plan['points']): Plan['points'] {
  return [...new Map(points.map((p) => [p.threadId, p])).values()]
}

function keyOf(threadId: string, externalId: string): string {
  return `${threadId} ${externalId}`
}
