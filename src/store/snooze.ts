import { insertActivities } from './applied.ts'
import { lockConversations, updateConversations } from './conversation.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

/** Conversations whose sleep is over open again. By the installation's own clock, since a person named the time. */
export async function wakeSnoozed(db: Database, now: Date, limit = 200): Promise<number> {
  const { rows } = await db.pool.query({
    name: 'conversation-asleep',
    text: `select id from conversation where status = 'snoozed' and snoozed_until <= $1 order by snoozed_until limit $2`,
    values: [now, limit],
  })
  let woken = 0
  for (const { id } of rows as { id: string }[]) {
    if (await transaction(db, (tx) => wake(tx, id, now))) woken += 1
  }
  return woken
}

async function wake(tx: Queryable, id: string, now: Date): Promise<boolean> {
  const row = (await lockConversations(tx, [id])).get(id)
  // Looked at again under the lock: the customer may have written, or somebody snoozed it anew.
  const { rows } = await tx.query(`select 1 from conversation where id = $1 and snoozed_until <= $2`, [id, now])
  if (row?.status !== 'snoozed' || rows.length === 0) return false
  row.status = 'open'
  row.version += 1n
  await updateConversations(tx, [row])
  await tx.query('update conversation set status_since = $2 where id = $1', [id, now])
  const { version, lastSeq, inboxId } = row
  const data = { from: 'snoozed', to: 'open' }
  const activity = { conversationId: id, version, afterSeq: lastSeq, kind: 'statusChanged', actor: 'system', data }
  await insertActivities(tx, [activity])
  await insertFeed(tx, [{ kind: 'conversation.updated', inboxId, conversationId: id, version: String(version) }])
  await notify(tx, ['feed'])
  return true
}
