import type { Readable } from 'node:stream'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Capabilities } from './capabilities.ts'

/** Opaque to everybody but the adapter that minted it; unique within an inbox. At most 512 characters. */
export type ThreadKey = string
/** The platform's id of one message; unique within a thread. */
export type ExternalId = string
/** Where receiving resumes: any JSON value of the adapter's own making. */
export type Cursor = unknown

export type Audience = 'private' | 'shared' | 'public'

/** One channel: what a platform is. Everything here but `connect` is pure and does no I/O. */
export interface ChannelAdapter<Settings = unknown> {
  /** Lower case, also the folder's name. Nothing outside the folder may compare it. */
  readonly id: string
  readonly name: string
  /** A complete `<svg>` of 24 x 24, drawn in `currentColor`, told apart by its shape. */
  readonly icon: string
  /** The form of an inbox of this channel; secrets carry `.meta({ secret: true })`. */
  readonly settingsSchema: z.ZodType<Settings>
  /** Numbered steps to get the credentials, in plain words; shown beside the form. */
  readonly instructions: readonly string[]
  /** Throws SettingsError naming the field. Must not touch the network. */
  parseSettings(input: unknown): Settings
  capabilities(settings: Settings, thread?: ThreadRef): Capabilities
  /** Pure. The same content gives the same parts. Must lose no text: what the platform cannot show becomes text or another part. */
  render(content: OutboundContent, settings: Settings, thread: ThreadRef): readonly RenderedPart[]
  /** Checks the credentials; throws ChannelError 'auth' when they are refused. Must leave nothing open when it throws. */
  connect(settings: Settings, env: ChannelEnv): Promise<ChannelConnection>
}

/** A channel live on one account. Must share no state with another connection. */
export interface ChannelConnection {
  /**
   * Asks the platform from `since` on, in order, one batch at a time, until `signal` aborts (then resolves within a second).
   * Must not acknowledge anything to the platform before `sink.commit` has resolved for it. Never retries a refused commit:
   * it throws, and the supervisor starts it again from the committed cursor.
   * A channel that only receives by webhook or through a visitor door resolves at once when there is nothing to catch up on.
   */
  receive(since: Cursor | null, sink: InboundSink, signal: AbortSignal): Promise<void>
  /** Exactly one platform message; never retries; rejects only with ChannelError. */
  send(request: SendRequest, signal: AbortSignal): Promise<SendReceipt>
  /** The bytes of an attachment the platform described. The caller limits size and time. */
  download(attachment: RemoteAttachment, signal: AbortSignal): Promise<Readable>
  close(): Promise<void>

  // Present exactly when the capabilities say so:
  /** Checks the signature over `request.body` before parsing; answers 2xx only after `sink.commit` resolved. */
  handleWebhook?(request: WebhookRequest, sink: InboundSink): Promise<WebhookResponse>
  edit?(request: EditRequest, signal: AbortSignal): Promise<SendReceipt>
  remove?(request: RemoveRequest, signal: AbortSignal): Promise<void>
  react?(request: ReactRequest, signal: AbortSignal): Promise<void>
  showTyping?(thread: ThreadRef): Promise<void>
  markRead?(thread: ThreadRef, upTo: ExternalId): Promise<void>
  /** Was this idempotency key already sent? null means "not found", never "not sent": it can only settle towards sent. */
  confirm?(request: SendRequest, signal: AbortSignal): Promise<SendReceipt | null>
  /** Bookkeeping at the platform after settling; a job of its own, whose failure never touches the delivery. */
  afterSent?(request: SendRequest, receipt: SendReceipt): Promise<void>
  /** Customers of this channel talk to us directly over the visitor API. */
  readonly visitors?: VisitorDoor
}

/** What a channel is given besides its settings. Its only way out into the world. */
export interface ChannelEnv {
  readonly inboxId: string
  readonly publicUrl: string
  /** HMAC-SHA256 under the installation's key and this inbox, base64url. */
  sign(data: string): string
  verify(data: string, signature: string): boolean
  /** For this connection only: the hosts named in the inbox's own settings may be private addresses. */
  readonly fetch: typeof globalThis.fetch
  readonly clock: () => Date
  readonly log: Logger
  /** Runs `next` alone in the whole installation, commits what it returns (merged into the sealed settings), then resolves with it. */
  rotateCredentials<T extends Record<string, unknown>>(next: (current: T) => Promise<T>): Promise<T>
}

export interface InboundBatch {
  readonly events: readonly InboundEvent[]
  /** What was seen and deliberately left out, so that nothing is dropped silently. */
  readonly ignored?: readonly { readonly reason: string; readonly count?: number }[]
  /** Absent: the stored cursor stays. */
  readonly cursor?: Cursor
}

export interface InboundSink {
  /** Resolves after the batch is committed; rejects when it is not: then nothing may be acknowledged. */
  commit(batch: InboundBatch): Promise<CommitResult>
  /** Shown for seconds, never stored. */
  ephemeral(event: { readonly thread: ThreadKey; readonly typing: boolean }): void
  /** A sign of life of a quiet connection (a heartbeat answered, an empty poll); keeps the watchdog content. */
  alive(): void
  /** Shown in the inbox's health, for example a gap that could not be caught up. null clears it. */
  warn(message: string | null): void
}

