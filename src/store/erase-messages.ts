import { type Database, type Queryable, transaction } from './database.ts'
import { lockThread, wakeLane } from './delivery.ts'
import { tellErased } from './erase-conversations.ts'
import { type ErasedPlace, filesTaken } from './erasure.ts'

export interface Span {
  readonly contactId: string
  readonly place: ErasedPlace
  /** A message's id, exclusive. */
  readonly after: string
}

const spanMessages = 500

/** One stretch of one thread, in one transaction. Answers where it ended; null: there is nothing behind `after`. */
export function eraseSpan(db: Database, span: Span): Promise<string | null> {
  return transaction(db, async (tx) => {
    const { threadId } = span.place
    await lockThread(tx, threadId)
    const { rows } = await tx.query(
      `select max(id) as last from (select id from message where thread_id = $1 and id > $2 order by id limit ${spanMessages}) s`,
      [threadId, span.after],
    )
    const { last } = rows[0] as { last: string | null }
    if (last === null) return null
    const theirs = await doomed(tx, span, last)
    const ids = theirs.map((row) => row.id)
    const fresh = theirs.filter((row) => row.fresh)
    const conversations = [...new Set(fresh.map((row) => row.conversationId))]
    await tx.query('select from conversation where id = any($1::bigint[]) order by id for no key update', [
      conversations,
    ])
    await eraseAround(tx, span, ids)
    await eraseWords(
      tx,
      fresh.map((row) => row.id),
      span.place.own,
    )
    await announce(tx, conversations)
    return last
  })
}

interface Doomed {
  readonly id: string
  readonly conversationId: string
  readonly fresh: boolean
}

/**
 * All of their own threads. Where others take part: what they said, what answers it, and what we said where they began and nobody
 * outside reads; never what somebody else said.
 */
async function doomed(tx: Queryable, { contactId, place, after }: Span, last: string): Promise<Doomed[]> {
  const { rows } = await tx.query(
    `with account as materialized (select id from identity where contact_id = $1)
      select m.id, m.conversation_id as "conversationId", m.deleted_by is distinct from 'erasure' as fresh
      from message m join conversation c on c.id = m.conversation_id
      where m.thread_id = $2 and m.id > $3 and m.id <= $4 and ($5 or m.sender_identity_id in (select id from account)
        or (m.direction <> 'in' and ((c.audience = 'private' and c.opener_identity_id in (select id from account))
          or exists (select from message a where a.id = m.reply_to_id and a.sender_identity_id in (select id from account)))))
      order by m.id`,
    [contactId, place.threadId, after, last, place.own],
  )
  return rows as Doomed[]
}

export const noPayload = '{"text":"","length":0,"fileIds":[],"payload":null}'

/** Versions, files, drafts that answer them, and what was or would have been sent. */
async function eraseAround(tx: Queryable, { contactId, place }: Span, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query('delete from message_version where message_id = any($1::bigint[])', [ids])
  const { rows: files } = await tx.query(
    'delete from attachment where message_id = any($1::bigint[]) returning file_id as id',
    [ids],
  )
  const { rows: raws } = await tx.query(
    `with old as (select id, raw_file_id from inbound_event where message_id = any($1::bigint[]) and raw_file_id is not null for update)
      update inbound_event e set raw = null, raw_file_id = null from old where e.id = old.id returning old.raw_file_id as id`,
    [ids],
  )
  const { rows: drafts } = await tx.query(
    `delete from draft where conversation_id in (select conversation_id from message where id = any($1::bigint[]))
      and reply_to = any($1::bigint[]) returning attachments`,
    [ids],
  )
  const taken = [...files, ...raws].flatMap(({ id }: { id: string | null }) => id ?? [])
  await filesTaken(tx, contactId, [...taken, ...drafts.flatMap((row: { attachments: string[] }) => row.attachments)])
  await eraseAlbums(tx, place, ids)
  await eraseDeliveries(tx, place, ids)
}

/** Where others take part the pictures' ids stay: what is told of them later finds that they are gone. */
async function eraseAlbums(tx: Queryable, { own }: ErasedPlace, ids: readonly string[]): Promise<void> {
  await tx.query(
    own
      ? 'delete from album_item where message_id = any($1::bigint[])'
      : `update album_item set text = '' where message_id = any($1::bigint[]) and text <> ''`,
    [ids],
  )
}

/** What is being sent at this moment keeps its words until it is settled: the job comes back for it. */
async function eraseDeliveries(tx: Queryable, place: ErasedPlace, ids: readonly string[]): Promise<void> {
  await tx.query(
    `update delivery d set payload = '${noPayload}', reason = null, refused = null,
        state = case when waits then 'cancelled' else d.state end, failure = case when waits then 'erased' else failure end,
        held_reason = case when waits then null else held_reason end, due_at = case when waits then 'infinity' else due_at end,
        settled_at = coalesce(settled_at, now()), place = case when $2 then 'erased' else place end,
        external_id = case when $2 then null else external_id end, reply_to = case when $2 then null else reply_to end
      from (select id, state in ('pending', 'held', 'uncertain', 'failed') as waits from delivery
          where id in (select id from delivery where message_id = any($1::bigint[])
            union select delivery_id from continued_message where message_id = any($1::bigint[])) and state <> 'sending'
          order by id for update) w
      where d.id = w.id`,
    [ids, place.own],
  )
  await wakeLane(tx, place.threadId)
}

async function eraseWords(tx: Queryable, ids: readonly string[], own: boolean): Promise<void> {
  await tx.query(
    `update message set text = '', html = null, subject = null, letter = null, full_text = null, reactions = null, choices = null,
        group_key = null, edited_at = null, external_id = case when $2 then null else external_id end,
        deleted_at = coalesce(deleted_at, now()), deleted_by = 'erasure' where id = any($1::bigint[])`,
    [ids, own],
  )
}

/** A list shows the newest words that still stand. */
async function announce(tx: Queryable, conversations: readonly string[]): Promise<void> {
  if (conversations.length === 0) return
  const { rows } = await tx.query(
    `update conversation c set version = c.version + 1, preview = coalesce(left(w.text, 200), ''),
        preview_direction = coalesce(w.direction, c.preview_direction)
      from unnest($1::bigint[]) n(id) left join lateral (select text, direction from message m
        where m.conversation_id = n.id and m.direction <> 'note' and m.deleted_at is null order by m.seq desc limit 1) w on true
      where c.id = n.id returning c.id, c.inbox_id, c.version`,
    [conversations],
  )
  await tellErased(tx, rows)
}
