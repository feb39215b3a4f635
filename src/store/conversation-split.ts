import type { ThreadRef } from '../channel/contract.ts'
import type { Visibility } from '../domain/principal.ts'
import { addParticipants, insertActivities } from './applied.ts'
import { type ConversationRow, insertConversations, lockConversations, type NewConversation } from './conversation.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { lockThread, wakeLane } from './delivery.ts'
import { insertFeed, notify } from './feed-insert.ts'
import { enqueueJobs } from './job.ts'
import { drawIds } from './message.ts'
import { lockThreads, pointThreads } from './thread.ts'
import { visible } from './visibility.ts'

export interface Split {
  readonly conversationId: string
  /** It and all that follow it in its place. */
  readonly fromMessageId: string
  readonly who: Visibility
  readonly actor: string
  /** Where they stand from now on; nobody may have used its key. */
  readonly thread: ThreadRef
}

export type SplitResult =
  | { readonly kind: 'split'; readonly conversationId: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly why: 'everything' | 'stillSending' }

interface Facts {
  readonly seq: string
  readonly threadId: string
  readonly subject: string | null
  readonly inboxId: string
  readonly restricted: boolean
  readonly opener: string | null
  readonly incoming: string | null
  readonly stays: number
  readonly moves: number
  readonly sending: boolean
}

/** Another matter becomes a conversation of its own, with a place of its own, so that answers find it there. */
export function splitConversation(db: Database, split: Split): Promise<SplitResult> {
  return transaction(db, (tx) => splitLocked(tx, split))
}

async function splitLocked(tx: Queryable, split: Split): Promise<SplitResult> {
  const { rows } = await tx.query(
    'select thread_id as "threadId" from message where id = $1 and conversation_id = $2',
    [split.fromMessageId, split.conversationId],
  )
  const place = rows[0] as { threadId: string } | undefined
  if (!place) return { kind: 'unknown' }
  await lockThread(tx, place.threadId)
  const old = (await lockConversations(tx, [split.conversationId])).get(split.conversationId)
  const facts = await factsOf(tx, split)
  if (!old || !facts) return { kind: 'unknown' }
  if (facts.stays === 0) return { kind: 'refused', why: 'everything' }
  if (facts.sending) return { kind: 'refused', why: 'stillSending' }
  const made = await openNew(tx, split, old, facts)
  await move(tx, facts, old, made)
  await settleOld(tx, old)
  await announce(tx, split, old, made)
  return { kind: 'split', conversationId: made.id }
}

async function factsOf(tx: Queryable, { conversationId, fromMessageId, who }: Split): Promise<Facts | null> {
  const values: unknown[] = [conversationId, fromMessageId]
  const seen = visible('c', who, values)
  const { rows } = await tx.query(
    `with first as (select * from message where id = $2 and conversation_id = $1),
      moving as (select m.* from message m, first f
        where m.conversation_id = $1 and m.thread_id = f.thread_id and m.seq >= f.seq)
      select f.seq, f.thread_id as "threadId", f.subject, t.inbox_id as "inboxId", c.restricted,
        coalesce((select sender_identity_id from moving where direction = 'in' order by seq limit 1), c.opener_identity_id) as opener,
        (select id from moving where direction = 'in' order by seq desc limit 1) as incoming,
        (select count(*)::int from moving) as moves, c.message_count::int - (select count(*)::int from moving) as stays,
        exists (select from delivery d join moving m on m.id = d.message_id where d.state = 'sending') as sending
      from conversation c, first f join thread t on t.id = f.thread_id where c.id = $1 and ${seen}`,
    values,
  )
  return (rows[0] as Facts | undefined) ?? null
}

interface Made {
  readonly id: string
  readonly number: string
  readonly threadId: string
}

