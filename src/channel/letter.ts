import type { ExternalId, ThreadKey } from './inbound.ts'

/** What a channel of letters (mail) knows of one besides its words. Plain JSON: it is stored and shown as it is. */
export interface Letter {
  /** Of ours: the name of who wrote it, without an address. */
  readonly from: LetterAddress
  readonly to: readonly LetterAddress[]
  readonly cc: readonly LetterAddress[]
  /** Of ours only. */
  readonly bcc?: readonly LetterAddress[]
  /** Where answers should go when not to `from`. */
  readonly replyTo?: readonly LetterAddress[]
  /** Everybody else it was addressed to: neither the sender nor any address of ours. */
  readonly others: readonly LetterAddress[]
  /** As the sender's clock had it, RFC 3339; absent or wrong where they left it out. */
  readonly date?: string
  /** The ids of the letters before it, oldest first, as its headers claim. */
  readonly references: readonly ExternalId[]
  /** The subject without "Re:" and its cousins, case folded: two letters of one matter have the same. */
  readonly subjectKey: string
  readonly authentication?: LetterAuthentication
  /** Written on a page of ours: nobody has shown that the address is theirs. Nothing of it goes back by itself. */
  readonly unconfirmed?: true
  readonly protection?: 'smimeSigned' | 'smimeEncrypted' | 'pgpSigned' | 'pgpEncrypted'
}
export interface LetterAddress {
  readonly name: string
  readonly address: string
}
/** What the operator's own mail server, or we ourselves, found out; words of RFC 8601. Never what a foreign server says. */
export interface LetterAuthentication {
  readonly spf?: Verdict
  readonly dkim?: Verdict
  readonly dmarc?: Verdict
}
export type Verdict = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'temperror' | 'permerror'

/** A thread of the same inbox an event says it belongs to, checked by the adapter as far as it can. */
export type Join =
  /** A token of ours, verified. */
  | { readonly by: 'token'; readonly threadKey: ThreadKey }
  /** It answers what we sent in this delivery; the id was verified. */
  | { readonly by: 'delivery'; readonly deliveryId: string }
  /** It names a letter that came in. */
  | { readonly by: 'reference'; readonly externalId: ExternalId }
  /** It names nothing, but the sender wrote of the same matter not long ago. */
  | { readonly by: 'subject'; readonly subjectKey: string; readonly withinMs: number }

/** What a letter of ours says besides its words; the core fills it in for channels whose pace is letters. */
export interface OutboundLetter {
  readonly to: readonly LetterAddress[]
  readonly cc: readonly LetterAddress[]
  readonly bcc: readonly LetterAddress[]
  readonly subject: string
  readonly inReplyTo?: ExternalId
  /** Oldest first, `inReplyTo` the last. */
  readonly references: readonly ExternalId[]
  /** What it answers, to be quoted below it. */
  readonly quoted?: { readonly from: LetterAddress; readonly at: string; readonly text: string; readonly html?: string }
  /** The public name of whoever wrote it; absent: nobody is named. */
  readonly authorName?: string
  /** Made by a program (RFC 3834), so that no other program answers it. */
  readonly automatic: boolean
}
