import type { Join, Letter } from '../channel/contract.ts'
import type { Queryable } from './database.ts'
import { type DeliveryView, deliveriesOf } from './delivery.ts'

export interface AttachmentView {
  readonly id: string
  readonly fileId: string | null
  readonly name: string
  readonly type: string
  readonly size: number | null
  readonly inline: boolean
  readonly state: 'pending' | 'stored' | 'failed'
}

export interface MessageView {
  readonly id: string
  readonly conversationId: string
  readonly seq: string
  readonly direction: 'in' | 'out' | 'note'
  readonly senderType: 'contact' | 'agent' | 'bot' | 'system'
  readonly senderId: string | null
  readonly senderName: string | null
  readonly text: string
  readonly hasHtml: boolean
  readonly replyToId: string | null
  readonly clientId: string | null
  readonly reactions: Record<string, string[]> | null
  readonly history: boolean
  readonly occurredAt: Date
  readonly editedAt: Date | null
  readonly deletedAt: Date | null
  readonly deletedBy: string | null
  readonly attachments: AttachmentView[]
  readonly deliveries: DeliveryView[]
  readonly letter: Letter | null
  readonly subject: string | null
  /** There are words that `text` leaves out. */
  readonly hasMore: boolean
  readonly joinedBy: Join['by'] | null
  readonly byProgram: boolean
}

const columns = `m.id, m.conversation_id as "conversationId", m.seq, m.direction, m.sender_type as "senderType",
  case when m.sender_type = 'contact' then n.contact_id else m.sender_agent_id end as "senderId",
  case when m.sender_type = 'contact' then coalesce(nullif(k.name, ''), n.name)
    when m.sender_agent_id is null and m.author_key ~ '^token:[0-9]{1,18}$'
      then (select o.name from api_token o where o.id = substr(m.author_key, 7)::bigint)
    else a.name end as "senderName",
  case when m.deleted_at is null then m.text else '' end as text, m.html is not null and m.deleted_at is null as "hasHtml",
  m.reply_to_id as "replyToId", m.client_id as "clientId", m.reactions, m.history, m.occurred_at as "occurredAt",
  case when m.deleted_at is null then m.letter end as letter, case when m.deleted_at is null then m.subject end as subject,
  m.full_text is not null and m.deleted_at is null as "hasMore", m.joined_by as "joinedBy", m.by_program as "byProgram",
  m.edited_at as "editedAt", m.deleted_at as "deletedAt", m.deleted_by as "deletedBy",
  case when m.deleted_at is not null then '[]'::json else coalesce((select json_agg(json_build_object('id', t.id::text, 'fileId', t.file_id::text, 'name', t.name,
      'type', coalesce(f.type, t.type), 'size', coalesce(f.size, t.size), 'inline', t.inline, 'state', t.state)
      order by t.ordinal)
    from attachment t left join file f on f.id = t.file_id where t.message_id = m.id), '[]') end as attachments`
const joins = `left join identity n on n.id = m.sender_identity_id left join contact k on k.id = n.contact_id
  left join agent a on a.id = m.sender_agent_id`

export interface MessagePage {
  /** Exclusive seqs. */
  readonly before?: number | undefined
  readonly after?: number | undefined
  readonly limit: number
}

/** Ascending by seq: what follows `after`, else the newest ones before `before`. Whether the conversation may be seen is the caller's to ask. */
export async function listMessages(q: Queryable, conversationId: string, page: MessagePage): Promise<MessageView[]> {
  const forward = page.after !== undefined
  const { rows } = await q.query({
    name: `message-list-${forward ? 'forward' : 'back'}`,
    text: `select ${columns} from message m ${joins}
      where m.conversation_id = $1 and m.seq > $2 and m.seq < $3
      order by m.seq ${forward ? '' : 'desc'} limit $4`,
    values: [conversationId, page.after ?? 0, page.before ?? Number.MAX_SAFE_INTEGER, page.limit],
  })
  return withDeliveries(q, forward ? rows : rows.reverse())
}

export async function findMessage(q: Queryable, id: string): Promise<MessageView | null> {
  const { rows } = await q.query({
    name: 'message-find',
    text: `select ${columns} from message m ${joins} where m.id = $1`,
    values: [id],
  })
  const [message] = await withDeliveries(q, rows)
  return message ?? null
}

async function withDeliveries(q: Queryable, rows: Omit<MessageView, 'deliveries'>[]): Promise<MessageView[]> {
  const ours = rows.filter((row) => row.direction === 'out' || row.reactions !== null).map((row) => row.id)
  const deliveries = ours.length > 0 ? await deliveriesOf(q, ours) : []
  const byMessage = new Map<string, DeliveryView[]>()
  for (const delivery of deliveries) {
    const list = byMessage.get(delivery.messageId)
    if (list) list.push(delivery)
    else byMessage.set(delivery.messageId, [delivery])
  }
  return rows.map((row) => ({ ...row, deliveries: byMessage.get(row.id) ?? [] }))
}

export interface VersionView {
  readonly version: number
  readonly text: string
  readonly at: Date
  readonly actor: string
  readonly actorName: string | null
}

/** What a customer deleted stays hidden but where the inbox says how long it keeps it. */
export async function listVersions(q: Queryable, messageId: string, mayReadDeleted: boolean): Promise<VersionView[]> {
  const { rows } = await q.query(
    `select v.version, v.text, v.at, v.actor, a.name as "actorName"
     from message_version v join message m on m.id = v.message_id
     join conversation c on c.id = m.conversation_id join inbox i on i.id = c.inbox_id
     left join agent a on v.actor = 'agent:' || a.id
     where v.message_id = $1 and (m.deleted_at is null or ($2 and i.retention_days is not null)) order by v.version`,
    [messageId, mayReadDeleted],
  )
  return rows
}
