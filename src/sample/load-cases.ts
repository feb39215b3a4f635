import { previewOf } from '../domain/conversation.ts'
import { addParticipants } from '../store/applied.ts'
import { insertConversations, syncTags } from '../store/conversation.ts'
import type { Queryable } from '../store/database.ts'
import { insertFeed } from '../store/feed-insert.ts'
import { resolveIdentities } from '../store/identity.ts'
import { drawIds, insertAttachments, insertMessages } from '../store/message.ts'
import { writeSampleCase } from '../store/sample.ts'
import { lockThreads, pointThreads } from '../store/thread.ts'
import { messagesOf, waitingSince } from './case-messages.ts'
import type { Desk } from './desk-files.ts'
import { idOf, type Names } from './names.ts'

export interface CaseGround {
  readonly names: Names
  /** By name. */
  readonly inboxes: ReadonlyMap<string, string>
  readonly now: Date
  /** Where an answer came from, as a link; null: there is no such article. */
  readonly source: (language: string, article: string) => string | null
  readonly files: ReadonlyMap<string, StoredPicture>
}

export interface StoredPicture {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly size: number
}

/** Straight into the store, as it would stand there: nothing is sent, routed or announced. */
export async function loadCases(tx: Queryable, ground: CaseGround, desk: Desk): Promise<void> {
  const oldestFirst = desk.conversations
    .map((written, at) => ({ written, n: String(at + 1).padStart(2, '0') }))
    .sort((a, b) => begunAgo(b.written) - begunAgo(a.written))
  for (const { written, n } of oldestFirst)
    await loadCase(tx, ground, written, await placeOf(tx, ground, desk, { written, n }))
}

type Written = Desk['conversations'][number]

const begunAgo = ({ messages }: Written) => messages[0]?.minutesAgo ?? 0

interface Place {
  readonly inboxId: string
  readonly threadId: string
  readonly identityId: string
  readonly contactId: string
  readonly letters: string | null
}

async function placeOf(
  tx: Queryable,
  { inboxes }: CaseGround,
  desk: Desk,
  { written, n }: { readonly written: Written; readonly n: string },
): Promise<Place> {
  const { channel, audience, contact } = written
  const inbox = desk.inboxes.find((one) => one.channel === channel)
  const thread = inbox?.threads[audience]
  if (!inbox || !thread) throw new Error(`The sample has no place for the conversation "${written.key}".`)
  const inboxId = idOf(inboxes, inbox.name)
  const key = thread.key.replaceAll('{n}', n)
  const ref = { key, kind: thread.kind, audience, ...(thread.place !== undefined && { place: thread.place }) }
  const place = (await lockThreads(tx, inboxId, [ref])).get(key)
  const sender = {
    key: `${inboxId}:${written.key}`,
    name: contact.name,
    language: contact.language,
    ...(contact.email !== undefined && { email: { address: contact.email, verified: false } }),
  }
  const identity = (await resolveIdentities(tx, channel, [sender])).get(sender.key)
  if (!place || !identity) throw new Error(`The conversation "${written.key}" found no place.`)
  await addParticipants(tx, place.id, [identity.id])
  const { id: identityId, contactId } = identity
  return { inboxId, threadId: place.id, identityId, contactId, letters: inbox.letters ?? null }
}

async function loadCase(tx: Queryable, ground: CaseGround, written: Written, place: Place): Promise<void> {
  const drawn = await drawIds(tx, written.messages.length, 1)
  const [id = '', number = ''] = [drawn.conversations[0], drawn.numbers[0]]
  const { messages, attachments } = messagesOf(ground, written, { ...place, id, messageIds: drawn.messages })
  const shown = messages.filter(({ direction }) => direction !== 'note')
  const [first, last] = [messages[0], messages.at(-1)]
  if (!first || !last) return
  const count = BigInt(messages.length)
  await insertConversations(tx, [
    {
      id,
      number,
      inboxId: place.inboxId,
      threadId: place.threadId,
      openerIdentityId: place.identityId,
      audience: written.audience,
      restricted: false,
      status: written.status,
      holder: 'queue',
      assigneeId: null,
      teamId: written.team === null ? null : idOf(ground.names.teams, written.team),
      tags: [],
      preview: previewOf(shown.at(-1)?.text ?? '', ''),
      previewDirection: shown.at(-1)?.direction ?? 'in',
      version: count,
      lastSeq: count,
      lastIncomingSeq: messages.findLast(({ direction }) => direction === 'in')?.seq ?? 0n,
      messageCount: count,
      lastActivityAt: last.occurredAt,
      waitingSince: written.status === 'open' ? waitingSince(messages) : null,
      resolvedAt: written.status === 'resolved' ? last.occurredAt : null,
      subject: written.subject ?? null,
      claimsConversationId: null,
      routedAt: null,
    },
  ])
  await pointThreads(tx, [{ threadId: place.threadId, conversationId: id }])
  await insertMessages(tx, messages)
  await insertAttachments(tx, attachments)
  await handle(tx, ground, written, { ...place, id, begunAt: first.occurredAt, changedAt: last.occurredAt })
  await insertFeed(tx, [
    { kind: 'conversation.created', inboxId: place.inboxId, conversationId: id, version: String(count) },
  ])
}

interface Placed extends Place {
  readonly id: string
  readonly begunAt: Date
  readonly changedAt: Date
}

async function handle(tx: Queryable, { names, now }: CaseGround, written: Written, placed: Placed): Promise<void> {
  const { owner, ...attributes } = written.contact.attributes
  await writeSampleCase(tx, {
    conversationId: placed.id,
    contactId: placed.contactId,
    language: written.contact.language,
    priority: written.priority,
    tier: written.tier,
    topicId: idOf(names.topics, written.topic),
    teamId: written.team === null ? null : idOf(names.teams, written.team),
    assigneeId: written.assignee === null ? null : idOf(names.agents, written.assignee),
    ownerId: owner === undefined ? null : idOf(names.agents, owner),
    vip: written.contact.vip,
    attributes,
    tags: written.tags,
    begunAt: placed.begunAt,
    changedAt: placed.changedAt,
    snoozedUntil: written.status === 'snoozed' ? new Date(now.getTime() + 86_400_000) : null,
  })
  await syncTags(tx, [placed.id])
}
