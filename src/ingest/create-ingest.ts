import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { ChannelAdapter } from '../channel/contract.ts'
import type { Database } from '../store/database.ts'
import { signalCustomerTyping } from '../store/ephemeral.ts'
import { touchInbox } from '../store/inbox-health.ts'
import type { BackOff } from './back-off.ts'
import type { InboxConnections } from './connections.ts'
import { createIngestMetrics } from './ingest-metrics.ts'
import { recordInbound } from './record-inbound.ts'
import { createOpenSinks, type OpenSinks, type SinkContext } from './sink.ts'
import { type Supervisor, startSupervisor } from './supervisor.ts'

export interface IngestContext {
  readonly db: Database
  readonly channels: readonly ChannelAdapter[]
  readonly connections: InboxConnections
  readonly log: Logger
  readonly clock: () => Date
  readonly registry: Registry
  readonly backOff?: BackOff
}

export interface Ingest extends Pick<OpenSinks, 'sinkFor'> {
  /** Begins to receive for the inboxes that nobody receives for; once. */
  start(): void
  /** Ends receiving within two seconds and stores what was already taken. Closes neither connections nor database. */
  stop(): Promise<void>
}

/** The way in, as one process sees it: sinks for what is brought, loops for what has to be fetched. */
export function createIngest(ctx: IngestContext): Ingest {
  const { db, log } = ctx
  const sinks: SinkContext = {
    record: (input) => recordInbound(db, { ...input, now: ctx.clock() }),
    ephemeral: (inboxId, { thread, typing }) => {
      signalCustomerTyping(db.pool, { inboxId, key: thread }, typing).catch(() => {})
    },
    stored: (inboxId) => {
      touchInbox(db.pool, inboxId).catch(() => {})
    },
    metrics: createIngestMetrics(ctx.registry),
  }
  const open = createOpenSinks(sinks)
  let supervisor: Supervisor | null = null
  return {
    sinkFor: open.sinkFor,
    start: () => {
      supervisor ??= startSupervisor({
        db,
        connections: ctx.connections,
        sinks,
        log,
        node: `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`,
        channelIds: ctx.channels.map((channel) => channel.id),
        ...(ctx.backOff && { backOff: ctx.backOff }),
      })
    },
    stop: async () => {
      await supervisor?.stop()
      await open.drained()
    },
  }
}
