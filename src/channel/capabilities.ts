export type Support = 'full' | 'partial' | 'dropped' | 'rejected'

export interface Limit {
  readonly max: number
  /** The platform's page that says so. */
  readonly source: string
}

/** One sort of file that a platform takes. */
export interface FileKind {
  /** As people call it in any language ('JPEG'). */
  readonly name: string
  /** Its media type ('image/jpeg'). */
  readonly type: string
  readonly maxBytes: number
}

/** Where everything that CommonMark says is shown as it is meant. */
export const everyFormat = {
  bold: 'full',
  italic: 'full',
  code: 'full',
  codeBlock: 'full',
  link: 'full',
  quote: 'full',
  list: 'full',
  heading: 'full',
} as const

/** So many sends in such a time, whoever they go to. */
export interface SendBudget {
  /** What is counted, for people ('direct messages'). */
  readonly name: string
  readonly max: number
  readonly windowMs: number
  /** Counted are the sends to threads of these kinds. */
  readonly kinds: readonly string[]
}

/** One data object, read alike by composer, outbox, docs and contract suite. Plain JSON. */
export interface Capabilities {
  readonly text: {
    readonly max: number
    /** How `max` and RenderedPart.length count. */
    readonly unit: 'utf16' | 'codePoints' | 'weighted' | 'bytes'
    readonly source: string
    /** One bubble of speech after another, or letters that answer each other. */
    readonly pace: 'chat' | 'letters'
  }
  readonly formats: Readonly<
    Record<'bold' | 'italic' | 'code' | 'codeBlock' | 'link' | 'quote' | 'list' | 'heading', Support>
  >
  readonly attachments: {
    readonly out: Support
    readonly in: Support
    readonly maxBytes: number
    readonly maxPerMessage: number
    /** Absent: files of any kind, each up to `maxBytes`. */
    readonly kinds?: readonly FileKind[]
    readonly source: string
  }
  /** Why nothing can be sent here: a sentence. Absent: it can. */
  readonly closed?: string
  /** Those that hold in this thread; without a thread all of the inbox. Absent: none that a desk could spend. */
  readonly budgets?: readonly SendBudget[]
  /** `privateDoor` leads from here to a place that nobody else reads. */
  readonly privateDoor?: boolean
  /** The platform wants programs to answer what they were asked and nothing more: no notices. */
  readonly onlyAsked?: boolean
  /** A page of ours shows forms whole: nothing is asked one by one. */
  readonly forms?: boolean
  readonly reply: Support
  readonly subject: Support
  readonly choices: Support
  /** Ours, changed after sending. */
  readonly edit: Support
  readonly remove: Support
  readonly reactions: { readonly in: Support; readonly out: Support }
  readonly typing: { readonly in: Support; readonly out: Support }
  readonly receipts: { readonly delivered: Support; readonly read: Support }
  readonly markRead: Support
  /** May an agent write first? */
  readonly startThread: Support
  /** Sending the same idempotency key again changes nothing at the platform. */
  readonly idempotentSend: boolean
  /** `confirm` exists. */
  readonly confirm: boolean
  /** `handleWebhook` exists. */
  readonly webhook: boolean
  /** `visitors` exists. */
  readonly visitors: boolean
  /** `receive` runs until aborted; false: it returns once it has caught up. */
  readonly receives: boolean
  /** A connection that showed no sign of life for so long is torn down and built again, ms. 0: never. */
  readonly silenceMs: number
}
