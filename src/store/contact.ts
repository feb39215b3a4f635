import type { Visibility } from '../domain/principal.ts'
import { isVip } from './contact-owner.ts'
import { speakLanguage } from './contact-standing.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'
import { visible } from './visibility.ts'

export interface AccountView {
  readonly id: string
  readonly channel: string
  readonly name: string
  readonly verifiedBy: string | null
  readonly email: string | null
  /** What the channel tells of it: a handle, a nickname, roles. */
  readonly profile: Readonly<Record<string, string>>
}

export interface ContactView {
  readonly id: string
  readonly name: string
  /** A file's id. */
  readonly picture: string | null
  readonly language: string | null
  readonly vip: boolean
  readonly createdAt: Date
  readonly erasedAt: Date | null
  readonly identities: readonly AccountView[]
}

/** Of `contact k`. */
export const contactColumns = `k.id, coalesce(nullif(k.name, ''), (select name from identity where contact_id = k.id order by id limit 1), '') as name,
  k.language, ${isVip} as vip, k.created_at as "createdAt", k.erased_at as "erasedAt",
  (select g.file_id::text from identity n join identity_picture g on g.identity_id = n.id
    where n.contact_id = k.id and g.file_id is not null order by n.id limit 1) as picture,
  (select coalesce(json_agg(json_build_object('id', n.id::text, 'channel', n.channel, 'name', n.name,
      'verifiedBy', n.verified_by, 'email', n.profile -> 'email' ->> 'address',
      'profile', (select coalesce(json_object_agg(a.key, a.value) filter (where jsonb_typeof(a.value) = 'string' and a.value <> '""'), '{}')
        from jsonb_each(n.profile) a)) order by n.id), '[]')
    from identity n where n.contact_id = k.id) as identities`

/** A person is seen by whoever sees one of their conversations. */
export function contactSeen(contact: string, who: Visibility, values: unknown[]): string {
  return `exists (select from identity n join participant p on p.identity_id = n.id
    join conversation c on c.thread_id = p.thread_id where n.contact_id = ${contact} and ${visible('c', who, values)})`
}

export async function findContact(q: Queryable, id: string, who: Visibility): Promise<ContactView | null> {
  const values: unknown[] = [id]
  const seen = contactSeen('k.id', who, values)
  const { rows } = await q.query(`select ${contactColumns} from contact k where k.id = $1 and ${seen}`, values)
  return (rows[0] as ContactView | undefined) ?? null
}

export interface ContactPatch {
  readonly name?: string | undefined
  readonly language?: string | null | undefined
}

/** The caller has asked whether it may be seen. What was erased stays without a name. */
export async function changeContact(db: Database, id: string, patch: ContactPatch): Promise<void> {
  await transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update contact set name = coalesce($2, name), language = case when $3 then $4 else language end
        where id = $1 and erased_at is null`,
      [id, patch.name ?? null, patch.language !== undefined, patch.language ?? null],
    )
    if (rowCount !== 1) return
    const raised = patch.name === undefined ? [] : await tellOfContact(tx, id)
    if (patch.language) await speakLanguage(tx, { contactId: id, language: patch.language, raised })
  })
}

// Pages that show older ones read them again when they are opened.
const mostTold = 200

/** Lists and open pages show who somebody is: their conversations are different now. Answers their ids. */
async function tellOfContact(tx: Queryable, contactId: string): Promise<string[]> {
  const { rows } = await tx.query(
    `with theirs as (select c.id from identity n join conversation c on c.opener_identity_id = n.id
        where n.contact_id = $1 order by c.id desc limit ${mostTold}),
      locked as (select id from conversation where id in (select id from theirs) order by id for no key update)
    update conversation c set version = version + 1 from locked where c.id = locked.id
    returning c.id as "conversationId", c.inbox_id as "inboxId", c.version`,
    [contactId],
  )
  const changed = rows as { conversationId: string; inboxId: string; version: string }[]
  await insertFeed(
    tx,
    changed.map((row) => ({ kind: 'conversation.updated', ...row })),
  )
  await notify(tx, ['feed'])
  return changed.map(({ conversationId }) => conversationId)
}
