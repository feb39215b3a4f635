import type { Visibility } from '../domain/principal.ts'
import { seenContacts } from './contact-people.ts'
import type { Queryable } from './database.ts'

export interface Evidence {
  /** The same verified address, the same person by the operator's own signature, a code, somebody of ours said so. */
  readonly kind: 'email' | 'signed' | 'code' | 'byHand'
  /** Empty where there is nothing to show. */
  readonly value: string
}

export interface MergeSuggestion {
  readonly contact: { readonly id: string; readonly name: string; readonly accounts: Account[] }
  readonly evidence: (Evidence & { readonly kind: 'email' | 'signed' })[]
}
interface Account {
  readonly channel: string
  readonly name: string
}

// Only what somebody vouched for; a claim never says who a person is. Staff are no customers.
const ADDRESS = (alias: string) => `lower(${alias}.profile -> 'email' ->> 'address')`
const VERIFIED = (alias: string) => `${alias}.profile -> 'email' ->> 'verified' = 'true'`
const SAME = `select o.contact_id, 'email' as kind, ${ADDRESS('o')} as value
    from identity n join identity o on ${ADDRESS('o')} = ${ADDRESS('n')} and ${VERIFIED('o')}
    where n.contact_id = $1 and ${VERIFIED('n')} and n.agent_id is null and o.agent_id is null and o.contact_id <> $1
  union
  select o.contact_id, 'signed', o.profile ->> 'subject'
    from identity n join identity o on o.profile ->> 'subject' = n.profile ->> 'subject' and o.profile ->> 'subject' is not null
    where n.contact_id = $1 and n.profile ->> 'subject' is not null and n.verified_by is not null and o.verified_by is not null
      and n.agent_id is null and o.agent_id is null and o.contact_id <> $1`

/** Most for one person; more accounts with one address say that the address is nobody's own. */
const MOST = 10

/** Who may be the same person, with the reason. Without those that somebody said no to and those `who` may not see. */
export async function mergeSuggestions(q: Queryable, contactId: string, who: Visibility): Promise<MergeSuggestion[]> {
  const { rows } = await q.query(
    `with same as (${SAME})
      select s.contact_id as "contactId", json_agg(json_build_object('kind', s.kind, 'value', s.value) order by s.kind) as evidence
      from same s where not exists (select from contact_dismissal d
        where d.contact_id = least($1::bigint, s.contact_id) and d.other_id = greatest($1::bigint, s.contact_id))
      group by s.contact_id order by s.contact_id limit 50`,
    [contactId],
  )
  const found = rows as { contactId: string; evidence: MergeSuggestion['evidence'] }[]
  if (found.length === 0) return []
  const seen = await seenContacts(
    q,
    found.map((one) => one.contactId),
    who,
  )
  const shown = found.filter((one) => seen.has(one.contactId)).slice(0, MOST)
  const people = await described(
    q,
    shown.map((one) => one.contactId),
  )
  return shown.map(({ contactId: id, evidence }) => {
    const { name, accounts } = people.get(id) ?? { name: '', accounts: [] }
    return { contact: { id, name, accounts }, evidence }
  })
}

/** What speaks for these two being one. */
export async function evidenceBetween(q: Queryable, contactId: string, otherId: string): Promise<Evidence[]> {
  const { rows } = await q.query(
    `with same as (${SAME}) select kind, value from same where contact_id = $2 order by kind, value`,
    [contactId, otherId],
  )
  return rows
}

/** Both ways; to say it twice is to say it once. */
export async function dismissSuggestion(
  q: Queryable,
  { contactId, otherId, actor }: { contactId: string; otherId: string; actor: string },
): Promise<void> {
  await q.query(
    `insert into contact_dismissal (contact_id, other_id, dismissed_by)
      values (least($1::bigint, $2::bigint), greatest($1::bigint, $2::bigint), $3) on conflict do nothing`,
    [contactId, otherId, actor],
  )
}

async function described(q: Queryable, ids: readonly string[]) {
  const { rows } = await q.query(
    `select k.id, coalesce(nullif(k.name, ''), min(n.name) filter (where n.name <> ''), '') as name,
        coalesce(json_agg(json_build_object('channel', n.channel, 'name', n.name) order by n.id)
          filter (where n.id is not null), '[]') as accounts
      from contact k left join identity n on n.contact_id = k.id where k.id = any($1::bigint[]) group by k.id`,
    [ids],
  )
  const people = rows as { id: string; name: string; accounts: Account[] }[]
  return new Map(people.map((person) => [person.id, person]))
}

export interface StandingMerge {
  readonly id: string
  readonly at: Date
  /** The colleague; null: the customer's own code, or a program. */
  readonly by: string | null
  /** Of the person that went into this one. */
  readonly name: string
  readonly evidence: Evidence[]
}

/** Every merge that made this person, newest first; each can be undone. */
export async function mergesOf(q: Queryable, contactId: string): Promise<StandingMerge[]> {
  const { rows } = await q.query(
    `with recursive whole as (
        select $1::bigint as id union select k.id from whole w join contact k on k.merged_into = w.id)
      select m.id, m.merged_at as at, a.name as by, m.evidence,
        coalesce(nullif(k.name, ''), (select min(n.name) from contact_merge_identity i join identity n on n.id = i.identity_id
          where i.merge_id = m.id and n.name <> ''), '') as name
      from whole w join contact_merge m on m.merged_id = w.id and m.undone_at is null join contact k on k.id = m.merged_id
        left join agent a on a.id = case when m.merged_by ~ '^agent:[0-9]{1,18}$' then substr(m.merged_by, 7)::bigint end
      where w.id <> $1 order by m.id desc`,
    [contactId],
  )
  return rows
}
