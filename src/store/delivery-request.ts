import type { FileAccess, RenderedPart, SendRequest, ThreadRef } from '../channel/contract.ts'
import type { ClaimedDelivery } from './delivery-claim.ts'

export function threadRef(row: ClaimedDelivery): ThreadRef {
  return { ...row.thread, place: row.place }
}

export function sendRequest(row: ClaimedDelivery, files: FileAccess): SendRequest {
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
  }
}
