import type { Letter, OutboundLetter } from '../channel/contract.ts'
import { subjectKeyOf } from '../channel/subject.ts'
import { usualPatience } from '../domain/continuation.ts'
import { previewOf, statusAfterReply } from '../domain/conversation.ts'
import { addParticipants, insertActivities } from '../store/applied.ts'
import { answeredOnce, markAutomatic, recordAnswer, takeFromBot } from '../store/automation.ts'
import { settleTurn } from '../store/bot-turn.ts'
import { type ConversationRow, lockConversations, updateConversations } from '../store/conversation.ts'
import { type Queryable, reading, together, transaction } from '../store/database.ts'
import { insertDeliveries, lockThread } from '../store/delivery.ts'
import { laterByLetter } from '../store/delivery-letter.ts'
import { insertFeed, notify } from '../store/feed-insert.ts'
import { resolveIdentities } from '../store/identity.ts'
import { enqueueJobs } from '../store/job.ts'
import { drawIds, insertAttachments, insertMessages } from '../store/message.ts'
import {
  changesSince,
  deleteDraft,
  markAnswered,
  messageByClientId,
  type ReplyWay,
  replyWay,
  setChoices,
} from '../store/reply.ts'
import { newKey } from './idempotency-key.ts'
import { maySpeak } from './may-speak.ts'
import { type RenderedReply, renderReply } from './render-reply.ts'
import {
  KeptSilent,
  keyOf,
  ReplyConflict,
  type ReplyContext,
  type ReplyInput,
  ReplyRejected,
  type ReplyResult,
} from './reply-input.ts'

/**
 * T3: what an agent, the bot or the system says. One message and one delivery for each part commit together; nothing is sent here.
 * Throws ReplyConflict and ReplyRejected. The caller has checked that the author may write in this conversation.
 */
export async function reply(ctx: ReplyContext, given: ReplyInput): Promise<ReplyResult> {
  const input = { ...given, text: storable(given.text) }
  for (let tries = 0; ; tries++) {
    const [before, way] = await reading(ctx.db, (q) =>
      together([messageByClientId(q, keyOf(input.author), input.clientId), wayOf(q, input)]),
    )
    if (before) return repeated(input, before)
    const rendered = await renderReply(ctx, input, way)
    const written = await writeReply(ctx, input, rendered)
    if (written === 'moved' && tries < 5) continue
    if (written === 'moved') throw new Error('the thread of a reply kept changing')
    return { created: written.created, messageId: written.id, conversationId: input.conversationId }
  }
}

/** What answers a customer's message goes where that was said, and only there. */
async function wayOf(
  q: Queryable,
  { conversationId, replyTo, answers, follows, tells, basedOn }: ReplyInput,
): Promise<ReplyWay | null> {
  const about = answers?.messageId ?? follows?.askedBy ?? tells?.askedBy
  const way = await replyWay(q, conversationId, replyTo ?? about ?? null, basedOn)
  return way && replyTo === undefined && about !== undefined ? { ...way, replyTo: null } : way
}

/** PostgreSQL holds neither NUL nor half a surrogate pair. */
function storable(text: string): string {
  return Buffer.from(text.replaceAll('\0', '')).toString()
}

function repeated(input: ReplyInput, message: { id: string; conversationId: string }): ReplyResult {
  if (message.conversationId !== input.conversationId) {
    throw new ReplyRejected('clientIdTaken', 'This client id belongs to a message of another conversation.')
  }
  return { created: false, messageId: message.id, conversationId: message.conversationId }
}

/** 'moved': the customer wrote in another thread of the conversation meanwhile, where another text may have to be rendered. */
async function writeReply(
  ctx: ReplyContext,
  input: ReplyInput,
  rendered: RenderedReply,
): Promise<{ id: string; created: boolean } | 'moved'> {
  try {
    return await transaction(ctx.db, (tx) => writeLocked(tx, ctx, input, rendered))
  } catch (error) {
    const { constraint } = error as { constraint?: unknown }
    if (constraint === answeredOnce) throw new KeptSilent('answered')
    if (constraint !== 'message_client') throw error
    // The same client id at the same moment in another thread.
    return 'moved'
  }
}

async function writeLocked(
  tx: Queryable,
  ctx: ReplyContext,
  input: ReplyInput,
  rendered: RenderedReply,
): Promise<{ id: string; created: boolean } | 'moved'> {
  await writeTo(tx, rendered)
  const [, conversations, before, way, drawn] = await together([
    lockThread(tx, rendered.way.threadId),
    lockConversations(tx, [input.conversationId]),
    messageByClientId(tx, keyOf(input.author), input.clientId),
    wayOf(tx, input),
    drawIds(tx, 1, 0),
  ])
  const row = conversations.get(input.conversationId)
  if (!row) throw new ReplyRejected('unknownConversation', 'There is no such conversation.')
  if (before && before.conversationId === input.conversationId) return { id: before.id, created: false }
  if (way?.threadId !== rendered.way.threadId || way.mergedInto !== null || way.erased) return 'moved'
  await refuseStale(tx, input, row, rendered.letters)
  const id = drawn.messages[0] ?? ''
  const now = ctx.clock()
  await maySpeak(tx, input, now)
  const statusBefore = row.status
  advance(row, input, rendered, now)
  await write(tx, { id, input, rendered, row, now }, statusBefore)
  return { id, created: true }
}

/** Whom we write to takes part from now on: their answers belong here. Threads are locked before identities. */
async function writeTo(tx: Queryable, { way, addressees, channel }: RenderedReply): Promise<void> {
  if (addressees.length === 0) return
  await lockThread(tx, way.threadId)
  const identities = await resolveIdentities(tx, channel, addressees)
  await addParticipants(
    tx,
    way.threadId,
    [...identities.values()].map(({ id }) => id),
  )
}

