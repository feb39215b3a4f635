import type { Visibility } from '../domain/principal.ts'
import { type ContactView, contactColumns, contactSeen } from './contact.ts'
import type { Queryable } from './database.ts'

export interface ContactPage {
  /** The beginning of a name, of the contact or of an account, or a whole mail address. */
  readonly q?: string | undefined
  /** Exclusive. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Who searches by a letter that half the world begins with will type another one. */
const mostFound = 1_000

/** Newest first; nobody whose data was erased. */
export async function listContacts(q: Queryable, who: Visibility, page: ContactPage): Promise<ContactView[]> {
  const values: unknown[] = [page.before ?? null]
  const words = page.q?.trim() ?? ''
  const found = words === '' ? 'contact' : foundBy(words, who, values)
  const seen = contactSeen('k.id', who, values)
  const { rows } = await q.query(
    `select ${contactColumns} from ${found} k where ($1::bigint is null or k.id < $1) and k.erased_at is null and ${seen}
      order by k.id desc limit ${Math.trunc(page.limit)}`,
    values,
  )
  return rows as ContactView[]
}

/** Ranges, not `like`: a plan that does not know the pattern could not use the index. */
function foundBy(words: string, who: Visibility, values: unknown[]): string {
  const text = `lower($${values.push(words)}::text)`
  const given = `left(${text}, 100)`
  const seen = contactSeen('x.id', who, values)
  const begins = (name: string) =>
    `left(lower(${name}), 100) collate "C" >= ${given} and left(lower(${name}), 100) collate "C" < ${given} || chr(1114111)`
  return `(select o.* from (
      (select x.id from contact x where ${begins('x.name')} and ${seen} limit ${mostFound})
      union (select x.id from (select contact_id as id from identity o where ${begins('o.name')}) x where ${seen} limit ${mostFound})
      union (select contact_id from identity o where o.profile -> 'email' is not null
        and left(lower(o.profile -> 'email' ->> 'address'), 254) = left(${text}, 254) limit ${mostFound})
    ) f join contact o on o.id = f.id)`
}
