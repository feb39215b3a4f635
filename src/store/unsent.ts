import { insertActivities } from './applied.ts'
import { syncTags } from './conversation.ts'
import type { Queryable } from './database.ts'
import { insertFeed } from './feed-insert.ts'

// Failed, or not for all whom it was for (a copy that did not arrive leaves nobody waiting). Only the newest word: what was said after it may have arrived. A newer conversation of the place keeps the customer's attention.
const FIND = `select c.id from delivery d
    join message m on m.id = d.message_id
    join conversation c on c.id = d.conversation_id
    join thread t on t.id = c.thread_id
  where d.id = $1 and d.operation in ('send', 'letter') and m.sender_type <> 'system'
    and c.status in ('waiting', 'onHold', 'snoozed', 'resolved') and c.merged_into is null
    and (c.status <> 'resolved' or t.conversation_id = c.id)
    and not exists (select from message n where n.conversation_id = c.id and n.seq > m.seq
      and n.direction = 'out' and n.sender_type <> 'system')
    and (d.state = 'failed' or exists (select from jsonb_array_elements(d.refused) r, jsonb_array_elements(m.letter -> 'to') x
      where lower(r ->> 'recipient') = lower(x ->> 'address')))
  for no key update of t, c`

// The customer waits again since what was said last to us; nobody waits where nobody wrote.
const REOPEN = `update conversation c set status = 'open', resolved_at = null, snoozed_until = null, on_hold_for = null,
    last_activity_at = greatest(last_activity_at, now()), version = version + 1,
    waiting_since = coalesce(waiting_since, (select m.occurred_at from message m
      where m.conversation_id = c.id and m.direction = 'in' order by m.seq desc limit 1))
  where id = $1 returning inbox_id as "inboxId", version, last_seq as "lastSeq"`

/**
 * A reply that did not arrive leaves the customer without an answer, so the case is open again for whoever has it.
 * The caller holds the delivery's thread and notifies 'feed'.
 */
export async function reopenUnsent(tx: Queryable, deliveryId: string): Promise<void> {
  const found = await tx.query({ name: 'unsent-find', text: FIND, values: [deliveryId] })
  const id: string | undefined = found.rows[0]?.id
  if (id === undefined) return
  const { rows } = await tx.query({ name: 'unsent-reopen', text: REOPEN, values: [id] })
  const { inboxId, version, lastSeq } = rows[0] as { inboxId: string; version: string; lastSeq: string }
  const at = { conversationId: id, version: BigInt(version), afterSeq: BigInt(lastSeq) }
  const data = { why: 'notDelivered', deliveryId }
  await insertActivities(tx, [{ ...at, kind: 'reopened', actor: 'system', data }])
  await insertFeed(tx, [
    { kind: 'conversation.updated', inboxId, conversationId: id, version, data: { status: 'open' } },
  ])
  await syncTags(tx, [id])
}
