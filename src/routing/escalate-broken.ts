import { breachEscalations } from '../store/breach-escalation.ts'
import type { Queryable } from '../store/database.ts'
import { escalateConversation } from '../store/escalation.ts'
import type { ToldPromise } from '../store/promise-told.ts'

/** In the transaction that tells it, under the conversations' locks: a late answer takes its case to the next level. */
export async function escalateBroken(tx: Queryable, broken: readonly ToldPromise[], now: Date): Promise<void> {
  for (const { conversationId, tier, promiseId, kind } of await breachEscalations(tx, broken)) {
    const note = { promiseId, promise: kind }
    await escalateConversation(tx, { conversationId, tier, actor: 'system', why: 'breached', now, note })
  }
}
