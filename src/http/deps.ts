import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { EndpointSettings } from '../bot/endpoint.ts'
import type { ChannelAdapter, Connections, InboundSink } from '../channel/contract.ts'
import type { Sealer } from '../domain/sealer.ts'
import type { Files } from '../files/files.ts'
import type { Hub } from '../realtime/hub.ts'
import type { OutboundAllow } from '../security/outbound-address.ts'
import type { Database } from '../store/database.ts'
import type { VisitorLimits } from './visitor-limits.ts'

/** Everything the HTTP side is handed; it opens nothing itself. */
export interface HttpDeps {
  readonly db: Database
  readonly channels: readonly ChannelAdapter[]
  readonly connections: Connections
  readonly ingest: { sinkFor(inboxId: string): Promise<InboundSink> }
  readonly files: Files
  readonly sealer: Sealer
  readonly hub: Hub
  readonly clock: () => Date
  readonly log: Logger
  readonly registry: Registry
  /** Without a slash at the end. */
  readonly publicUrl: string
  /** As fastify's trustProxy: false, or addresses and networks whose X-Forwarded-* are believed. */
  readonly trustProxy: boolean | string | readonly string[]
  /** The bootstrap administrator's token; undefined: none. */
  readonly apiToken?: string
  /** Directory of the built web inbox; undefined: not served. */
  readonly webRoot?: string
  /** Directory of the built widget; undefined: not served. */
  readonly widgetRoot?: string
  /** Folder of the sample desk; undefined: this installation came without it. */
  readonly sampleRoot?: string
  readonly metrics: boolean
  /** Of the visitor API; undefined: the usual ones. */
  readonly visitorLimits?: VisitorLimits
  readonly outboundAllow: OutboundAllow
  /** Writes drafts for the bot; undefined: it does without. */
  readonly llm?: EndpointSettings
}
