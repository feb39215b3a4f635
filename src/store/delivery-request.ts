import type { FileAccess, RenderedPart, SendRequest, ThreadRef } from '../channel/contract.ts'
import type { Queryable } from './database.ts'
import type { ClaimedDelivery } from './delivery-claim.ts'
import { knownMessages } from './message.ts'

export function threadRef(row: ClaimedDelivery): ThreadRef {
  return { ...row.thread, place: row.place }
}

export function sendRequest(q: Queryable, row: ClaimedDelivery, files: FileAccess): SendRequest {
  const { text, length, fileIds, payload } = row.payload
  const part: RenderedPart = { text, length, fileIds, payload }
  return {
    deliveryId: row.id,
    idempotencyKey: row.idempotencyKey,
    attempt: row.attempt,
    thread: threadRef(row),
    part,
    ...(row.replyTo === null ? {} : { replyTo: row.replyTo }),
    files,
    known: async (ids) => {
      const pairs = ids.map((externalId) => ({ threadId: row.threadId, externalId }))
      return new Set((await knownMessages(q, pairs)).map((one) => one.externalId))
    },
  }
}
