import type { Visibility } from '../domain/principal.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

export interface ContactView {
  readonly id: string
  readonly name: string
  /** A file's id. */
  readonly picture: string | null
  readonly createdAt: Date
  readonly identities: {
    readonly id: string
    readonly channel: string
    readonly name: string
    readonly verifiedBy: string | null
    readonly email: string | null
  }[]
}

/** A person is seen by whoever sees one of their conversations. */
export async function findContact(q: Queryable, id: string, who: Visibility): Promise<ContactView | null> {
  const values: unknown[] = [id]
  const seen = visible('c', who, values)
  const { rows } = await q.query(
    `select k.id, coalesce(nullif(k.name, ''), (select name from identity where contact_id = k.id order by id limit 1), '') as name,
       (select g.file_id::text from identity n join identity_picture g on g.identity_id = n.id
         where n.contact_id = k.id and g.file_id is not null order by n.id limit 1) as picture,
       k.created_at as "createdAt",
       (select coalesce(json_agg(json_build_object('id', n.id::text, 'channel', n.channel, 'name', n.name,
          'verifiedBy', n.verified_by, 'email', n.profile -> 'email' ->> 'address') order by n.id), '[]')
        from identity n where n.contact_id = k.id) as identities
     from contact k where k.id = $1 and exists (
       select from identity n join participant p on p.identity_id = n.id
         join conversation c on c.thread_id = p.thread_id where n.contact_id = k.id and ${seen})`,
    values,
  )
  return rows[0] ?? null
}
