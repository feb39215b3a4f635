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
  message(input: VisitorMessage): InboundMessage
  read(input: { readonly visitor: VisitorRef; readonly externalId: ExternalId; readonly at: Date }): InboundReceipt
  delivered(input: { readonly visitor: VisitorRef; readonly externalId: ExternalId; readonly at: Date }): InboundReceipt
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
  /** Goes first. */
  readonly vip?: boolean
}
export interface VisitorMessage {
  readonly visitor: VisitorRef
  readonly clientId: string
  readonly text: string
  readonly attachments: readonly OutboundFile[]
  readonly at: Date
  readonly language?: string
}
