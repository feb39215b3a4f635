import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

const BATCH = 200

/**
 * Takes the words, files and versions of messages older than their inbox keeps them. The rows stay, so that counts, order
 * and the feed remain true; files nobody else attached go with the next clean-up. Answers how many messages it emptied.
 */
export async function expireMessages(db: Database, now: Date): Promise<number> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query(
      `select m.id, m.conversation_id as "conversationId", c.inbox_id as "inboxId" from message m
         join conversation c on c.id = m.conversation_id join inbox i on i.id = c.inbox_id
        where i.retention_days is not null and m.created_at < $1::timestamptz - make_interval(days => i.retention_days)
          and m.deleted_by is distinct from 'retention' order by m.id limit ${BATCH}`,
      [now],
    )
    const due = rows as { id: string; conversationId: string; inboxId: string }[]
    if (due.length === 0) return 0
    const conversations = [...new Set(due.map((row) => row.conversationId))].sort((a, b) =>
      Number(BigInt(a) - BigInt(b)),
    )
    await tx.query('select 1 from conversation where id = any($1::bigint[]) order by id for no key update', [
      conversations,
    ])
    await empty(
      tx,
      due.map((row) => row.id),
      now,
    )
    await announce(tx, conversations)
    return due.length
  })
}

async function empty(tx: Queryable, ids: readonly string[], now: Date): Promise<void> {
  await tx.query('delete from message_version where message_id = any($1::bigint[])', [ids])
  await tx.query(`update album_item set text = '' where message_id = any($1::bigint[])`, [ids])
  await tx.query('delete from attachment where message_id = any($1::bigint[])', [ids])
  await tx.query(
    `update delivery set payload = '{"text":"","length":0,"fileIds":[],"payload":null}'
      where (message_id = any($1::bigint[])
          or id in (select delivery_id from continued_message where message_id = any($1::bigint[]))) and state not in ('pending', 'sending', 'uncertain', 'held')`,
    [ids],
  )
  // Old subjects are a customer's words as well.
  await tx.query(
    `update activity a set data = '{}' from message m where m.id = any($1::bigint[])
        and a.conversation_id = m.conversation_id and a.kind = 'subjectChanged' and a.after_seq < m.seq`,
    [ids],
  )
  await tx.query(
    `update message set text = '', html = null, subject = null, letter = null, full_text = null, reactions = null, deleted_at = $2, deleted_by = 'retention'
      where id = any($1::bigint[])`,
    [ids, now],
  )
}

async function announce(tx: Queryable, conversations: readonly string[]): Promise<void> {
  const { rows: changed } = await tx.query(
    `update conversation c set version = version + 1,
          preview = case when (select deleted_by from message where conversation_id = c.id and seq = c.last_seq) = 'retention'
                         then '' else preview end,
          subject = case when (select deleted_by from message where conversation_id = c.id and seq = c.last_seq) = 'retention'
                         then null else subject end
        where id = any($1::bigint[]) returning id as "conversationId", inbox_id as "inboxId", version`,
    [conversations],
  )
  await insertFeed(
    tx,
    changed.map((row: { conversationId: string; inboxId: string; version: string }) => ({
      kind: 'conversation.updated',
      ...row,
      data: { expired: true },
    })),
  )
  await notify(tx, ['feed'])
}
