import type { Command } from '../../../src/channel/contract.ts'

/** What goes over the wire between the adapter and the stand-in platform: one vocabulary for both sides. */
export interface LoopChat {
  readonly id: string
  readonly kind?: string
  readonly audience?: 'private' | 'shared' | 'public'
  readonly place?: string
}

export interface LoopPerson {
  readonly id: string
  readonly name?: string
}

export interface LoopFile {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly size: number
}

interface UpdateBase {
  /** Unique in the account, the same however often it comes. */
  readonly id: string
  readonly chat: LoopChat
  /** ms since 1970. */
  readonly at: number
}

export type LoopUpdate = UpdateBase &
  (
    | {
        readonly type: 'message'
        readonly from: LoopPerson
        readonly message: string
        readonly text: string
        readonly replyTo?: string
        readonly groupKey?: string
        readonly command?: Command
        readonly files?: readonly LoopFile[]
      }
    | { readonly type: 'edit'; readonly from: LoopPerson; readonly message: string; readonly text: string }
    | { readonly type: 'removal'; readonly message: string }
    | { readonly type: 'reaction'; readonly from: LoopPerson; readonly message: string; readonly reactions: string[] }
    | {
        readonly type: 'receipt'
        readonly message: string
        readonly receipt: 'delivered' | 'read' | 'bounced' | 'delayed'
        readonly upTo?: boolean
      }
    | {
        readonly type: 'echo'
        readonly message: string
        readonly text: string
        readonly key?: string
        readonly from?: LoopPerson
      }
    | {
        readonly type: 'choice'
        readonly from: LoopPerson
        readonly message: string
        readonly of: string
        readonly choice: string
        readonly label: string
      }
    | { readonly type: 'moved'; readonly to: LoopChat }
  )

/** `LoopUpdate` without what the platform fills in itself. */
export type LoopHappening = LoopUpdate extends infer U ? (U extends LoopUpdate ? Omit<U, 'id' | 'at'> : never) : never

export interface LoopPage {
  readonly updates: readonly unknown[]
  /** The cursor: asking `after` it acknowledges all that came before. */
  readonly next: number
}

export interface LoopSend {
  readonly chat: string
  readonly text: string
  readonly key?: string
  readonly replyTo?: string
  readonly files?: readonly { readonly name: string; readonly type: string; readonly base64: string }[]
}

export interface LoopSent {
  readonly id: string
  readonly at: number
}

export const signatureHeader = 'x-loop-signature'
