import { randomBytes } from 'node:crypto'
import type { InboundBatch, InboundMessage } from '../../src/channel/contract.ts'

let counter = 0

/** A customer's message as an adapter would hand it over; what is not said is new and of no matter. */
export function said(text: string, wish: Partial<InboundMessage> & { chat?: string } = {}): InboundMessage {
  counter += 1
  const id = `${counter}-${randomBytes(4).toString('hex')}`
  const { chat = 'chat-1', ...rest } = wish
  return {
    kind: 'message',
    eventId: `event-${id}`,
    externalId: `message-${id}`,
    thread: { key: chat, kind: 'chat', audience: 'private' },
    sender: { key: `person-of-${chat}`, name: 'Li Wei' },
    occurredAt: new Date(),
    raw: { text },
    text,
    ...rest,
  }
}

export function batchOf(...events: InboundBatch['events'][number][]): InboundBatch {
  return { events }
}
