import type { Visibility } from '../domain/principal.ts'
import { moveInQueues } from './contact-owner.ts'
import { announcePeople, lockPeople, presentPerson, seenContacts, seesContact } from './contact-people.ts'
import { bringStanding, returnStanding } from './contact-standing.ts'
import { type Evidence, evidenceBetween } from './contact-suggestion.ts'
import { type Database, isTransient, type Queryable, transaction } from './database.ts'
import { usedLinkCode } from './link-code.ts'

export interface ContactMerge {
  readonly keptId: string
  /** Its accounts go; its row stays. */
  readonly mergedId: string
  /** null: the customer's own act. */
  readonly who: Visibility | null
  /** 'agent:7', 'contact'. */
  readonly actor: string
}

export type ContactMergeResult =
  | { readonly kind: 'merged'; readonly mergeId: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'itself' }

/** Two people become one: only accounts are repointed, so all that was said follows them, and can go back. */
export function mergeContacts(db: Database, merge: ContactMerge): Promise<ContactMergeResult> {
  if (merge.keptId === merge.mergedId) return Promise.resolve({ kind: 'itself' })
  return unhurried(() => transaction(db, (tx) => mergeLocked(tx, merge, null)))
}

/** By a code that the customer wrote. Done twice it is done once. */
export async function mergeByCode(db: Database, codeId: string): Promise<void> {
  await unhurried(() =>
    transaction(db, async (tx) => {
      const used = await usedLinkCode(tx, codeId)
      if (!used) return
      const { rows } = await tx.query('select contact_id as id from identity where id = $1', [used.identityId])
      const mergedId = (rows[0] as { id: string }).id
      const keptId = await presentPerson(tx, used.contactId)
      if (keptId === mergedId) return
      await mergeLocked(tx, { keptId, mergedId, who: null, actor: 'contact' }, used.identityId)
    }),
  )
}

const TRIES = 5

/** A batch that comes in while people are put together may meet it crosswise; PostgreSQL ends one of the two. */
export async function unhurried<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (tried === TRIES || !isTransient(error)) throw error
    }
  }
}

/** `wrote`: the account that wrote the code; it is nobody's claim any more. */
async function mergeLocked(tx: Queryable, merge: ContactMerge, wrote: string | null): Promise<ContactMergeResult> {
  const { keptId, mergedId, who, actor } = merge
  const { identities, apart } = await lockPeople(tx, [keptId, mergedId])
  if (!apart.has(keptId) || !apart.has(mergedId)) return { kind: 'unknown' }
  if (who !== null && (await seenContacts(tx, [keptId, mergedId], who)).size < 2) return { kind: 'unknown' }
  const found = await evidenceBetween(tx, keptId, mergedId)
  const evidence: Evidence[] = wrote === null ? found : [{ kind: 'code', value: '' }, ...found]
  if (evidence.length === 0) evidence.push({ kind: 'byHand', value: '' })
  const of = (contactId: string) => [...identities].flatMap(([id, owner]) => (owner === contactId ? [id] : []))
  const [stayed, moved] = [of(keptId), of(mergedId)]
  const { rows } = await tx.query(
    `insert into contact_merge (kept_id, merged_id, evidence, merged_by) values ($1, $2, $3, $4) returning id`,
    [keptId, mergedId, JSON.stringify(evidence), actor],
  )
  const mergeId = (rows[0] as { id: string }).id
  await tx.query(
    `insert into contact_merge_identity (merge_id, identity_id, verified)
      select $1, id, coalesce(id = $3::bigint, false) and verified_by is null from identity where id = any($2::bigint[])`,
    [mergeId, moved, wrote],
  )
  await tx.query(
    `update identity set contact_id = $1, verified_by = case when id = $3::bigint then coalesce(verified_by, 'code') else verified_by end
      where id = any($2::bigint[])`,
    [keptId, moved, wrote],
  )
  await tx.query('update contact set merged_into = $1 where id = $2', [keptId, mergedId])
  await bringStanding(tx, { mergeId, keptId, mergedId })
  const because = [...new Set(evidence.map(({ kind }) => kind))]
  const raised = await announcePeople(tx, { kind: 'contactMerged', actor, mergeId, data: { because }, moved, stayed })
  await moveInQueues(tx, [keptId], { raised })
  return { kind: 'merged', mergeId }
}

