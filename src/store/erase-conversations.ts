import { syncTags } from './conversation.ts'
import type { Queryable } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

const says = `(c.status <> 'resolved' or c.subject is not null or c.preview <> '' or c.on_hold_for is not null)`

/**
 * Conversations of the contact's own threads stay as numbers, and nobody waits in them; of those they began where others read as
 * well, what they called it goes. The threads are locked.
 */
export async function closeConversations(
  tx: Queryable,
  contactId: string,
  ownThreads: readonly string[],
): Promise<void> {
  const { rows: own } = await tx.query(
    `select c.id from conversation c where c.thread_id = any($1::bigint[]) order by c.id for no key update`,
    [ownThreads],
  )
  const ids = own.map(({ id }: { id: string }) => id)
  const { rows: begun } = await tx.query(
    `select c.id from identity n join conversation c on c.opener_identity_id = n.id and c.audience = 'private'
      where n.contact_id = $1 and c.thread_id <> all($2::bigint[]) order by c.id for no key update of c`,
    [contactId, ownThreads],
  )
  const others = begun.map(({ id }: { id: string }) => id)
  // Old subjects and links they came by are their words as well.
  await tx.query(
    `update activity set data = '{}' where conversation_id = any($1::bigint[]) and kind in ('subjectChanged', 'cameFrom') and data <> '{}'`,
    [[...ids, ...others]],
  )
  const closed = await tx.query(
    `update conversation c set status = 'resolved', resolved_at = coalesce(resolved_at, now()), waiting_since = null,
        snoozed_until = null, on_hold_for = null, subject = null, preview = '', language = null, version = version + 1
      where id = any($1::bigint[]) and ${says} returning id, inbox_id, version`,
    [ids],
  )
  const renamed = await tx.query(
    `update conversation set subject = null, on_hold_for = null, version = version + 1
      where id = any($1::bigint[]) and (subject is not null or on_hold_for is not null) returning id, inbox_id, version`,
    [others],
  )
  await tx.query('delete from conversation_answer where conversation_id = any($1::bigint[])', [[...ids, ...others]])
  await syncTags(tx, ids)
  await tellErased(tx, [...closed.rows, ...renamed.rows])
}

export async function tellErased(
  tx: Queryable,
  changed: readonly { readonly id: string; readonly inbox_id: string; readonly version: string }[],
): Promise<void> {
  await insertFeed(
    tx,
    changed.map(({ id, inbox_id: inboxId, version }) => ({
      kind: 'conversation.updated',
      inboxId,
      conversationId: id,
      version,
      data: { erased: true },
    })),
  )
  await notify(tx, ['feed'])
}
