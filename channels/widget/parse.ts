import type {
  ExternalId,
  InboundMessage,
  InboundReceipt,
  Sender,
  ThreadRef,
  VisitorMessage,
  VisitorRef,
} from '../../src/channel/contract.ts'

/** A signed-in person has one place on all devices; an unknown visitor has one for each token. */
export function threadOf(visitor: VisitorRef): ThreadRef {
  return { key: personKey(visitor), kind: 'chat', audience: 'private' }
}

export function messageOf(inboxId: string, input: VisitorMessage): InboundMessage {
  const { visitor, clientId, at, attachments } = input
  const text = wellFormed(input.text)
  return {
    kind: 'message',
    // The token's id stands in it: nobody can take, or guess away, the ids of another visitor.
    eventId: `message:${visitor.id}:${clientId}`,
    externalId: `${visitor.id}:${clientId}`,
    clientId,
    thread: threadOf(visitor),
    sender: senderOf(inboxId, visitor, input.language),
    occurredAt: at,
    text,
    attachments: attachments.map(({ id, name, type, size }) => ({ name, type, size, fileId: id, ref: null })),
    raw: { clientId, text, files: attachments.map((file) => file.id) },
  }
}

interface ReceiptInput {
  readonly visitor: VisitorRef
  readonly externalId: ExternalId
  readonly at: Date
}

export function receiptOf(receipt: 'delivered' | 'read', { visitor, externalId, at }: ReceiptInput): InboundReceipt {
  return {
    kind: 'receipt',
    receipt,
    eventId: `${receipt}:${visitor.id}:${externalId}`,
    thread: threadOf(visitor),
    externalId,
    occurredAt: at,
    raw: { receipt, externalId },
  }
}

function senderOf(inboxId: string, visitor: VisitorRef, language: string | undefined): Sender {
  const { identity } = visitor
  return {
    // Two websites of one installation may use the same `sub` for two people.
    key: `${inboxId}:${personKey(visitor)}`,
    ...(identity?.name && { name: identity.name }),
    ...(identity && { verifiedBy: 'signedWebsite', subject: wellFormed(identity.sub) }),
    // Said anew with every token: who is none any more is none.
    ...(identity && { profile: { vip: identity.vip === true ? 'true' : '' } }),
    ...(identity?.email && { email: { address: identity.email, verified: true } }),
    ...(language && { language }),
  }
}

function personKey(visitor: VisitorRef): string {
  return visitor.identity ? `sub:${visitor.identity.sub}` : `visitor:${visitor.id}`
}

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
function wellFormed(text: string): string {
  return text.replace(/\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
}
