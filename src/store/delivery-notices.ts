import { type Database, transaction } from './database.ts'
import { lockThread, wakeLane } from './delivery.ts'
import { noticeMinutes } from './delivery-claim.ts'
import { announceDelivery } from './delivery-settle.ts'
import { notify } from './feed-insert.ts'

/** Answers how many were dropped. */
export async function dropOldNotices(db: Database): Promise<number> {
  const { rows } = await db.pool.query({
    name: 'delivery-old-notices',
    text: `select d.id, d.thread_id as "threadId" from inbox i join delivery d on d.inbox_id = i.id
      where d.state = 'pending' and d.priority = 2 and d.operation = 'send'
        and d.created_at < now() - make_interval(mins => $1) limit 200`,
    values: [noticeMinutes],
  })
  for (const { id, threadId } of rows as { id: string; threadId: string }[]) {
    await transaction(db, async (tx) => {
      await lockThread(tx, threadId)
      const { rowCount } = await tx.query(
        `update delivery set state = 'cancelled', held_reason = 'tooOld', settled_at = now() where id = $1 and state = 'pending'`,
        [id],
      )
      if (rowCount !== 1) return
      await wakeLane(tx, threadId)
      await announceDelivery(tx, id, 'cancelled')
      await notify(tx, ['feed'])
    })
  }
  return rows.length
}