/** In the order in which they are written here: PostgreSQL answers them one after the other. */
async function write(tx: Queryable, writing: Writing, statusBefore: string): Promise<void> {
  const { id, input, rendered, row } = writing
  const { author } = input
  const place = { ...rendered.way, conversationId: row.id, messageId: id, priority: author.priority }
  const parts = rendered.parts.map((payload, part) => ({ part, payload, idempotencyKey: newKey() }))
  const at = { inboxId: row.inboxId, conversationId: row.id, version: String(row.version), messageId: id }
  await together([
    insertMessage(tx, writing),
    insertDeliveries(tx, place, parts),
    updateConversations(tx, [row]),
    // Who answers has it: the machine does not go on talking into it.
    author.type === 'agent' && input.kind === 'reply' && row.holder === 'bot' ? takeFromBot(tx, [row.id]) : undefined,
    ...(author.type === 'agent' && author.id !== undefined ? leaveDesk(tx, input, row, author.id) : []),
    row.status !== statusBefore ? noteStatus(tx, input, row, statusBefore) : undefined,
    insertFeed(tx, [{ kind: 'message.created', ...at }]),
    // Who answered has room again.
    notify(tx, [
      'feed',
      ...(parts.length > 0 ? (['delivery'] as const) : []),
      ...(row.status !== statusBefore ? (['queue'] as const) : []),
    ]),
    rendered.continues ? enqueueJobs(tx, [laterByLetter(rendered.way.threadId, usualPatience.quietMs)]) : undefined,
  ])
}

function leaveDesk(tx: Queryable, { basedOn }: ReplyInput, row: ConversationRow, agentId: string): Promise<void>[] {
  const mark = { conversationId: row.id, agentId, seq: row.lastSeq, basedOn }
  return [deleteDraft(tx, row.id, agentId), markAnswered(tx, mark)]
}

async function refuseStale(tx: Queryable, input: ReplyInput, row: ConversationRow, letters: boolean): Promise<void> {
  if (input.basedOn === undefined || input.force || input.kind === 'note' || input.author.type !== 'agent') return
  if (BigInt(input.basedOn) >= row.version) return
  const { conversationId, basedOn, author } = input
  const wish = { conversationId, basedOn, agentId: author.id ?? null, actor: keyOf(author), letters }
  const causes = await changesSince(tx, wish)
  if (causes.length > 0) throw new ReplyConflict(causes, String(row.version))
}

function advance(row: ConversationRow, input: ReplyInput, { files, parts }: RenderedReply, now: Date): void {
  row.version += 1n
  row.lastSeq += 1n
  row.messageCount += 1n
  if (now > row.lastActivityAt) row.lastActivityAt = now
  if (input.kind === 'note') return
  row.preview = previewOf(parts.map((part) => part.text).join(' '), files.map((file) => file.name).join(', '))
  row.previewDirection = 'out'
  if (input.author.type !== 'agent') return
  row.status = statusAfterReply(row.status)
  row.waitingSince = null
}

interface Writing {
  readonly id: string
  readonly input: ReplyInput
  readonly rendered: RenderedReply
  readonly row: ConversationRow
  readonly now: Date
}

async function insertMessage(tx: Queryable, { id, input, rendered, row, now }: Writing): Promise<void> {
  const { author } = input
  await insertMessages(tx, [
    {
      id,
      conversationId: row.id,
      threadId: rendered.way.threadId,
      seq: row.lastSeq,
      version: row.version,
      direction: input.kind === 'note' ? 'note' : 'out',
      senderType: author.type,
      senderIdentityId: null,
      senderAgentId: author.type === 'agent' ? (author.id ?? null) : null,
      text: input.text,
      html: null,
      subject: rendered.letter?.subject ?? input.subject ?? null,
      externalId: null,
      replyToId: input.replyTo ?? rendered.quotes,
      groupKey: null,
      authorKey: keyOf(author),
      clientId: input.clientId,
      history: false,
      automatic: author.type !== 'agent',
      byProgram: false,
      occurredAt: now,
      letter: rendered.letter && letterOf(rendered.letter),
      fullText: null,
      joinedBy: null,
    },
  ])
  if (input.choices) await setChoices(tx, id, input.choices)
  if (input.answers) await recordAnswer(tx, { ...input.answers, askedBy: input.answers.messageId, messageId: id })
  if (input.answers && input.turn) await settleTurn(tx, input.answers.messageId, id, input.turn)
  if (input.follows || input.tells) await markAutomatic(tx, rendered.way.threadId)
  const facts = { messageId: id, inline: false, ref: null }
  await insertAttachments(
    tx,
    rendered.files.map(({ id: fileId, name, type, size }, ordinal) => ({
      ...facts,
      fileId,
      name,
      type,
      size,
      ordinal,
    })),
  )
}

function letterOf({ to, cc, bcc, subject, references, authorName }: OutboundLetter): Letter {
  const from = { name: authorName ?? '', address: '' }
  return { from, to, cc, bcc, others: [], references, subjectKey: subjectKeyOf(subject) }
}

async function noteStatus(tx: Queryable, input: ReplyInput, row: ConversationRow, from: string): Promise<void> {
  await insertActivities(tx, [
    {
      conversationId: row.id,
      version: row.version,
      afterSeq: row.lastSeq,
      kind: 'statusChanged',
      actor: keyOf(input.author),
      data: { from, to: row.status },
    },
  ])
}
