import type { Visibility } from '../domain/principal.ts'
import type { Queryable } from './database.ts'
import { hashSecret } from './secret.ts'
import { visible } from './visibility.ts'

export interface NewProgressLink {
  readonly conversationId: string
  readonly threadId: string
  readonly identityId: string | null
  /** Only its hash is kept. */
  readonly token: string
  /** 'agent:7'; 'system'. */
  readonly createdBy: string
  readonly now: Date
}

export async function insertProgressLink(q: Queryable, link: NewProgressLink): Promise<string> {
  const { rows } = await q.query({
    name: 'progress-link-new',
    text: `insert into progress_link (conversation_id, thread_id, identity_id, token_hash, created_by, created_at)
      values ($1, $2, $3, $4, $5, $6) returning id`,
    values: [link.conversationId, link.threadId, link.identityId, hashSecret(link.token), link.createdBy, link.now],
  })
  return (rows[0] as { id: string }).id
}

/** Where the customer of a conversation stands, as far as a page about it may exist: alone with us, and not erased. */
export async function progressPlace(q: Queryable, conversationId: string, who: Visibility) {
  const values: unknown[] = [conversationId]
  const seen = visible('c', who, values)
  const { rows } = await q.query(
    `select c.id, c.merged_into is null and h.audience = 'private' and c.audience = 'private' and h.erased_at is null
        and (not (i.customer ? 'progressDays') or i.customer ->> 'progressDays' is not null) as may,
        h.id as "threadId", coalesce(a.sender_identity_id, c.opener_identity_id) as "identityId"
      from conversation c
      left join lateral (select thread_id, sender_identity_id from message m where m.conversation_id = c.id
        and m.direction = 'in' order by m.seq desc limit 1) a on true
      join thread h on h.id = coalesce(a.thread_id, c.thread_id) join inbox i on i.id = h.inbox_id
      where c.id = $1 and ${seen}`,
    values,
  )
  return (rows[0] as { id: string; may: boolean; threadId: string; identityId: string | null } | undefined) ?? null
}

export interface ProgressLinkRow {
  readonly id: string
  readonly conversationId: string
  readonly createdBy: string
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

/** Also those of cases that were joined to it: they show it now. */
export async function progressLinksOf(q: Queryable, conversationId: string): Promise<ProgressLinkRow[]> {
  const { rows } = await q.query({
    name: 'progress-links',
    text: `select id, conversation_id as "conversationId", created_by as "createdBy", created_at as "createdAt",
        revoked_at as "revokedAt" from progress_link
      where conversation_id = $1 or conversation_id in (select id from conversation where merged_into = $1)
      order by id desc limit 100`,
    values: [conversationId],
  })
  return rows as ProgressLinkRow[]
}

/** False: there is none for them. */
export async function revokeProgressLink(q: Queryable, id: string, who: Visibility, now: Date): Promise<boolean> {
  const values: unknown[] = [id, now]
  const seen = visible('c', who, values)
  const { rowCount } = await q.query(
    `update progress_link l set revoked_at = coalesce(l.revoked_at, $2) from conversation c
      where l.id = $1 and c.id = l.conversation_id and ${seen}`,
    values,
  )
  return rowCount === 1
}
