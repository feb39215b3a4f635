import type { Status } from '../domain/conversation.ts'
import type { Queryable } from './database.ts'
import { hashSecret } from './secret.ts'
import { seenAs } from './team-name.ts'

/** A case as its customer may see it without signing in. */
export interface Progress {
  readonly linkId: string
  readonly conversationId: string
  readonly threadId: string
  readonly identityId: string | null
  readonly number: string
  readonly status: Status
  readonly language: string | null
  readonly inboxName: string
  readonly teamId: string | null
  readonly sees: string | null
  /** The public name of who has it. */
  readonly agentName: string | null
  readonly createdAt: Date
  /** Of an answer; null: none is promised. */
  readonly dueAt: Date | null
}

/**
 * null, whatever the reason: never given out, revoked, over for too long, erased, or others read along there. Of a case that was joined
 * with another one that one is shown.
 */
export async function findProgress(q: Queryable, token: string, now: Date): Promise<Progress | null> {
  const { rows } = await q.query({ name: 'progress', text: FIND, values: [hashSecret(token), now] })
  return (rows[0] as Progress | undefined) ?? null
}

const FIND = `select l.id as "linkId", c.id as "conversationId", l.thread_id as "threadId", l.identity_id as "identityId",
    c.number::text, c.status, coalesce(k.language, c.language) as language, i.name as "inboxName", c.team_id as "teamId",
    ${seenAs('coalesce(k.language, c.language)')} as sees, g.public_name as "agentName", c.created_at as "createdAt",
    case when c.due_kind in ('firstResponse', 'nextResponse') and c.due_at > $2 then c.due_at end as "dueAt"
  from progress_link l
  join conversation o on o.id = l.conversation_id
  join conversation c on c.id = coalesce(o.merged_into, o.id)
  join thread h on h.id = l.thread_id join inbox i on i.id = h.inbox_id
  left join team t on t.id = c.team_id left join agent g on g.id = c.assignee_id
  left join identity p on p.id = l.identity_id left join contact k on k.id = p.contact_id
  where l.token_hash = $1 and l.revoked_at is null and h.erased_at is null and k.erased_at is null
    and h.audience = 'private' and c.audience = 'private' and i.deleted_at is null
    and case when i.customer ? 'progressDays' then i.customer ->> 'progressDays' is not null else true end
    and (c.status <> 'resolved' or c.resolved_at + make_interval(days => coalesce((i.customer ->> 'progressDays')::int, 30)) > $2)`

export interface ProgressFile {
  readonly id: string
  readonly fileId: string
  readonly name: string
  readonly type: string
}

export interface ProgressMessage {
  readonly id: string
  readonly direction: 'in' | 'out'
  readonly senderType: 'contact' | 'agent' | 'bot' | 'system'
  readonly senderName: string | null
  readonly subject: string | null
  readonly text: string
  readonly at: Date
  readonly edited: boolean
  readonly deleted: boolean
  readonly files: readonly ProgressFile[]
}

type Place = Pick<Progress, 'conversationId' | 'threadId' | 'identityId'>

/**
 * Of messages `m`: what was said between this person ($3) and us in this place ($2) and case ($1), without notes and what was called
 * back before it left. Of letters only their own and those addressed to them: we may have asked somebody else in the same thread.
 */
const SHOWN = `m.conversation_id = $1 and m.thread_id = $2 and m.direction <> 'note'
  and (m.direction = 'in' or not exists (select from delivery d where d.message_id = m.id and d.operation = 'send')
    or exists (select from delivery d where d.message_id = m.id and d.operation = 'send' and d.state not in ('cancelled', 'held')))
  and (m.letter is null or (m.direction = 'in' and m.sender_identity_id = $3)
    or (m.direction = 'out' and exists (select from jsonb_array_elements(
        coalesce(m.letter -> 'to', '[]') || coalesce(m.letter -> 'cc', '[]')) r
      where lower(r ->> 'address') in (select lower(w.letter -> 'from' ->> 'address') from message w
        where w.thread_id = $2 and w.direction = 'in' and w.sender_identity_id = $3))))`

/** Ascending; the newest `limit`. */
export async function progressMessages(q: Queryable, at: Place, limit: number): Promise<ProgressMessage[]> {
  const { rows } = await q.query({
    name: 'progress-messages',
    text: `select m.id, m.direction, m.sender_type as "senderType", a.public_name as "senderName",
        case when m.deleted_at is null then m.subject end as subject,
        case when m.deleted_at is null then m.text else '' end as text, m.occurred_at as at,
        m.edited_at is not null as edited, m.deleted_at is not null as deleted,
        case when m.deleted_at is null then coalesce(f.files, '[]') else '[]' end as files
      from message m left join agent a on a.id = m.sender_agent_id
      left join lateral (select json_agg(json_build_object('id', t.id::text, 'fileId', t.file_id::text, 'name', t.name,
          'type', coalesce(f.type, t.type)) order by t.ordinal) as files
        from attachment t join file f on f.id = t.file_id where t.message_id = m.id) f on true
      where ${SHOWN} order by m.seq desc limit $4`,
    values: [at.conversationId, at.threadId, at.identityId, limit],
  })
  return (rows as ProgressMessage[]).reverse()
}

/** The id of a file, if this attachment stands in a message that is shown. */
export async function progressFile(q: Queryable, at: Place, attachmentId: string): Promise<string | null> {
  const { rows } = await q.query({
    name: 'progress-file',
    text: `select t.file_id as id from attachment t join message m on m.id = t.message_id
      where t.id = $4 and t.file_id is not null and m.deleted_at is null and ${SHOWN}`,
    values: [at.conversationId, at.threadId, at.identityId, attachmentId],
  })
  return (rows[0] as { id: string } | undefined)?.id ?? null
}
