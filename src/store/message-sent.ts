import type { Audience } from '../channel/contract.ts'
import type { Queryable } from './database.ts'
import type { DeliveryState } from './delivery.ts'
import { folded } from './delivery-receipts.ts'
import type { MessageRow } from './message-change.ts'

export interface SentPart {
  readonly part: number
  readonly state: DeliveryState
  readonly externalId: string | null
  /** What else the platform made of this part. */
  readonly more: readonly string[]
  /** What the platform was last told to show there; a refused change does not count. */
  readonly payload: unknown
}

/** A message with all that changing it takes. */
export interface ChangeableMessage extends MessageRow {
  readonly authorKey: string
  readonly senderAgentId: string | null
  readonly inboxId: string
  readonly threadId: string
  readonly key: string
  readonly kind: string
  readonly audience: Audience
  readonly place: string
  /** The platform's id, where it is a customer's. */
  readonly externalId: string | null
  /** The platform's id of what it answers. */
  readonly replyTo: string | null
  readonly choices: readonly { readonly id: string; readonly label: string }[] | null
  readonly fileIds: readonly string[]
  readonly retentionDays: number | null
  /** Where it was sent, in order; none for a note and for what came in. */
  readonly parts: readonly SentPart[]
}

const PARTS = `select coalesce(json_agg(json_build_object('part', d.part, 'state', d.state, 'externalId', d.external_id,
    'more', array(select external_id from album_item where delivery_id = d.id order by ordinal),
    'payload', coalesce((select e.payload -> 'payload' from delivery e
      where e.message_id = d.message_id and e.part = d.part and e.operation = 'edit' and e.state not in ('failed', 'cancelled')
      order by e.id desc limit 1), d.payload -> 'payload')) order by d.part), '[]')
  from delivery d where d.message_id = m.id and d.operation = 'send' and not exists (
    select 1 from delivery r where r.message_id = d.message_id and r.part = d.part and r.operation = 'remove'
      and r.state not in ('failed', 'cancelled'))`

/** Under the thread's lock it stays as it was read. */
export async function changeableMessage(q: Queryable, messageId: string): Promise<ChangeableMessage | null> {
  const { rows } = await q.query({
    name: 'message-changeable',
    text: `select m.id, m.conversation_id as "conversationId", m.seq, m.direction, m.sender_identity_id as "senderIdentityId",
        m.text, m.html, m.reactions, m.occurred_at as "occurredAt", m.edited_at as "editedAt", m.deleted_at as "deletedAt",
        m.author_key as "authorKey", m.sender_agent_id as "senderAgentId", m.choices, m.external_id as "externalId",
        t.inbox_id as "inboxId", t.id as "threadId", t.key, t.kind, t.audience, t.place, i.retention_days as "retentionDays",
        coalesce(a.external_id, (select d.external_id from delivery d where d.message_id = a.id and d.operation = 'send'
          and d.external_id is not null order by d.part limit 1)) as "replyTo",
        array(select f.file_id::text from attachment f where f.message_id = m.id and f.file_id is not null order by f.ordinal)
          as "fileIds",
        (${PARTS}) as parts
      from message m join thread t on t.id = m.thread_id join inbox i on i.id = t.inbox_id
      left join message a on a.id = m.reply_to_id
      where m.id = $1`,
    values: [messageId],
  })
  return (rows[0] as ChangeableMessage | undefined) ?? null
}

/**
 * What one of our messages says after the platform reports that the part with this id now reads `text`. null: that is what we
 * told it to say, so nothing changed.
 */
export async function wordsAfter(
  q: Queryable,
  { threadId, externalId, text }: { threadId: string; externalId: string; text: string },
): Promise<string | null> {
  const { rows } = await q.query({
    name: 'message-words-after',
    text: `select p.external_id = $2 as named, array(select w.payload ->> 'text' from delivery w
          where w.message_id = p.message_id and w.part = p.part and w.operation in ('send', 'edit') order by w.id desc) as said
      from delivery s join delivery p on p.message_id = s.message_id and p.operation = 'send'
      where s.thread_id = $1 and s.external_id = $2 order by p.part`,
    values: [threadId, externalId],
  })
  // Of an album only the first carries our words.
  if (rows.length === 0 && (await isFurtherOfOurs(q, threadId, externalId))) return null
  const parts = rows as { named: boolean | null; said: string[] }[]
  const named = parts.find((part) => part.named)
  if (named?.said.some((said) => folded(said) === folded(text))) return null
  return parts.length < 2 ? text : parts.map((part) => (part.named ? text : (part.said[0] ?? ''))).join('\n\n')
}

async function isFurtherOfOurs(q: Queryable, threadId: string, externalId: string): Promise<boolean> {
  const { rowCount } = await q.query({
    name: 'message-album-ours',
    text: 'select 1 from album_item where thread_id = $1 and external_id = $2 and delivery_id is not null',
    values: [threadId, externalId],
  })
  return rowCount === 1
}
