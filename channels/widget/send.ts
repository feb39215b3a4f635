import type { SendReceipt, SendRequest } from '../../src/channel/contract.ts'

/**
 * The row is the message: it was visible to the visitor's page when the reply committed, so there is nothing left to
 * do and sending again changes nothing. The delivery's id is the id that receipts come back with.
 */
export function receiptFor(request: Pick<SendRequest, 'deliveryId'>): SendReceipt {
  return { externalId: request.deliveryId }
}
