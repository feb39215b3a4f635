import type { RenderedPart } from '../channel/contract.ts'
import type { Queryable } from './database.ts'
import { type DeliveryPlace, insertDeliveries, lockThread, wakeLane } from './delivery.ts'
import { announceDelivery } from './delivery-settle.ts'
import { enqueueJobs, type NewJob } from './job.ts'

/** Behind every part that the message itself was cut into: none of them waits for the letter, and it for none of them. */
export const letterPart = 32_000

/** A letter beside the message's own way. The caller holds the lock of the thread it goes into. */
export async function insertLetter(
  tx: Queryable,
  at: DeliveryPlace,
  letter: { readonly payload: RenderedPart; readonly idempotencyKey: string },
): Promise<string> {
  await insertDeliveries(tx, at, [{ ...letter, part: letterPart, operation: 'letter' }])
  const { rows } = await tx.query('select id from delivery where idempotency_key = $1', [letter.idempotencyKey])
  return (rows[0] as { id: string }).id
}

/** Who has now read all of it where it was written needs no letter that is not on its way yet. */
export async function cancelReadLetter(tx: Queryable, messageId: string): Promise<void> {
  const letter = await waitingLetter(tx, messageId)
  if (!letter) return
  const { rowCount } = await tx.query(
    `update delivery l set state = 'cancelled', failure = 'readThere', reason = null, settled_at = now()
      where l.id = $1 and l.state in ('pending', 'held') and not exists (
        select from continued_message o join delivery d on d.message_id = o.message_id and d.operation = 'send'
         where o.delivery_id = l.id and d.state not in ('read', 'cancelled'))`,
    [letter.id],
  )
  if (rowCount !== 1) return
  await announceDelivery(tx, letter.id, 'cancelled')
  await wakeLane(tx, letter.threadId)
}

/** What was said is changed: a letter that still waits does not go as it was written; what is unread is gathered anew. */
export async function rewriteLetter(
  tx: Queryable,
  message: { readonly id: string; readonly threadId: string },
): Promise<void> {
  const letter = await waitingLetter(tx, message.id)
  if (!letter) return
  const { rowCount } = await tx.query(
    `update delivery set state = 'cancelled', failure = 'changed', reason = null, settled_at = now()
      where id = $1 and state in ('pending', 'held')`,
    [letter.id],
  )
  if (rowCount !== 1) return
  await tx.query('delete from continued_message where delivery_id = $1', [letter.id])
  await announceDelivery(tx, letter.id, 'cancelled')
  await wakeLane(tx, letter.threadId)
  await enqueueJobs(tx, [laterByLetter(message.threadId, 0)])
}

/** One after the other in the order of the replies: the first that finds the customer gone takes the others along. */
export function laterByLetter(threadId: string, dueInMs: number): NewJob {
  return { kind: 'continue', lane: `continue:${threadId}`, payload: { threadId }, dueInMs }
}

/** Its thread is locked then. */
async function waitingLetter(tx: Queryable, messageId: string): Promise<{ id: string; threadId: string } | undefined> {
  const { rows } = await tx.query({
    name: 'letter-of-message',
    text: `select l.id, l.thread_id as "threadId" from continued_message k join delivery l on l.id = k.delivery_id
      where k.message_id = $1 and l.state in ('pending', 'held')`,
    values: [messageId],
  })
  const letter = rows[0] as { id: string; threadId: string } | undefined
  if (letter) await lockThread(tx, letter.threadId)
  return letter
}
