import { type Database, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

/**
 * What no path of the program leaves behind, but a deleted agent or a hand in the database may: somebody holds it and there is
 * nobody, or somebody has it and nobody is said to. Either would be seen by no queue. Answers what was mended.
 */
export async function mendHolders(db: Database, limit = 200): Promise<string[]> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query({
      name: 'queue-mend',
      text: `with wrong as (
          (select id from conversation where holder = 'agent' and assignee_id is null order by id limit $1)
          union all (select id from conversation where holder <> 'agent' and assignee_id is not null order by id limit $1)),
        held as (select c.id from conversation c join wrong on wrong.id = c.id order by c.id for no key update of c skip locked)
        update conversation c set holder = case when c.assignee_id is null then 'queue' else 'agent' end,
            routed_at = coalesce(c.routed_at, now()), version = c.version + 1
          from held where c.id = held.id
        returning c.id as "conversationId", c.inbox_id as "inboxId", c.version`,
      values: [limit],
    })
    const mended = rows as { conversationId: string; inboxId: string; version: string }[]
    if (mended.length === 0) return []
    await insertFeed(
      tx,
      mended.map((row) => ({ kind: 'conversation.updated', ...row })),
    )
    await notify(tx, ['feed', 'queue'])
    return mended.map(({ conversationId }) => conversationId)
  })
}
