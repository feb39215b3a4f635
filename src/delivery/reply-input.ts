import type { Connections } from '../channel/contract.ts'
import type { AutomaticKind, Silence } from '../domain/automatic.ts'
import type { BotSaying } from '../store/bot-turn.ts'
import type { Database, Queryable } from '../store/database.ts'
import type { Priority } from '../store/delivery.ts'
import type { Recipients } from '../store/letter.ts'
import type { ConflictCause } from '../store/reply.ts'

export interface ReplyContext {
  readonly db: Database
  readonly connections: Pick<Connections, 'describe'>
  readonly clock: () => Date
}

export interface Author {
  readonly type: 'agent' | 'bot' | 'system'
  /** The agent's id; absent for the bot, the system and tokens that stand for nobody. */
  readonly id?: string
  /** Under which files were uploaded and client ids are unique: 'agent:7', 'token:2'. Absent: made of type and id. */
  readonly key?: string
  readonly priority: Priority
}

export interface ReplyInput {
  readonly conversationId: string
  readonly author: Author
  readonly kind: 'reply' | 'note'
  /** CommonMark. */
  readonly text: string
  readonly attachmentFileIds: readonly string[]
  /** A message's id. */
  readonly replyTo?: string
  readonly clientId: string
  /** The last version painted in the composer. */
  readonly basedOn?: number
  readonly force?: boolean
  readonly choices?: readonly { readonly id: string; readonly label: string }[]
  readonly subject?: string
  /** The customer's message that a program answers here; every other automatic word to a customer names what it follows. */
  readonly answers?: { readonly messageId: string; readonly kind: AutomaticKind }
  /** The bot's word: only while it has the case and nothing newer was said. What it was is kept with it. */
  readonly turn?: BotSaying
  /** A program's word after a silence: whom it is for, and the person's word to which nobody answered. */
  readonly follows?: { readonly askedBy: string; readonly wordId: string }
  /** A program's word about what became of the case: the newest message of whom it is for. */
  readonly tells?: { readonly askedBy: string; readonly kind: 'turn' | 'escalated' | 'resolved' }
  /** Asked last, under the locks: false, and nothing is said. What it writes commits with the message. */
  readonly when?: (tx: Queryable) => Promise<boolean>
  /** Where letters are exchanged; what is left out is as in an answer to the last letter. */
  readonly recipients?: Partial<Recipients>
}

export interface ReplyResult {
  /** False: the same client id had made it before, and nothing was done. */
  readonly created: boolean
  readonly messageId: string
  readonly conversationId: string
}

/** Somebody did something meanwhile that the writer has not seen. `force` sends nevertheless. */
export class ReplyConflict extends Error {
  readonly causes: readonly ConflictCause[]
  readonly version: string

  constructor(causes: readonly ConflictCause[], version: string) {
    super('This conversation changed while you were writing.')
    this.name = 'ReplyConflict'
    this.causes = causes
    this.version = version
  }
}

/** Nothing automatic may be said here and now, or something was said already. Nothing was written. */
export class KeptSilent extends Error {
  /** 'overtaken': somebody spoke meanwhile, or it is no more the customer's turn. */
  readonly why: Silence | 'answered' | 'gone' | 'overtaken'

  constructor(why: KeptSilent['why']) {
    super('Nothing automatic is said here.')
    this.name = 'KeptSilent'
    this.why = why
  }
}

export type RejectedReply =
  | 'empty'
  | 'noRecipient'
  | 'unknownConversation'
  | 'unknownReplyTo'
  | 'unknownFile'
  | 'tooLarge'
  | 'unsupported'
  | 'clientIdTaken'
  | 'inboxGone'
  | 'merged'
  | 'erased'

/** Cannot be sent as it is. The message is a sentence for the writer. */
export class ReplyRejected extends Error {
  readonly code: RejectedReply

  constructor(code: RejectedReply, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ReplyRejected'
    this.code = code
  }
}

export function keyOf(author: Author): string {
  return author.key ?? (author.id === undefined ? author.type : `${author.type}:${author.id}`)
}
