import type { Block } from '../../../src/channel/markdown.ts'

export type { Block, Inline } from '../../../src/channel/markdown.ts'

/** What the loader hands to the panel. */
export interface PanelOptions {
  readonly inboxId: string
  /** Where Tributary answers, without a slash at the end. */
  readonly base: string
  readonly locale: string
  readonly root: ShadowRoot
  readonly onUnread: (count: number) => void
  readonly onVisible: (visible: boolean) => void
}

export interface Panel {
  open(): void
  close(): void
  identify(token: string): Promise<void>
  signOut(): Promise<void>
}

export interface Settings {
  readonly name: string
  readonly greeting: string
  readonly availability?: string
  /** The visitor may leave an address to be answered at. */
  readonly email: boolean
  readonly limits: { readonly text: number; readonly fileBytes: number; readonly files: number }
}

export interface Attachment {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly size: number | null
  /** null: not here yet, or for good. */
  readonly url: string | null
}

export interface Message {
  readonly id: string
  readonly from: 'visitor' | 'support'
  readonly clientId?: string
  readonly sender?: { readonly type: 'agent' | 'bot'; readonly name: string; readonly avatar: string | null }
  readonly text: string
  readonly blocks?: readonly Block[]
  readonly attachments: readonly Attachment[]
  readonly replyTo?: string
  readonly at: string
  readonly edited?: boolean
  readonly deleted?: boolean
  /** Ours to the visitor: already read, on whichever device. */
  readonly read?: boolean
  /** It went, or came, by mail. */
  readonly byLetter?: boolean
  /** It offers the form of this topic. */
  readonly form?: string
}

export interface FormField {
  readonly key: string
  readonly kind: 'text' | 'choice' | 'number' | 'transactionId' | 'address'
  readonly label: string
  readonly hint?: string
  readonly required: boolean
  readonly when?: { readonly field: string; readonly is: readonly string[] }
  readonly options?: readonly { readonly value: string; readonly label: string }[]
  readonly max: number
}

export interface Form {
  readonly topicId: string
  readonly name: string
  readonly fields: readonly FormField[]
}

export interface FilledForm {
  readonly clientId: string
  readonly topicId: string
  readonly answers: Readonly<Record<string, string>>
  readonly text: string
}

export interface EmailState {
  readonly state: 'none' | 'pending' | 'refused' | 'confirmed'
  readonly address?: string
}

/** In the queue; minutes. */
export interface Place {
  readonly place: number | null
  readonly wait: { readonly low: number; readonly high: number } | null
}

export interface Availability {
  readonly open: boolean
  readonly why: 'hours' | 'busy' | 'elsewhere' | null
  readonly opensAt: string | null
  readonly help: string | null
}

export interface MessagePage {
  readonly items: readonly Message[]
  /** Asks for what comes after this page, and for nothing twice. */
  readonly cursor: string
  readonly more: boolean
  /** The newest of the visitor's messages that a person has seen. */
  readonly seenUpTo: string | null
}

export interface QueuedFile {
  readonly key: string
  readonly name: string
  readonly type: string
  readonly size: number
  readonly blob: Blob
  /** Set once it is uploaded. */
  readonly fileId?: string
}

/** Written by the visitor, not yet acknowledged by the server. */
export interface QueuedMessage {
  readonly clientId: string
  readonly text: string
  readonly files: readonly QueuedFile[]
  readonly at: number
  readonly failed?: string
}

/** What may answer before it is sent. */
export interface Suggestion {
  readonly id: string
  readonly title: string
}

export interface Article {
  readonly title: string
  readonly locale: string
  readonly url: string
  readonly blocks: readonly Block[]
}
