import type { Visibility } from '../domain/principal.ts'
import { messagesOf } from './contact-timeline.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

/** Plain JSON, as it leaves. */
export type Exported = Readonly<Record<string, unknown>>

export async function exportedContact(q: Queryable, contactId: string): Promise<Exported> {
  const { rows } = await q.query(
    `select json_build_object('id', k.id::text, 'name', k.name, 'language', k.language, 'attributes', k.attributes,
        'createdAt', k.created_at, 'erasedAt', k.erased_at, 'accounts', (select coalesce(json_agg(json_build_object('channel', n.channel,
          'key', n.key, 'name', n.name, 'verifiedBy', n.verified_by, 'profile', n.profile, 'createdAt', n.created_at) order by n.id), '[]')
          from identity n where n.contact_id = k.id)) as contact
      from contact k where k.id = $1`,
    [contactId],
  )
  return (rows[0] as { contact: Exported }).contact
}

/** Those this principal may see: an export is a list like any other. */
export async function exportedConversations(q: Queryable, contactId: string, who: Visibility): Promise<Exported[]> {
  const values: unknown[] = [contactId]
  const { rows } = await q.query(
    `select json_build_object('id', c.id::text, 'number', c.number, 'channel', i.channel, 'inbox', i.name, 'status', c.status,
        'audience', c.audience, 'subject', c.subject, 'tags', c.tags, 'createdAt', c.created_at,
        'answers', (select coalesce(json_agg(json_build_object('label', w.label, 'value', w.value) order by w.position, w.key), '[]')
          from conversation_answer w where w.conversation_id = c.id), 'mailAddress', (select a.address from visitor_address a where a.thread_id = c.thread_id)) as it
      from conversation c join inbox i on i.id = c.inbox_id
      where c.opener_identity_id in (select id from identity where contact_id = $1) and ${visible('c', who, values)} order by c.id`,
    values,
  )
  return rows.map((row: { it: Exported }) => row.it)
}

export interface ExportedMessage {
  readonly id: string
  readonly attachments: readonly { readonly fileId: string | null; readonly name: string }[]
}

/** Newest first, a page at a time. What was deleted is here only as far as its inbox keeps it. */
export async function exportedMessages(
  q: Queryable,
  contactId: string,
  who: Visibility,
  page: { readonly before?: string | undefined; readonly limit: number },
): Promise<ExportedMessage[]> {
  const { ids, values } = messagesOf(contactId, who, page)
  const kept = '(m.deleted_at is null or i.retention_days is not null)'
  const { rows } = await q.query(
    `select json_build_object('id', m.id::text, 'conversationId', m.conversation_id::text, 'channel', i.channel,
        'at', m.occurred_at, 'direction', m.direction, 'from', case when m.sender_type = 'contact' then n.name else a.public_name end,
        'text', coalesce(m.full_text, m.text), 'html', m.html, 'subject', m.subject, 'letter', m.letter,
        'reactions', coalesce(array(select jsonb_array_elements_text(r.value) from jsonb_each(m.reactions) r), '{}'),
        'editedAt', m.edited_at, 'deletedAt', m.deleted_at,
        'versions', (select coalesce(json_agg(json_build_object('at', v.at, 'kind', v.kind, 'text', v.text, 'html', v.html)
            order by v.version), '[]') from message_version v where v.message_id = m.id and ${kept}),
        'attachments', (select coalesce(json_agg(json_build_object('name', t.name, 'type', coalesce(f.type, t.type),
            'size', coalesce(f.size, t.size), 'fileId', f.id::text) order by t.ordinal), '[]')
          from attachment t left join file f on f.id = t.file_id where t.message_id = m.id and ${kept})) as it
      from (${ids}) p join message m on m.id = p.id join conversation c on c.id = m.conversation_id
        join inbox i on i.id = c.inbox_id left join identity n on n.id = m.sender_identity_id left join agent a on a.id = m.sender_agent_id
      order by m.id desc`,
    values,
  )
  return rows.map((row: { it: ExportedMessage }) => row.it)
}
