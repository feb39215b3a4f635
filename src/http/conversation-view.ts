import type { Letter as Stored } from '../channel/contract.ts'
import type { ConversationView } from '../store/conversation-columns.ts'
import type { ActivityRow } from '../store/conversation-find.ts'
import { type DeliveryView, sends } from '../store/delivery.ts'
import type { MessageView } from '../store/message-list.ts'
import type { Activity, Conversation } from '../wire/conversation.ts'
import type { Letter } from '../wire/letter.ts'
import type { Delivery, Message, Sender } from '../wire/message.ts'
import { priorities } from './conversation-filter.ts'

export function conversationView(
  row: ConversationView,
  mayHaveRead: boolean,
  urlOf: (fileId: string) => string,
): Conversation {
  const {
    contactId,
    contactPicture,
    id,
    status,
    holder,
    audience,
    restricted,
    inboxId,
    channel,
    tags,
    subject,
    preview,
  } = row
  return {
    id,
    status,
    holder,
    audience,
    restricted,
    inboxId,
    channel,
    tags,
    subject,
    preview,
    number: Number(row.number),
    version: Number(row.version),
    contact:
      contactId === null
        ? null
        : {
            id: contactId,
            name: row.contactName ?? '',
            picture: contactPicture === null ? null : urlOf(contactPicture),
          },
    assigneeId: row.assigneeId,
    teamId: row.teamId,
    topicId: row.topicId,
    tier: row.tier,
    vip: row.vip,
    language: row.language,
    needsTranslation: row.needsTranslation,
    priority: priorities[row.priority - 1] ?? 'normal',
    previewBy: row.messageCount === '0' ? null : row.previewDirection,
    failedSends: row.failedSends,
    unconfirmedSends: row.unconfirmedSends,
    unread: mayHaveRead && BigInt(row.lastIncomingSeq) > BigInt(row.readSeq),
    lastMessageAt: row.messageCount === '0' ? null : row.lastActivityAt.toISOString(),
    waitingSince: row.waitingSince?.toISOString() ?? null,
    due: row.dueAt && row.dueKind ? { kind: row.dueKind, at: row.dueAt.toISOString() } : null,
    snoozedUntil: row.snoozedUntil?.toISOString() ?? null,
    onHoldFor: row.onHoldFor,
    createdAt: row.createdAt.toISOString(),
  }
}

export function messageView(row: MessageView, urlOf: (fileId: string) => string): Message {
  const { id, conversationId, direction, text, hasHtml, clientId, history, hasMore } = row
  return {
    id,
    conversationId,
    direction,
    text,
    hasHtml,
    clientId,
    history,
    hasMore,
    seq: Number(row.seq),
    sender: { type: row.senderType, id: row.senderId, name: row.senderName ?? '' },
    attachments: row.attachments.map((attachment) => ({
      ...attachment,
      url: attachment.fileId === null ? null : urlOf(attachment.fileId),
    })),
    replyTo: row.replyToId,
    createdAt: row.occurredAt.toISOString(),
    ...(row.editedAt && { editedAt: row.editedAt.toISOString() }),
    ...(row.deletedAt && { deletedAt: row.deletedAt.toISOString(), deletedBy: deletedBy(row.deletedBy) }),
    reactions: reactionsOf(row.reactions),
    deliveries: row.deliveries.filter(({ operation }) => sends(operation)).map(deliveryView),
    changes: row.deliveries.flatMap(({ operation, ...delivery }) =>
      operation === 'send' || operation === 'letter'
        ? []
        : [{ ...deliveryView({ operation, ...delivery }), operation }],
    ),
    ...(row.letter && { letter: letterView(row.letter) }),
    ...(row.subject !== null && { subject: row.subject }),
    ...(row.joinedBy !== null && { joinedBy: row.joinedBy }),
    ...(row.byProgram && { byProgram: true }),
  }
}

function deliveryView({ id, part, state, reason, detail, refused, at, operation }: DeliveryView): Delivery {
  return {
    id,
    part,
    state,
    ...(reason !== null && { reason }),
    ...(detail !== null && { detail }),
    ...(refused && { refused: [...refused] }),
    at: at.toISOString(),
    ...(operation === 'letter' && { byLetter: true }),
  }
}

function letterView({ from, to, cc, bcc, date, authentication, protection }: Stored): Letter {
  return {
    from,
    to: [...to],
    cc: [...cc],
    ...(bcc && { bcc: [...bcc] }),
    ...(date !== undefined && { date }),
    ...(authentication && { authentication }),
    ...(protection && { protection }),
  }
}

function reactionsOf(byWhom: Record<string, string[]> | null): Message['reactions'] {
  const found = new Map<string, { emoji: string; count: number; ours: boolean }>()
  for (const [who, emojis] of Object.entries(byWhom ?? {})) {
    for (const emoji of emojis) {
      const sum = found.get(emoji) ?? { emoji, count: 0, ours: false }
      found.set(emoji, { emoji, count: sum.count + 1, ours: sum.ours || who === 'us' })
    }
  }
  return [...found.values()]
}

export function activityView({ at, afterSeq, actor, actorName, personName, ...row }: ActivityRow): Activity {
  const data = personName === null ? row.data : { ...row.data, name: personName }
  // Rules are renamed and deleted: what one was called then stands with what it did.
  const name = typeof row.data['rule'] === 'string' ? row.data['rule'] : actorName
  return { ...row, data, by: actorView(actor, name), afterSeq: Number(afterSeq), createdAt: at.toISOString() }
}

/** 'agent:7', 'contact', 'router', 'token:2', 'rule:3'… as it stands in activities and versions. */
export function actorView(actor: string, name: string | null): Sender {
  const [kind, id] = actor.split(':')
  if (kind === 'agent') return { type: 'agent', id: id ?? null, name: name ?? '' }
  if (kind === 'contact' || kind === 'bot') return { type: kind, id: null, name: '' }
  return { type: 'system', id: null, name: kind === 'rule' ? (name ?? '') : '' }
}

function deletedBy(by: string | null): NonNullable<Message['deletedBy']> {
  if (by === 'erasure') return 'erased'
  if (by === 'retention') return 'expired'
  return by === 'contact' ? 'customer' : 'us'
}
