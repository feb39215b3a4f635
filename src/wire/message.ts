import { z } from 'zod'
import { joinedBy, letter, recipient, recipients } from './letter.ts'
import { id, time } from './primitive.ts'

export const deliveryState = z.enum([
  'pending',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'uncertain',
  'cancelled',
  'held',
])
export type DeliveryState = z.infer<typeof deliveryState>

export const delivery = z.object({
  id,
  /** From 0. */
  part: z.number().int(),
  state: deliveryState,
  /** Why it failed or is held: blocked, threadGone, tooLarge, unsupported, windowClosed, unavailable, earlierPart, credentials… */
  reason: z.string().optional(),
  /** A sentence from the channel, where it gave one. */
  detail: z.string().optional(),
  /** Who did not get it, where others did; `reason` in the words of their server. */
  refused: z.array(z.object({ recipient: z.string(), reason: z.string() })).optional(),
  at: time,
  /** The same words once more, by letter: the customer had left. Several messages may have gone in one. */
  byLetter: z.boolean().optional(),
})
export type Delivery = z.infer<typeof delivery>

/** An edit, a deletion or a reaction of ours that is on its way to the platform or did not arrive. */
export const sentChange = delivery.extend({ operation: z.enum(['edit', 'remove', 'react']) })
export type SentChange = z.infer<typeof sentChange>

export const resolveBody = z.strictObject({ as: z.enum(['sent', 'resend', 'leave']) })
export type ResolveBody = z.infer<typeof resolveBody>

export const attachment = z.object({
  id,
  /** null until the bytes are here (`state` pending) or for good (`failed`). */
  fileId: id.nullable(),
  name: z.string(),
  /** Found in the bytes, not believed from the sender. */
  type: z.string(),
  /** Bytes; null while unknown. */
  size: z.number().int().nullable(),
  state: z.enum(['pending', 'stored', 'failed']),
  /** Signed, good for hours; null until stored. */
  url: z.string().nullable(),
  /** Shown inside a mail's text. */
  inline: z.boolean(),
})
export type Attachment = z.infer<typeof attachment>

export const sender = z.object({
  type: z.enum(['contact', 'agent', 'bot', 'system']),
  id: id.nullable(),
  name: z.string(),
})
export type Sender = z.infer<typeof sender>

export const reaction = z.object({ emoji: z.string(), count: z.number().int(), ours: z.boolean() })
export type Reaction = z.infer<typeof reaction>

export const message = z.object({
  id,
  conversationId: id,
  /** Place within the conversation: incoming, outgoing and notes share one row of numbers. */
  seq: z.number().int(),
  direction: z.enum(['in', 'out', 'note']),
  sender,
  /** CommonMark where it is ours, plain where it is a customer's. Empty once removed. */
  text: z.string(),
  hasHtml: z.boolean(),
  attachments: z.array(attachment),
  /** A message's id. */
  replyTo: id.nullable(),
  clientId: z.string().nullable(),
  createdAt: time,
  editedAt: time.optional(),
  deletedAt: time.optional(),
  /** `expired`: the inbox keeps its messages for so long only. `erased`: with everything else of this person. */
  deletedBy: z.enum(['customer', 'us', 'expired', 'erased']).optional(),
  /** Imported from before the inbox went live. */
  history: z.boolean(),
  reactions: z.array(reaction),
  deliveries: z.array(delivery),
  changes: z.array(sentChange),
  /** Its envelope, where letters are exchanged. */
  letter: letter.optional(),
  subject: z.string().optional(),
  /** There is more of it than `text`: GET /messages/:id/full. */
  hasMore: z.boolean(),
  /** Why it stands in this conversation, where it named one. */
  joinedBy: joinedBy.optional(),
  /** Nobody wrote it: an answer from a program, a notice of delivery. */
  byProgram: z.boolean().optional(),
})
export type Message = z.infer<typeof message>

export const newMessage = z.strictObject({
  kind: z.enum(['reply', 'note']),
  text: z.string().max(100_000),
  attachments: z.array(id).max(20).optional(),
  replyTo: id.nullable().optional(),
  clientId: z.uuid(),
  /** The last version painted in this composer. */
  basedOn: z.number().int().min(0).optional(),
  force: z.boolean().optional(),
  /** One line. */
  subject: z.string().max(998).optional(),
  /** Where letters are exchanged; what is left out is as GET /conversations/:id/letter says. */
  to: recipients.optional(),
  cc: recipients.optional(),
  bcc: recipients.optional(),
})
export type NewMessage = z.infer<typeof newMessage>

/** Writing to somebody who has not written before. */
export const firstMessage = z.strictObject({
  inboxId: id,
  /** One address, or several people. */
  to: z.union([recipient.shape.address, recipients.min(1)]),
  cc: recipients.optional(),
  bcc: recipients.optional(),
  text: z.string().max(100_000),
  subject: z.string().max(998).optional(),
  attachments: z.array(id).max(20).optional(),
  /** Sent again, it is the same message. */
  clientId: z.uuid().optional(),
})
export type FirstMessage = z.infer<typeof firstMessage>

/** CommonMark. */
export const messageEdit = z.strictObject({ text: z.string().max(100_000) })
/** All of ours on this message afterwards; one set for the whole desk. */
export const messageReactions = z.strictObject({ reactions: z.array(z.string().min(1).max(64)).max(3) })

export const messageAnswer = z.object({ message })
export type MessageAnswer = z.infer<typeof messageAnswer>

export const messageVersion = z.object({
  version: z.number().int(),
  text: z.string(),
  at: time,
  by: sender.nullable(),
})
export type MessageVersion = z.infer<typeof messageVersion>

export const previewBody = z.strictObject({
  text: z.string().max(100_000),
  kind: z.enum(['reply', 'note']),
  attachments: z.array(id).max(20).optional(),
  /** The message answered: its place may have other limits. */
  replyTo: id.nullable().optional(),
})
export type PreviewBody = z.infer<typeof previewBody>

export const preview = z.object({
  /** Safe HTML of the CommonMark. */
  html: z.string(),
  parts: z.array(z.object({ text: z.string(), length: z.number(), max: z.number() })),
  unit: z.enum(['utf16', 'codePoints', 'weighted', 'bytes']),
  /** What this channel would drop or refuse. */
  problems: z.array(
    z.object({
      /** `message`: all of it cannot be sent; `attachments`; or the mark: bold, italic, code, codeBlock, link, quote, list, heading. */
      what: z.enum([
        'attachments',
        'message',
        'bold',
        'italic',
        'code',
        'codeBlock',
        'link',
        'quote',
        'list',
        'heading',
      ]),
      support: z.enum(['partial', 'dropped', 'rejected']),
      code: z.enum(['ownWay', 'plainText', 'noFiles', 'fileTooLarge', 'fileKind', 'severalMessages', 'refused']),
      /** Of the file at fault. */
      name: z.string().optional(),
      /** MB for `fileTooLarge`, files in one message for `severalMessages`, the kinds there are for `fileKind`. */
      limit: z.union([z.number(), z.string()]).optional(),
      /** The same as an English sentence. */
      message: z.string(),
    }),
  ),
})
export type Preview = z.infer<typeof preview>

/** Newest page by default, always ascending by seq. `before` and `after` are numbers of messages (`seq`). */
export const messageQuery = z.strictObject({
  before: z.coerce.number().int().min(0).optional(),
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
})
export type MessageQuery = z.infer<typeof messageQuery>
