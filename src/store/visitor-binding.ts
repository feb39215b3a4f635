import type { Sender, ThreadRef } from '../channel/contract.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'
import { profileOf, resolveIdentities } from './identity.ts'
import { renameThread, type ThreadRow } from './thread.ts'

export interface Binding {
  readonly inboxId: string
  readonly channel: string
  /** The visitor before and after the website said who it is. */
  readonly anonymous: { readonly sender: Sender; readonly thread: ThreadRef }
  readonly person: { readonly sender: Sender; readonly thread: ThreadRef }
}

/**
 * What an unknown visitor said becomes the signed-in person's: the same contact, and the same place unless the person has
 * one already. Locks in the order of T1: thread, identity, contact, conversation.
 */
export async function bindVisitor(db: Database, binding: Binding): Promise<void> {
  await transaction(db, async (tx) => {
    const { inboxId, channel, anonymous, person } = binding
    const threads = await lockBoth(tx, inboxId, [anonymous.thread.key, person.thread.key])
    const before = threads.find((thread) => thread.key === anonymous.thread.key)
    if (before && threads.length === 1) await renameThread(tx, before, inboxId, person.thread)
    const known = await identityOf(tx, channel, anonymous.sender.key)
    if (known) await adopt(tx, channel, known, person.sender)
    if (before) await tellAgents(tx, inboxId, before.id)
  })
}

async function lockBoth(tx: Queryable, inboxId: string, keys: readonly string[]): Promise<ThreadRow[]> {
  const { rows } = await tx.query(
    `select id, key, kind, audience, place, conversation_id as "conversationId" from thread
     where inbox_id = $1 and key = any($2::text[]) order by key collate "C" for no key update`,
    [inboxId, keys],
  )
  return rows
}

async function identityOf(tx: Queryable, channel: string, key: string) {
  const { rows } = await tx.query(
    'select id, contact_id as "contactId" from identity where channel = $1 and key = $2 for update',
    [channel, key],
  )
  return (rows[0] as { id: string; contactId: string } | undefined) ?? null
}

/** The person's contact wins where there is one; else the contact the agents already know gets the new identity. */
async function adopt(
  tx: Queryable,
  channel: string,
  anonymous: { readonly id: string; readonly contactId: string },
  person: Sender,
): Promise<void> {
  const existing = await identityOf(tx, channel, person.key)
  if (existing) {
    await tx.query('update identity set contact_id = $2 where id = $1', [anonymous.id, existing.contactId])
    return
  }
  await tx.query(
    `insert into identity (contact_id, channel, key, name, verified_by, profile) values ($1, $2, $3, '', $4, $5)
     on conflict (channel, key) do nothing`,
    [anonymous.contactId, channel, person.key, person.verifiedBy ?? null, JSON.stringify(profileOf(person))],
  )
  // Writes the name, and gives a nameless contact its name.
  await resolveIdentities(tx, channel, [person])
}

async function tellAgents(tx: Queryable, inboxId: string, threadId: string): Promise<void> {
  const { rows } = await tx.query(
    'update conversation set version = version + 1 where thread_id = $1 returning id, version',
    [threadId],
  )
  const changed = rows as { id: string; version: string }[]
  await insertFeed(
    tx,
    changed.map(({ id, version }) => ({ kind: 'conversation.updated', inboxId, conversationId: id, version })),
  )
  await notify(tx, ['feed'])
}
