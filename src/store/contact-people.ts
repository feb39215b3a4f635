import type { Visibility } from '../domain/principal.ts'
import { insertActivities } from './applied.ts'
import { contactSeen } from './contact.ts'
import type { Queryable } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

export async function seesContact(q: Queryable, id: string, who: Visibility): Promise<boolean> {
  return (await seenContacts(q, [id], who)).has(id)
}

export async function seenContacts(q: Queryable, ids: readonly string[], who: Visibility): Promise<Set<string>> {
  const values: unknown[] = [ids]
  const seen = contactSeen('k.id', who, values)
  const { rows } = await q.query(`select k.id from unnest($1::bigint[]) k(id) where ${seen}`, values)
  return new Set(rows.map((row: { id: string }) => row.id))
}

export interface LockedPeople {
  /** Identity -> the person it belongs to. */
  readonly identities: ReadonlyMap<string, string>
  /** Who is no part of another person, and was not erased. */
  readonly apart: ReadonlySet<string>
}

/**
 * Everything of these people, in the order of T1: their threads, accounts, themselves. Whoever receives for one of them waits, or
 * is waited for; nothing is read before it is locked but which threads and accounts there are.
 */
export async function lockPeople(tx: Queryable, contactIds: readonly string[]): Promise<LockedPeople> {
  await tx.query(
    `select t.id from thread t where t.id in (select p.thread_id from participant p join identity n on n.id = p.identity_id
        where n.contact_id = any($1::bigint[])) order by t.key collate "C", t.id for no key update`,
    [contactIds],
  )
  const accounts = await tx.query(
    `select id, contact_id as "contactId" from identity where contact_id = any($1::bigint[]) order by id for no key update`,
    [contactIds],
  )
  const people = await tx.query(
    `select id, coalesce(merged_into, case when erased_at is not null then id end) as "mergedInto" from contact
      where id = any($1::bigint[]) order by id for no key update`,
    [contactIds],
  )
  const rows = accounts.rows as { id: string; contactId: string }[]
  const found = people.rows as { id: string; mergedInto: string | null }[]
  return {
    identities: new Map(rows.map(({ id, contactId }) => [id, contactId])),
    apart: new Set(found.filter(({ mergedInto }) => mergedInto === null).map(({ id }) => id)),
  }
}

/** The person that this one is part of by now: itself, or who it went into, and so on. */
export async function presentPerson(q: Queryable, id: string): Promise<string> {
  const { rows } = await q.query(
    `with recursive up as (
        select id, merged_into, 0 as n from contact where id = $1
        union all select k.id, k.merged_into, up.n + 1 from up join contact k on k.id = up.merged_into)
      select id from up order by n desc limit 1`,
    [id],
  )
  return (rows[0] as { id: string } | undefined)?.id ?? id
}

export interface Change {
  readonly kind: 'contactMerged' | 'contactUnmerged'
  readonly actor: string
  readonly mergeId: string
  /** Ids and our own words; never a customer's. */
  readonly data: Record<string, unknown>
  /** Whose conversations show another person now. */
  readonly moved: readonly string[]
  /** The others' accounts. */
  readonly stayed: readonly string[]
}

interface Opened {
  readonly id: string
  readonly inboxId: string
  readonly lastSeq: string
  readonly status: string
  readonly lastActivityAt: Date
  readonly moved: boolean
}

/** Browsers fetch anew what shows another person now; what is unfinished on both sides, else the newest, tells why. Answers which it raised. */
export async function announcePeople(tx: Queryable, change: Change): Promise<string[]> {
  const { kind, actor, mergeId, moved, stayed } = change
  const opened = await tx.query(
    `select id, inbox_id as "inboxId", last_seq as "lastSeq", status, last_activity_at as "lastActivityAt",
        opener_identity_id = any($1::bigint[]) as moved
      from conversation where opener_identity_id = any($2::bigint[]) and merged_into is null order by id for no key update`,
    [moved, [...moved, ...stayed]],
  )
  const rows = opened.rows as Opened[]
  const telling = new Set([true, false].flatMap((side) => tellers(rows.filter((row) => row.moved === side))))
  const touched = rows.filter((row) => row.moved || telling.has(row.id))
  const { rows: raised } = await tx.query(
    'update conversation set version = version + 1 where id = any($1::bigint[]) returning id, version',
    [touched.map(({ id }) => id)],
  )
  const versions = new Map(raised.map((row: { id: string; version: string }) => [row.id, row.version]))
  const versionOf = (id: string) => versions.get(id) ?? '0'
  await insertActivities(
    tx,
    touched
      .filter(({ id }) => telling.has(id))
      .map(({ id, lastSeq }) => ({
        ...{ conversationId: id, version: BigInt(versionOf(id)), afterSeq: BigInt(lastSeq), kind, actor },
        data: { ...change.data, mergeId },
      })),
  )
  await insertFeed(
    tx,
    touched.map(({ id, inboxId }) => ({
      ...{ kind: 'conversation.updated' as const, inboxId, conversationId: id, version: versionOf(id) },
      data: { [kind]: mergeId },
    })),
  )
  await notify(tx, ['feed'])
  return touched.map(({ id }) => id)
}

function tellers(rows: readonly Opened[]): string[] {
  const unfinished = rows.filter(({ status }) => status !== 'resolved' && status !== 'spam')
  if (unfinished.length > 0) return unfinished.map(({ id }) => id)
  const [newest] = [...rows].sort((a, b) => b.lastActivityAt.getTime() - a.lastActivityAt.getTime())
  return newest ? [newest.id] : []
}
