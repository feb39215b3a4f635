import { z } from 'zod'
import { id, time } from './primitive.ts'

/** GET /widget/v1/:inboxId: what a page may know before anybody wrote. */
export const visitorSettings = z.object({
  name: z.string(),
  greeting: z.string(),
  availability: z.string().optional(),
  /** The visitor may leave an address to be answered at: PUT …/email. */
  email: z.boolean(),
  limits: z.object({ text: z.number().int(), fileBytes: z.number().int(), files: z.number().int() }),
})

export const visitorSessionBody = z.strictObject({
  visitorToken: z.string().max(512).optional(),
  identity: z.string().max(8_192).optional(),
})
export const visitorSession = z.object({
  visitorToken: z.string(),
  conversation: z.object({ number: z.string(), lastMessageAt: time }).optional(),
})

export const visitorMessageBody = z.strictObject({
  clientId: z.uuid(),
  text: z.string().max(100_000),
  attachments: z.array(id).max(50).optional(),
  language: z
    .string()
    .regex(/^[A-Za-z0-9-]{2,35}$/)
    .optional(),
})

export const visitorFile = z.object({
  id,
  name: z.string(),
  type: z.string(),
  size: z.number().nullable(),
  /** Signed, for a short time; null: the bytes are not here. */
  url: z.string().nullable(),
})
export type VisitorFile = z.infer<typeof visitorFile>

export const visitorMessage = z.object({
  id,
  from: z.enum(['visitor', 'support']),
  clientId: z.string().optional(),
  sender: z
    .object({ type: z.enum(['agent', 'bot', 'system']), name: z.string(), avatar: z.string().nullable() })
    .optional(),
  text: z.string(),
  /** The channel's own blocks, ready to show. */
  blocks: z.array(z.unknown()).optional(),
  attachments: z.array(visitorFile),
  replyTo: id.optional(),
  at: time,
  edited: z.boolean().optional(),
  deleted: z.boolean().optional(),
  read: z.boolean().optional(),
  /** It went, or came, by mail. */
  byLetter: z.boolean().optional(),
  /** It offers this form to be filled in: the topic's id. */
  form: id.optional(),
})
export type VisitorMessage = z.infer<typeof visitorMessage>

export const visitorMessageAnswer = z.object({ message: visitorMessage })

/** Opaque to the page: where each of the visitor's places was read up to. */
const cursor = z.string().regex(/^\d{1,19}(\.\d{1,19})?(~(\d{1,19}-\d{1,19}\.?){1,10})?$/)

export const visitorMessageQuery = z.strictObject({
  after: cursor.optional(),
  before: id.optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
})
export const visitorMessages = z.object({
  items: z.array(visitorMessage),
  cursor: z.string(),
  more: z.boolean(),
  seenUpTo: id.nullable(),
})

export const visitorEmailBody = z.strictObject({
  email: z.email().max(254),
  language: z
    .string()
    .regex(/^[A-Za-z0-9-]{2,35}$/)
    .optional(),
})
/** `pending`: a letter with a link is on its way there. `refused`: it could not be delivered. */
export const visitorEmail = z.object({
  state: z.enum(['none', 'pending', 'refused', 'confirmed']),
  /** The one that waits, else the confirmed one. */
  address: z.string().optional(),
  /** Still in use while another one waits. */
  confirmed: z.string().optional(),
})
export type VisitorEmail = z.infer<typeof visitorEmail>

/** What may answer before it is sent. */
export const visitorArticles = z.object({
  items: z.array(z.object({ id, title: z.string(), summary: z.string(), url: z.string() })),
})
export const visitorArticle = z.object({
  id,
  title: z.string(),
  /** In which language it is there. */
  locale: z.string(),
  url: z.string(),
  blocks: z.array(z.unknown()),
})

export const visitorReadBody = z.strictObject({ upTo: id })
export const visitorReadAnswer = z.object({ readUpTo: id.nullable() })

/** GET …/place: where they stand in the queue; null: in none that they may know of. Minutes. */
export const visitorPlace = z.object({
  place: z.number().int().nullable(),
  wait: z.object({ low: z.number().int(), high: z.number().int() }).nullable(),
})

/** GET …/availability: whether live chat is offered to this visitor now. */
export const visitorAvailability = z.object({
  open: z.boolean(),
  why: z.enum(['hours', 'busy', 'elsewhere']).nullable(),
  /** When people are back. */
  opensAt: time.nullable(),
  /** The help centre. */
  help: z.string().nullable(),
})

export const visitorFileAnswer = z.object({ file: visitorFile })

/** What a visitor's page may send. Closed: anything else ends the socket. */
export const visitorFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({ type: z.literal('typing'), typing: z.boolean() }),
  /** Everything up to this message is in the page. */
  z.strictObject({ type: z.literal('ack'), upTo: id }),
])
export type VisitorFrame = z.infer<typeof visitorFrame>

export type VisitorServerFrame =
  | { readonly type: 'ready' }
  /** Fetch what is new; `changed`: also what was shown before. */
  | { readonly type: 'hint'; readonly changed: boolean }
  | { readonly type: 'typing'; readonly typing: boolean }
  | { readonly type: 'pong' }
  /** Carries no state. The socket closes after it. */
  | { readonly type: 'error'; readonly code: 'badFrame' | 'tooMany' | 'tooSlow' }