export interface CommitResult {
  /** For each event, in order: what became of it. */
  readonly outcomes: readonly EventOutcome[]
}
export type EventOutcome =
  | { readonly kind: 'applied'; readonly messageId?: string; readonly conversationId?: string }
  | { readonly kind: 'duplicate'; readonly messageId?: string; readonly conversationId?: string }
  | { readonly kind: 'parked' }
  | { readonly kind: 'quarantined'; readonly reason: string }

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
  readonly language?: string
  readonly email?: { readonly address: string; readonly verified: boolean }
  readonly profile?: Readonly<Record<string, string>>
}

interface EventBase {
  /** Unique within the inbox, the same however often the platform repeats the event. */
  readonly eventId: string
  readonly thread: ThreadRef
  readonly occurredAt: Date
  /** The platform's own words, kept for 30 days; JSON. */
  readonly raw: unknown
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
  /** Made by a program (RFC 3834): never answered automatically. */
  readonly automatic?: boolean
}
export interface InboundMoved extends EventBase {
  readonly kind: 'moved'
  readonly to: ThreadRef
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
  readonly attachments?: readonly RemoteAttachment[]
  readonly replyTo?: ExternalId
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
  readonly reason?: string
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

export interface OutboundContent {
  /** CommonMark. */
  readonly text: string
  readonly subject?: string
  readonly attachments: readonly OutboundFile[]
  readonly replyTo?: ExternalId
  /** Buttons where the platform has them, a numbered list elsewhere; a typed "2" is the same choice. */
  readonly choices?: readonly { readonly id: string; readonly label: string }[]
}
export interface OutboundFile {
  readonly id: string
  readonly name: string
  readonly type: string
  /** Bytes. */
  readonly size: number
}

/** One platform message. Plain JSON: it waits in the outbox and must survive JSON.stringify unchanged. */
export interface RenderedPart {
  /** What a person would read, for previews and search; not what is sent. */
  readonly text: string
  /** In the channel's own unit. */
  readonly length: number
  readonly fileIds: readonly string[]
  /** The adapter's own business. */
  readonly payload: unknown
}

export interface SendRequest {
  readonly deliveryId: string
  /** Stable over every attempt of this delivery. */
  readonly idempotencyKey: string
  /** From 1; rises with every claim. */
  readonly attempt: number
  readonly thread: ThreadRef
  readonly part: RenderedPart
  readonly replyTo?: ExternalId
  readonly files: FileAccess
}
export interface EditRequest extends SendRequest {
  readonly externalId: ExternalId
}
export interface RemoveRequest {
  readonly deliveryId: string
  readonly thread: ThreadRef
  readonly externalId: ExternalId
}
export interface ReactRequest extends RemoveRequest {
  readonly reactions: readonly string[]
}
export interface FileAccess {
  open(fileId: string): Promise<{ readonly file: OutboundFile; readonly stream: Readable }>
}
export interface SendReceipt {
  readonly externalId: ExternalId
  readonly at?: Date
}

export interface WebhookRequest {
  readonly method: string
  readonly query: Readonly<Record<string, string>>
  /** Lower-case names; a header sent twice is an array. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The raw bytes, before anything parsed them. */
  readonly body: Buffer
}
export interface WebhookResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The pure side of a channel whose customers use the visitor API; storage, limits and sockets are the core's. */
export interface VisitorDoor {
  /** `origin` is the Origin header; undefined for programs, which are allowed: CORS is a hint, the token is the wall. */
  allowsOrigin(origin: string | undefined): boolean
  /** Throws ChannelError 'rejected' when the token is not the website's own, too old or for somebody else. */
  verifyIdentity(token: string): Promise<VisitorIdentity>
  /** What the page may know before anybody wrote. */
  publicSettings(): { readonly greeting: string; readonly name: string; readonly availability?: string }
  message(input: VisitorMessage): InboundMessage
  read(input: { readonly visitor: VisitorRef; readonly upTo: ExternalId; readonly at: Date }): InboundReceipt
  delivered(input: { readonly visitor: VisitorRef; readonly upTo: ExternalId; readonly at: Date }): InboundReceipt
  thread(visitor: VisitorRef): ThreadRef
}
export interface VisitorRef {
  readonly id: string
  readonly identity?: VisitorIdentity
}
export interface VisitorIdentity {
  readonly sub: string
  readonly name?: string
  readonly email?: string
}
export interface VisitorMessage {
  readonly visitor: VisitorRef
  readonly clientId: string
  readonly text: string
  readonly attachments: readonly OutboundFile[]
  readonly at: Date
  readonly language?: string
}

/** The open connections of the installation's inboxes, as the rooms that send see them. */
export interface Connections {
  /** Opens or reuses; rejects with ChannelError ('auth', 'unavailable') when it cannot be had. */
  get(inboxId: string): Promise<OpenInbox>
  /** What rendering needs, without touching the network: it works while the platform is down or refuses us. */
  describe(inboxId: string): Promise<DescribedInbox>
}
export interface DescribedInbox {
  readonly inboxId: string
  readonly adapter: ChannelAdapter
  readonly settings: unknown
}
export interface OpenInbox extends DescribedInbox {
  readonly connection: ChannelConnection
}
