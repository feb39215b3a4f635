import type { Join, Letter } from './letter.ts'

/** Opaque to everybody but the adapter that minted it; unique within an inbox. At most 512 characters. */
export type ThreadKey = string
/** The platform's id of one message; unique within a thread. */
export type ExternalId = string
export type Audience = 'private' | 'shared' | 'public'

export interface ThreadRef {
  readonly key: ThreadKey
  /** The adapter's own word for what sort of place this is ('chat', 'topic', 'mail'…). */
  readonly kind: string
  readonly audience: Audience
  /** What the platform's limits count by (chat, channel, mailbox). Absent: the thread's key. */
  readonly place?: string
}

export interface Sender {
  /** The adapter's key of the account; unique in the channel, or in the inbox where it starts with the inbox id. */
  readonly key: string
  readonly name?: string
  /** Only where the platform or the operator's own system vouches for it. */
  readonly verifiedBy?: string
  /** The operator's own id of the person, where the operator's system signed for it. */
  readonly subject?: string
  readonly language?: string
  readonly email?: { readonly address: string; readonly verified: boolean }
  readonly profile?: Readonly<Record<string, string>>
  /** Fetched by the core through `download`, again only where `ref` has changed. */
  readonly picture?: RemoteAttachment
}

interface EventBase {
  /** Unique within the inbox, the same however often the platform repeats the event. */
  readonly eventId: string
  readonly thread: ThreadRef
  readonly occurredAt: Date
  /** The platform's own words, kept for 30 days; JSON. */
  readonly raw: unknown
  /** The same as a file kept through `env.files` before the event was handed over; goes with `raw`. */
  readonly rawFileId?: string
}

export interface InboundMessage extends EventBase {
  readonly kind: 'message'
  readonly sender: Sender
  readonly externalId: ExternalId
  readonly text: string
  /** Already sanitised. */
  readonly html?: string
  readonly subject?: string
  readonly attachments?: readonly RemoteAttachment[]
  readonly replyTo?: ExternalId
  /** Events of one album share it: they become one message. */
  readonly groupKey?: string
  /** An id made by the customer's own client, given back to it. */
  readonly clientId?: string
  /** A command of the platform ("/status"), not something said to a person; `text` holds it as it was typed. */
  readonly command?: Command
  /** Made by a program, or not meant for us alone (RFC 3834): never answered automatically. A person may have written it. */
  readonly automatic?: boolean
  /** Nobody wrote it (a vacation answer, a notice of delivery): it is shown, and neither reopens anything nor asks for anybody. */
  readonly byProgram?: boolean
  readonly letter?: Letter
  /** All of it, where `text` leaves out what it quotes. */
  readonly fullText?: string
  /**
   * Threads it says it belongs to, best claim first. It joins the first that exists here and has its sender as a participant;
   * else it opens `thread`. A claim to a thread of others is only noted.
   */
  readonly joins?: readonly Join[]
  readonly form?: FilledForm
}
/** A topic's form, filled in with the message. Kept with it as far as the form asks for it and it can be an answer. */
export interface FilledForm {
  readonly topicId: string
  /** By the fields' keys, as they were typed. */
  readonly answers: Readonly<Record<string, string>>
  /** Not all of it could be shown: what is missing is asked in the conversation. */
  readonly partial?: true
  /** In which it was shown; absent: the help centre's own. */
  readonly language?: string
}
export interface Command {
  readonly name: 'start' | 'help' | 'status' | 'human' | 'privacy' | 'delete'
  /** What a link carried along (Telegram's deep links). */
  readonly argument?: string
}
export interface InboundMoved extends EventBase {
  readonly kind: 'moved'
  readonly to: ThreadRef
  /** Further threads of the same place go along: those whose keys begin with `from` begin with `to` from now on. */
  readonly prefix?: { readonly from: string; readonly to: string }
}
export interface InboundChoice extends EventBase {
  readonly kind: 'choice'
  readonly sender: Sender
  readonly externalId: ExternalId
  readonly of: ExternalId
  readonly choiceId: string
  readonly label: string
}
/** Our own account spoke: what we sent, or an agent in the platform's own app. */
export interface InboundEcho extends EventBase {
  readonly kind: 'echo'
  readonly externalId: ExternalId
  /** Present where the platform gives our key back. */
  readonly idempotencyKey?: string
  readonly sender?: Sender
  readonly text: string
  readonly html?: string
  readonly subject?: string
  readonly attachments?: readonly RemoteAttachment[]
  readonly replyTo?: ExternalId
  readonly letter?: Letter
  readonly fullText?: string
  /** As with a message, but our own account needs not take part: what it answers is where it belongs. */
  readonly joins?: readonly Join[]
  /** Whom it was for, where that is not told by the thread: they take part from then on. */
  readonly addressees?: readonly Sender[]
  /** Of what we sent, where the platform gives it back and the adapter verified it; then `thread` does not matter. */
  readonly deliveryId?: string
}
export interface InboundEdit extends EventBase {
  readonly kind: 'edit'
  readonly sender?: Sender
  readonly externalId: ExternalId
  readonly text: string
  readonly html?: string
}
export interface InboundRemoval extends EventBase {
  readonly kind: 'removal'
  readonly externalId: ExternalId
}
export interface InboundReaction extends EventBase {
  readonly kind: 'reaction'
  readonly sender: Sender
  readonly externalId: ExternalId
  /** The person's complete set after the change. */
  readonly reactions: readonly string[]
}
/** What the platform says later about something we sent. */
export interface InboundReceipt extends EventBase {
  readonly kind: 'receipt'
  readonly receipt: 'delivered' | 'read' | 'bounced' | 'delayed'
  /** One message, or everything of ours in the thread up to and including it. */
  readonly externalId: ExternalId
  readonly upTo?: boolean
  readonly idempotencyKey?: string
  /** Where the platform gives it back and the adapter verified it; then `thread` does not matter. */
  readonly deliveryId?: string
  readonly reason?: string
  /** Whom a bounce is about; of several recipients the others may have got it. */
  readonly refused?: readonly RefusedRecipient[]
}
export interface RefusedRecipient {
  readonly recipient: string
  /** The platform's own words. */
  readonly reason: string
}
export type InboundEvent =
  | InboundMessage
  | InboundMoved
  | InboundChoice
  | InboundEcho
  | InboundEdit
  | InboundRemoval
  | InboundReaction
  | InboundReceipt

export interface RemoteAttachment {
  readonly name: string
  /** Declared, not believed. */
  readonly type?: string
  /** Bytes, when the platform says so. */
  readonly size?: number
  readonly inline?: boolean
  /** Whatever `download` needs; JSON. */
  readonly ref: unknown
  /** Set where the bytes are already stored (visitor uploads). */
  readonly fileId?: string
}