export interface ContactUnmerge {
  /** Whom it went into, or whom that one went into. */
  readonly contactId: string
  readonly mergeId: string
  readonly who: Visibility
  readonly actor: string
}

export type ContactUnmergeResult =
  | { readonly kind: 'unmerged'; readonly contactId: string }
  | { readonly kind: 'unknown' }
  /** None of its accounts is there any more: something else took them away. */
  | { readonly kind: 'movedOn' }

/** Exactly the accounts that it brought go back, wherever further merges have taken them since. */
export function unmergeContacts(db: Database, wish: ContactUnmerge): Promise<ContactUnmergeResult> {
  return unhurried(() => transaction(db, (tx) => unmergeLocked(tx, wish)))
}

async function unmergeLocked(tx: Queryable, wish: ContactUnmerge): Promise<ContactUnmergeResult> {
  const { contactId, mergeId, who, actor } = wish
  const mergedId = await standingMerge(tx, mergeId)
  if (mergedId === null || (await presentPerson(tx, mergedId)) !== contactId) return { kind: 'unknown' }
  const { identities } = await lockPeople(tx, [contactId, mergedId])
  // What was read before the locks may have changed meanwhile.
  const stands = (await standingMerge(tx, mergeId)) !== null && (await presentPerson(tx, mergedId)) === contactId
  if (!stands || !(await seesContact(tx, contactId, who))) return { kind: 'unknown' }
  const brought = await tx.query('select identity_id as id from contact_merge_identity where merge_id = $1', [mergeId])
  const moved = brought.rows.flatMap(({ id }: { id: string }) => (identities.get(id) === contactId ? [id] : []))
  if (moved.length === 0) return { kind: 'movedOn' }
  await returnStanding(tx, mergeId)
  await putBack(tx, { mergeId, mergedId, moved, actor })
  const stayed = [...identities.keys()].filter((id) => !moved.includes(id))
  const raised = await announcePeople(tx, { kind: 'contactUnmerged', actor, mergeId, data: {}, moved, stayed })
  await moveInQueues(tx, [contactId, mergedId], { raised })
  return { kind: 'unmerged', contactId: mergedId }
}

/** Who went, by a merge that was not undone. */
async function standingMerge(tx: Queryable, mergeId: string): Promise<string | null> {
  const { rows } = await tx.query(
    'select merged_id as "mergedId" from contact_merge where id = $1 and undone_at is null',
    [mergeId],
  )
  return (rows[0] as { mergedId: string } | undefined)?.mergedId ?? null
}

interface Return {
  readonly mergeId: string
  readonly mergedId: string
  readonly moved: readonly string[]
  readonly actor: string
}

async function putBack(tx: Queryable, { mergeId, mergedId, moved, actor }: Return): Promise<void> {
  await tx.query(
    `update identity n set contact_id = $2, verified_by = case when i.verified then null else n.verified_by end
      from contact_merge_identity i where i.merge_id = $1 and i.identity_id = n.id and n.id = any($3::bigint[])`,
    [mergeId, mergedId, moved],
  )
  // What later merges took along is theirs no more: to undo one of them must not take it from where it is now.
  await tx.query(
    `delete from contact_merge_identity i using contact_merge m
      where m.id = i.merge_id and m.undone_at is null and m.id > $1 and i.identity_id = any($2::bigint[])`,
    [mergeId, moved],
  )
  await tx.query('update contact set merged_into = null where id = $1', [mergedId])
  await tx.query('update contact_merge set undone_by = $2, undone_at = now() where id = $1', [mergeId, actor])
}