async function openNew(tx: Queryable, split: Split, old: ConversationRow, facts: Facts): Promise<Made> {
  const thread = (await lockThreads(tx, facts.inboxId, [split.thread])).get(split.thread.key)!
  const drawn = await drawIds(tx, 0, 1)
  const [id = '', number = ''] = [drawn.conversations[0], drawn.numbers[0]]
  const row: NewConversation = {
    ...old,
    id,
    number,
    inboxId: facts.inboxId,
    threadId: thread.id,
    openerIdentityId: facts.opener,
    audience: split.thread.audience,
    restricted: facts.restricted,
    claimsConversationId: null,
    subject: facts.subject ?? old.subject,
    status: 'open',
    holder: 'queue',
    assigneeId: null,
    version: 1n,
    lastSeq: BigInt(facts.moves),
    messageCount: BigInt(facts.moves),
    resolvedAt: null,
    routedAt: null,
  }
  await insertConversations(tx, [row])
  await pointThreads(tx, [{ threadId: thread.id, conversationId: id }])
  const { rows } = await tx.query('select identity_id as id from participant where thread_id = $1', [facts.threadId])
  await addParticipants(
    tx,
    thread.id,
    rows.map((person: { id: string }) => person.id),
  )
  const payload = { messageId: facts.incoming, conversationId: id }
  await enqueueJobs(tx, facts.incoming === null ? [] : [{ kind: 'route', lane: `conversation:${id}`, payload }])
  return { id, number, threadId: thread.id }
}

async function move(tx: Queryable, facts: Facts, old: ConversationRow, made: Made): Promise<void> {
  await tx.query(
    `update message m set conversation_id = $3, thread_id = $4, version = 1, seq = w.seq
      from (select id, row_number() over (order by seq) as seq from message
             where conversation_id = $1 and thread_id = $5 and seq >= $2) w where m.id = w.id`,
    [old.id, facts.seq, made.id, made.threadId, facts.threadId],
  )
  await tx.query(
    `update delivery d set conversation_id = $1, thread_id = $2, place = t.place from message m, thread t
      where m.conversation_id = $1 and d.message_id = m.id and t.id = $2`,
    [made.id, made.threadId],
  )
  await wakeLane(tx, facts.threadId)
  await wakeLane(tx, made.threadId)
  await summarize(tx, made.id)
}

async function settleOld(tx: Queryable, old: ConversationRow): Promise<void> {
  old.version += 1n
  await tx.query(
    `update conversation c set version = $2, message_count = (select count(*) from message where conversation_id = c.id),
        subject = coalesce((select subject from message where conversation_id = c.id and subject is not null
          order by seq desc limit 1), subject) where id = $1`,
    [old.id, String(old.version)],
  )
  await summarize(tx, old.id)
}

// What lists show follows from the newest message that is there.
async function summarize(tx: Queryable, conversationId: string): Promise<void> {
  await tx.query(
    `update conversation c set preview = left(regexp_replace(l.text, '\\s+', ' ', 'g'), 160), preview_direction = l.direction,
        last_activity_at = l.occurred_at, waiting_since = case when l.direction = 'in' then l.occurred_at end,
        last_incoming_seq = coalesce((select max(seq) from message where conversation_id = $1 and direction = 'in'), 0)
      from (select text, direction, occurred_at from message where conversation_id = $1 and direction <> 'note'
             order by seq desc limit 1) l where c.id = $1`,
    [conversationId],
  )
}

async function announce(tx: Queryable, { actor }: Split, old: ConversationRow, made: Made): Promise<void> {
  await insertActivities(tx, [
    {
      conversationId: old.id,
      version: old.version,
      afterSeq: old.lastSeq,
      actor,
      kind: 'split',
      data: { conversationId: made.id, number: Number(made.number) },
    },
    {
      conversationId: made.id,
      version: 1n,
      afterSeq: 0n,
      actor,
      kind: 'splitFrom',
      data: { conversationId: old.id, number: Number(old.number) },
    },
  ])
  await insertFeed(tx, [
    { kind: 'conversation.created', inboxId: old.inboxId, conversationId: made.id, version: '1' },
    {
      kind: 'conversation.updated',
      inboxId: old.inboxId,
      conversationId: old.id,
      version: String(old.version),
      data: { split: made.id },
    },
  ])
  await notify(tx, ['feed', 'delivery'])
}
