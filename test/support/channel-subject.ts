import type {
  ChannelAdapter,
  ChannelConnection,
  InboundSink,
  SendRequest,
  ThreadRef,
  WebhookRequest,
} from '../../src/channel/contract.ts'
import type { ChannelFailure } from '../../src/channel/errors.ts'
import { channelEnv, type RecordedEnv } from './channel-env.ts'

/** The platform as the contract suite moves it. What a channel does not have is absent. */
export interface StandIn {
  /** A customer writes in `thread`. */
  say?(text: string): void | Promise<void>
  /** What was received by one is never told to another: there is no history to ask for. */
  readonly deliversOnce?: boolean
  /** How many of the things said the platform believes to have been received; they never come again. */
  acknowledged?(): number
  /** Something broken, absurd or huge among the updates; each call another, false when there are no more. */
  sayNonsense?(): boolean
  /** Our own account speaks, in the platform's own app. */
  speakAsUs?(text: string): void | Promise<void>
  /** Texts of ours that the platform holds, oldest first. */
  held?(): readonly string[]
  /** A webhook call as the platform makes it, rightly signed, carrying one customer's message. */
  webhook?(text: string): WebhookRequest
  refuseCredentials?(): void
  /** Idle connections are closed from the platform's side, so that what stays open is ours. */
  dropIdle?(): void
  /** How what the capabilities declare is seen; absent where there is no platform to look at. */
  readonly cells?: Cells
}

/** A message of ours as the customer sees it. */
export interface Shown {
  readonly text: string
  readonly replyTo?: string | undefined
  readonly files: readonly Buffer[]
  readonly buttons: readonly string[]
  /** Ours. */
  readonly reactions: readonly string[]
}

/** What is absent the channel must not declare. */
export interface Cells {
  /** undefined: it is not there, or no more. */
  shown(externalId: string): Shown | undefined
  /** The customer does it, to a message of ours. */
  react?(externalId: string, emoji: string): void
  press?(externalId: string, label: string): void
  type?(): void | Promise<void>
  sendFile?(bytes: Buffer): void | Promise<void>
  /** How often we were seen typing. */
  typed?(): number
}

/** One way the platform can fail a send. */
export interface SendFault {
  readonly name: string
  readonly means: ChannelFailure['kind']
  /** The message is held in spite of the failure. */
  readonly effect: boolean
  arm(): void
}

export interface ChannelSubject {
  readonly adapter: ChannelAdapter
  readonly settings: unknown
  /** Must never be seen in a log line or an error. */
  readonly secrets: readonly string[]
  readonly badSettings: readonly { readonly settings: unknown; readonly field: string }[]
  /** Where a customer writes and we may answer. */
  readonly thread: ThreadRef
  /** Further places of the same inbox that can do other things. */
  readonly otherPlaces?: readonly ThreadRef[]
  readonly standIn: StandIn
  readonly sendFaults: readonly SendFault[]
  close(): Promise<void>
}

/** One subject with what the suite needs around it. */
export interface Stage {
  readonly subject: ChannelSubject
  readonly env: RecordedEnv
  readonly parsed: unknown
  connect(): Promise<ChannelConnection>
  request(text: string, wish?: Partial<SendRequest>): SendRequest
  /** Starts receiving; `stop` aborts and gives how long the end took, ms. */
  receiving(connection: ChannelConnection, sink: InboundSink, since?: unknown): Receiving
}

export interface Receiving {
  readonly ended: Promise<void>
  stop(): Promise<number>
}

let deliveries = 0

export function stageOf(opened: ChannelSubject): Stage {
  const env = channelEnv()
  const subject = withLetters(opened)
  const parsed = subject.adapter.parseSettings(subject.settings)
  return {
    subject,
    env,
    parsed,
    connect: () => subject.adapter.connect(parsed, env),
    request: (text, wish = {}) => requestFor(subject, parsed, text, wish),
    receiving: (connection, sink, since = null) => {
      const abort = new AbortController()
      const ended = connection.receive(since, sink, abort.signal)
      ended.catch(() => {})
      return {
        ended,
        stop: async () => {
          const start = performance.now()
          abort.abort()
          await ended.catch(() => {})
          return performance.now() - start
        },
      }
    },
  }
}

/** Where letters are exchanged the core gives every content an envelope. */
function withLetters(subject: ChannelSubject): ChannelSubject {
  const { adapter } = subject
  const to = [{ name: 'Ada', address: 'ada@example.test' }]
  const letter = { to, cc: [], bcc: [], subject: 'Re: A question', references: [], automatic: false }
  const render: typeof adapter.render = (content, settings, thread) => {
    const letters = adapter.capabilities(settings, thread).text.pace === 'letters'
    return adapter.render(letters ? { letter, ...content } : content, settings, thread)
  }
  return { ...subject, adapter: { ...adapter, render } }
}

function requestFor(subject: ChannelSubject, parsed: unknown, text: string, wish: Partial<SendRequest>): SendRequest {
  deliveries += 1
  const [part] = subject.adapter.render({ text, attachments: [] }, parsed, subject.thread)
  if (!part) throw new Error('a text was rendered to nothing')
  return {
    deliveryId: String(deliveries),
    idempotencyKey: `key-${deliveries}`,
    attempt: 1,
    thread: subject.thread,
    part,
    files: { open: () => Promise.reject(new Error('no file belongs to this message')) },
    known: async () => new Set(),
    ...wish,
  }
}
