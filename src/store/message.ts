import type { Letter } from '../channel/contract.ts'
import type { Queryable } from './database.ts'

export interface NewMessage {
  readonly id: string
  readonly conversationId: string
  readonly threadId: string
  readonly seq: bigint
  /** The conversation's, with this message. */
  readonly version: bigint
  readonly direction: 'in' | 'out' | 'note'
  readonly senderType: 'contact' | 'agent' | 'bot' | 'system'
  readonly senderIdentityId: string | null
  readonly senderAgentId: string | null
  readonly text: string
  readonly html: string | null
  readonly subject: string | null
  readonly externalId: string | null
  readonly replyToId: string | null
  readonly groupKey: string | null
  readonly authorKey: string | null
  readonly clientId: string | null
  readonly history: boolean
  readonly automatic: boolean
  readonly byProgram: boolean
  readonly occurredAt: Date
  readonly letter: Letter | null
  readonly fullText: string | null
  readonly joinedBy: string | null
}

export async function insertMessages(tx: Queryable, rows: readonly NewMessage[]): Promise<void> {
  await tx.query({
    name: 'message-insert',
    text: `insert into message (id, conversation_id, thread_id, seq, direction, sender_type, sender_identity_id,
        sender_agent_id, text, html, subject, external_id, reply_to_id, group_key, author_key, client_id, history,
        automatic, occurred_at, version, letter, full_text, joined_by, by_program)
      select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[],
        $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::text[], $15::text[],
        $16::text[], $17::boolean[], $18::boolean[], $19::timestamptz[], $20::bigint[],
        $21::jsonb[], $22::text[], $23::text[], $24::boolean[])`,
    values: [
      rows.map((r) => r.id),
      rows.map((r) => r.conversationId),
      rows.map((r) => r.threadId),
      rows.map((r) => String(r.seq)),
      rows.map((r) => r.direction),
      rows.map((r) => r.senderType),
      rows.map((r) => r.senderIdentityId),
      rows.map((r) => r.senderAgentId),
      rows.map((r) => r.text),
      rows.map((r) => r.html),
      rows.map((r) => r.subject),
      rows.map((r) => r.externalId),
      rows.map((r) => r.replyToId),
      rows.map((r) => r.groupKey),
      rows.map((r) => r.authorKey),
      rows.map((r) => r.clientId),
      rows.map((r) => r.history),
      rows.map((r) => r.automatic),
      rows.map((r) => r.occurredAt),
      rows.map((r) => String(r.version)),
      rows.map((r) => (r.letter === null ? null : wellFormed(r.letter))),
      rows.map((r) => r.fullText),
      rows.map((r) => r.joinedBy),
      rows.map((r) => r.byProgram),
    ],
  })
}

// jsonb refuses half a surrogate pair, which a name cut by its sender may end with.
function wellFormed(letter: Letter): string {
  return JSON.stringify(letter, (_name, value: unknown) =>
    typeof value === 'string' ? Buffer.from(value).toString() : value,
  )
}

export interface KnownMessage {
  readonly threadId: string
  readonly externalId: string
  readonly messageId: string
  readonly conversationId: string
}

/** Which of these platform ids are messages here already, the customer's or ours. Ours stand in their deliveries. */
export async function knownMessages(
  tx: Queryable,
  pairs: readonly { threadId: string; externalId: string }[],
): Promise<KnownMessage[]> {
  if (pairs.length === 0) return []
  const { rows } = await tx.query({
    name: 'message-known',
    text: `with k as (select * from unnest($1::bigint[], $2::text[]) k(thread_id, external_id))
      select m.thread_id as "threadId", m.external_id as "externalId", m.id as "messageId", m.conversation_id as "conversationId"
        from k join message m on m.thread_id = k.thread_id and m.external_id = k.external_id
      union all
      select d.thread_id, d.external_id, d.message_id, d.conversation_id
        from k join delivery d on d.thread_id = k.thread_id and d.external_id = k.external_id
      union all
      select a.thread_id, a.external_id, a.message_id, m.conversation_id
        from k join album_item a on a.thread_id = k.thread_id and a.external_id = k.external_id
        join message m on m.id = a.message_id`,
    values: [pairs.map((p) => p.threadId), pairs.map((p) => p.externalId)],
  })
  return rows
}

export interface DrawnIds {
  readonly messages: string[]
  readonly conversations: string[]
  readonly numbers: string[]
}

/** Ids drawn under the thread's lock rise in commit order within it, which is what cursors over a thread rely on. */
export async function drawIds(tx: Queryable, messages: number, conversations: number): Promise<DrawnIds> {
  const { rows } = await tx.query({
    name: 'ids-draw',
    text: `select array(select nextval('message_id_seq')::text from generate_series(1, $1::int)) as messages,
      array(select nextval('conversation_id_seq')::text from generate_series(1, $2::int)) as conversations,
      array(select nextval('conversation_number')::text from generate_series(1, $2::int)) as numbers`,
    values: [messages, conversations],
  })
  return rows[0] as DrawnIds
}

export interface NewAttachment {
  readonly messageId: string
  readonly ordinal: number
  readonly name: string
  readonly type: string
  readonly size: number | null
  readonly inline: boolean
  readonly ref: unknown
  readonly fileId: string | null
}

/** Rows, not bytes: those of pending ones are fetched by a job written in the same transaction. */
export async function insertAttachments(tx: Queryable, rows: readonly NewAttachment[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `with added as (
       insert into attachment (message_id, ordinal, name, type, size, inline, state, ref, file_id)
       select m, o, n, t, s, i, case when f is null then 'pending' else 'stored' end, r, f
         from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::boolean[], $7::json[], $8::bigint[])
           a(m, o, n, t, s, i, r, f) returning id, state)
     insert into job (kind, payload)
     select 'fetch-attachment', jsonb_build_object('attachmentId', id::text) from added where state = 'pending'`,
    [
      rows.map((r) => r.messageId),
      rows.map((r) => r.ordinal),
      rows.map((r) => r.name),
      rows.map((r) => r.type),
      rows.map((r) => r.size),
      rows.map((r) => r.inline),
      rows.map((r) => JSON.stringify(r.ref ?? null)),
      rows.map((r) => r.fileId),
    ],
  )
}
