import type { Visibility } from '../domain/principal.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

export interface TimelineEntry {
  readonly messageId: string
  readonly conversationId: string
  readonly number: string
  readonly seq: string
  readonly channel: string
  readonly inboxId: string
  readonly at: Date
  readonly direction: 'in' | 'out'
  readonly senderType: 'contact' | 'agent' | 'bot' | 'system'
  readonly senderId: string | null
  readonly senderName: string | null
  readonly text: string
  readonly files: number
  readonly deleted: boolean
}

export interface TimelinePage {
  /** A message's id, exclusive. */
  readonly before?: string | undefined
  readonly limit: number
}

const shownCharacters = 300

/**
 * What this person said anywhere, and what we said to them: all of ours where only they can read it, in a group what was said in
 * conversations they began. In the order in which it arrived, newest first: each place gives its newest ones by its own index.
 */
export async function contactTimeline(
  q: Queryable,
  contactId: string,
  who: Visibility,
  page: TimelinePage,
): Promise<TimelineEntry[]> {
  const { ids, values } = messagesOf(contactId, who, page)
  const { rows } = await q.query(
    `select m.id as "messageId", m.conversation_id as "conversationId", c.number, m.seq, i.channel, c.inbox_id as "inboxId",
        m.occurred_at as at, m.direction, m.sender_type as "senderType",
        case when m.sender_type = 'contact' then n.contact_id else m.sender_agent_id end as "senderId",
        case when m.sender_type = 'contact' then coalesce(nullif(k.name, ''), n.name) else a.name end as "senderName",
        case when m.deleted_at is null then left(m.text, ${shownCharacters}) else '' end as text,
        case when m.deleted_at is null then (select count(*)::int from attachment t where t.message_id = m.id) else 0 end as files,
        m.deleted_at is not null as deleted
      from (${ids}) p join message m on m.id = p.id join conversation c on c.id = m.conversation_id
        join inbox i on i.id = c.inbox_id left join identity n on n.id = m.sender_identity_id
        left join contact k on k.id = n.contact_id left join agent a on a.id = m.sender_agent_id
      order by m.id desc`,
    values,
  )
  return rows as TimelineEntry[]
}

/** Of messages this principal may see, the ids of one page. */
export function messagesOf(contactId: string, who: Visibility, page: TimelinePage) {
  const values: unknown[] = [contactId, page.before ?? '9223372036854775807']
  const limit = Math.trunc(page.limit)
  const mine = `$${values.push(who.inboxIds)}::bigint[]`
  const seen = visible('c', who, values)
  const newest = (n: number) => `select m.id from message m join conversation c on c.id = m.conversation_id
        where m.thread_id = t.id and m.id < $2 and m.direction <> 'note' and ${seen}
          and (m.sender_identity_id in (select id from account) or (m.direction = 'out'
            and (t.audience = 'private' or c.opener_identity_id in (select id from account))))
        order by m.id desc limit ${n}`
  // The newest of all stand in as many places at most: those whose own newest one is newest.
  const ids = `with account as materialized (select id from identity where contact_id = $1)
    select x.id from (select t.* from (select distinct t.id, t.audience from account n
          join participant p on p.identity_id = n.id join thread t on t.id = p.thread_id where t.inbox_id = any(${mine})) t
        cross join lateral (${newest(1)}) x order by x.id desc limit ${limit}) t
      cross join lateral (${newest(limit)}) x
    order by x.id desc limit ${limit}`
  return { ids, values }
}
