import { insertActivities } from './applied.ts'
import { lockConversations, updateConversations } from './conversation.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'
import { stillSilent } from './follow-up.ts'

/** 'later': nobody knows yet whether the announcement arrived. */
export type SilentResolution = 'resolved' | 'later' | 'kept'

/** Ends a case as it was announced, if the announcement arrived and nobody spoke since. */
export function resolveSilent(db: Database, conversationId: string, now: Date): Promise<SilentResolution> {
  return transaction(db, async (tx) => {
    // Threads before conversations: a customer's word that is being stored comes first.
    await tx.query(
      'select from thread where id = (select thread_id from conversation where id = $1) for no key update',
      [conversationId],
    )
    const row = (await lockConversations(tx, [conversationId])).get(conversationId)
    const announced = row && (await announcement(tx, conversationId, now))
    if (!row || !announced) return 'kept'
    const { wordId, sent, waits } = announced
    if (!sent && waits) return 'later'
    if (!sent || !(await stillSilent(tx, { conversationId, wordId }))) {
      await tx.query('update follow_up set resolve_at = null where conversation_id = $1', [conversationId])
      return 'kept'
    }
    const from = row.status
    row.status = 'resolved'
    row.resolvedAt = now
    row.waitingSince = null
    row.version += 1n
    await updateConversations(tx, [row])
    await tx.query('update conversation set status_since = $2 where id = $1', [conversationId, now])
    await tx.query('delete from follow_up where conversation_id = $1', [conversationId])
    const { version, lastSeq, inboxId } = row
    const data = { from, to: 'resolved', why: 'silence' }
    await insertActivities(tx, [
      { conversationId, version, afterSeq: lastSeq, kind: 'statusChanged', actor: 'system', data },
    ])
    await insertFeed(tx, [{ kind: 'conversation.updated', inboxId, conversationId, version: String(version) }])
    await notify(tx, ['feed'])
    return 'resolved'
  })
}

interface Announcement {
  readonly wordId: string
  readonly sent: boolean
  /** Some of it is still on its way. */
  readonly waits: boolean
}

async function announcement(tx: Queryable, conversationId: string, now: Date): Promise<Announcement | null> {
  const { rows } = await tx.query({
    name: 'follow-up-announced',
    text: `select f.word_id as "wordId", coalesce(bool_and(d.state in ('sent', 'delivered', 'read')), false) as sent,
        coalesce(bool_or(d.state in ('pending', 'sending')), false) as waits
      from follow_up f left join delivery d on d.message_id = f.notice_id
      where f.conversation_id = $1 and f.resolve_at <= $2 group by f.word_id`,
    values: [conversationId, now],
  })
  return (rows[0] as Announcement | undefined) ?? null
}
