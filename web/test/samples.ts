import type { Conversation } from '../../src/wire/conversation.ts'
import type { Message } from '../../src/wire/message.ts'

export function conversation(part: Partial<Conversation> = {}): Conversation {
  return {
    id: '1',
    number: 1001,
    version: 1,
    status: 'open',
    holder: 'queue',
    audience: 'private',
    inboxId: '1',
    channel: 'loop',
    contact: { id: '1', name: 'Mei Lin', picture: null },
    assigneeId: null,
    teamId: null,
    priority: 'normal',
    topicId: null,
    tier: 1,
    vip: false,
    language: null,
    needsTranslation: false,
    tags: [],
    subject: null,
    preview: 'Hello',
    previewBy: 'in',
    unread: true,
    failedSends: 0,
    unconfirmedSends: 0,
    restricted: false,
    lastMessageAt: '2026-11-03T12:00:00.000Z',
    waitingSince: null,
    due: null,
    snoozedUntil: null,
    onHoldFor: null,
    createdAt: '2026-11-03T12:00:00.000Z',
    ...part,
  }
}

export function message(seq: number, part: Partial<Message> = {}): Message {
  return {
    id: String(seq),
    conversationId: '1',
    seq,
    direction: 'in',
    sender: { type: 'contact', id: '1', name: 'Mei Lin' },
    text: `message ${seq}`,
    hasHtml: false,
    hasMore: false,
    attachments: [],
    replyTo: null,
    clientId: null,
    createdAt: new Date(Date.UTC(2026, 10, 3, 12, seq)).toISOString(),
    history: false,
    reactions: [],
    deliveries: [],
    changes: [],
    ...part,
  }
}
