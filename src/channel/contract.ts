import type { Readable } from 'node:stream'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Capabilities } from './capabilities.ts'
import type { ChannelForm } from './form.ts'
import type {
  ExternalId,
  InboundEvent,
  RefusedRecipient,
  RemoteAttachment,
  Sender,
  ThreadKey,
  ThreadRef,
} from './inbound.ts'
import type { LetterAddress, OutboundLetter } from './letter.ts'
import type { VisitorDoor } from './visitors.ts'
import type { ChannelWords } from './words.ts'

export type { ChannelField, ChannelForm } from './form.ts'
export type {
  Audience,
  Command,
  ExternalId,
  FilledForm,
  InboundChoice,
  InboundEcho,
  InboundEdit,
  InboundEvent,
  InboundMessage,
  InboundMoved,
  InboundReaction,
  InboundReceipt,
  InboundRemoval,
  RefusedRecipient,
  RemoteAttachment,
  Sender,
  ThreadKey,
  ThreadRef,
} from './inbound.ts'
export type { Join, Letter, LetterAddress, LetterAuthentication, OutboundLetter, Verdict } from './letter.ts'
export type { VisitorDoor, VisitorIdentity, VisitorMessage, VisitorRef } from './visitors.ts'

/** Where receiving resumes: any JSON value of the adapter's own making. */
export type Cursor = unknown

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
  /** The same words in other languages, by locale ('zh'); what is missing is shown in English. */
  readonly translations?: Readonly<Record<string, ChannelWords>>
  /** Customers come from a platform whose terms want a page about their data: it is asked for before an inbox goes live. */
  readonly asksPrivacyPage?: boolean
  /** Throws SettingsError naming the field. Must not touch the network. */
  parseSettings(input: unknown): Settings
  capabilities(settings: Settings, thread?: ThreadRef): Capabilities
  /** Pure. The same content gives the same parts. Must lose no text: what the platform cannot show becomes text or another part. */
  render(content: OutboundContent, settings: Settings, thread: ThreadRef): readonly RenderedPart[]
  /** Where customers have addresses (mail): whom one belongs to, with the key that person's own letters would carry. Pure. */
  addressee?(address: LetterAddress): Sender
  /** Where a thread is no more than what belongs together (mail): another one, of this seed (24 digits and letters a to f). Pure. */
  newThread?(seed: string, settings: Settings): ThreadRef
  /** Where customers who left are answered by letter, if the settings name such an inbox. Pure. */
  continues?(settings: Settings): Continuation | null
  /** Checks the credentials; throws ChannelError 'auth' when they are refused. Must leave nothing open when it throws. */
  connect(settings: Settings, env: ChannelEnv): Promise<ChannelConnection>
}

export interface Continuation {
  /** The setting that names it, for whoever says what is wrong with it. */
  readonly field: string
  readonly inboxId: string
  /** What those customers know this place as; empty: nothing. */
  readonly title: string
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
  /** The https address of a place that only we and the customer read, for one who writes where others do. No I/O. null: none. */
  privateDoor?(thread: ThreadRef): string | null
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
  /** What came before is not taken; a channel that can tell need not fetch it, only count it as ignored. */
  readonly importFrom: Date
  /** What customers may fill in, in its order. What a message brings of it is checked by the core. */
  forms(): Promise<readonly ChannelForm[]>
  /** Files that belong to this inbox; on the disk before `keep` resolves. What no event names in the end is removed later. */
  readonly files: FileKeeper
  /**
   * One door of this process for all inboxes that share it, by its address: made by the first, closed when the last has left.
   * Whoever comes later gets the same; rejects with what `open` rejects with.
   */
  listen<T extends SharedDoor>(address: DoorAddress, open: () => Promise<T>): Promise<OpenDoor<T>>
}

export interface FileKeeper {
  /** Rejects with ChannelError 'rejected' tooLarge beyond `maxBytes`. */
  keep(file: {
    readonly name: string
    readonly bytes: Buffer | Readable
    readonly maxBytes: number
  }): Promise<OutboundFile>
}
export interface DoorAddress {
  readonly host: string
  readonly port: number
}
export interface SharedDoor {
  close(): Promise<void>
}
export interface OpenDoor<T> {
  readonly door: T
  leave(): Promise<void>
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

export interface OutboundContent {
  /** CommonMark. */
  readonly text: string
  readonly subject?: string
  readonly attachments: readonly OutboundFile[]
  readonly replyTo?: ExternalId
  /** Buttons where the platform has them, a numbered list elsewhere; a typed "2" is the same choice. */
  readonly choices?: readonly { readonly id: string; readonly label: string }[]
  /** Present exactly where `capabilities.text.pace` is 'letters'. */
  readonly letter?: OutboundLetter
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
  /**
   * Which of these are other messages already: a customer's, ours, or those of another delivery. What is looked for by its words
   * must not be one of them, or a sentence said twice would count as sent after the first.
   */
  known(ids: readonly ExternalId[]): Promise<ReadonlySet<ExternalId>>
  /**
   * The time limit of a send counts from the last call: the platform really took bytes, or is as good as sure to be busy with
   * them for `forMs`. Must not be called for a platform that only has not answered yet.
   */
  readonly alive?: (forMs?: number) => void
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
  /** Further messages that the platform made of the same part (the rest of an album), in their order. */
  readonly more?: readonly ExternalId[]
  readonly at?: Date
  /** Of several recipients those that did not get it; the others did. */
  readonly refused?: readonly RefusedRecipient[]
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
