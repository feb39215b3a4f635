import type { OutboundFile } from './contract.ts'
import type { ExternalId, InboundMessage, InboundReceipt, ThreadRef } from './inbound.ts'

/** The pure side of a channel whose customers use the visitor API; storage, limits and sockets are the core's. */
export interface VisitorDoor {
  /** `origin` is the Origin header; undefined for programs, which are allowed: CORS is a hint, the token is the wall. */
  allowsOrigin(origin: string | undefined): boolean
  /** Throws ChannelError 'rejected' when the token is not the website's own, too old or for somebody else. */
  verifyIdentity(token: string): Promise<VisitorIdentity>
  /** What the page may know before anybody wrote. */
  publicSettings(): { readonly greeting: string; readonly name: string; readonly availability?: string }
  /** When and for whom live chat is offered; absent: always, for everybody. `regionHeader` names who says the country. */
  liveChat?(): LiveChatRules & { readonly regionHeader?: string | undefined }
  message(input: VisitorMessage): InboundMessage
  read(input: { readonly visitor: VisitorRef; readonly externalId: ExternalId; readonly at: Date }): InboundReceipt
  delivered(input: { readonly visitor: VisitorRef; readonly externalId: ExternalId; readonly at: Date }): InboundReceipt
  thread(visitor: VisitorRef): ThreadRef
}
export interface LiveChatRules {
  /** The name of business hours. */
  readonly hours?: string | undefined
  /** Countries, ISO 3166: 'JP'. */
  readonly regions?: readonly string[] | undefined
  readonly tiers?: readonly string[] | undefined
  /** Beginnings of paths. */
  readonly pages?: readonly string[] | undefined
  readonly mostWaiting?: number | undefined
}
export interface VisitorRef {
  readonly id: string
  readonly identity?: VisitorIdentity
}
export interface VisitorIdentity {
  readonly sub: string
  readonly name?: string
  readonly email?: string
  /** Goes first. */
  readonly vip?: boolean
  /** As the website calls it: 'gold'. */
  readonly tier?: string
  /** ISO 3166: 'JP'. */
  readonly country?: string
}
export interface VisitorMessage {
  readonly visitor: VisitorRef
  readonly clientId: string
  readonly text: string
  readonly attachments: readonly OutboundFile[]
  readonly at: Date
  readonly language?: string
}
