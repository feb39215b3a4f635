import { randomUUID } from 'node:crypto'
import pino, { type Logger } from 'pino'
import { Registry } from 'prom-client'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { createFiles } from '../../src/files/files.ts'
import type { BackOff } from '../../src/ingest/back-off.ts'
import { createConnections, type InboxConnections, type Limits } from '../../src/ingest/connections.ts'
import { createIngestMetrics } from '../../src/ingest/ingest-metrics.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import type { SaveContext } from '../../src/ingest/save-inbox.ts'
import { createOpenSinks, type OpenSinks, type SinkContext } from '../../src/ingest/sink.ts'
import { type Supervisor, startSupervisor } from '../../src/ingest/supervisor.ts'
import { parseOutboundAllow } from '../../src/security/outbound-address.ts'
import { createSealer } from '../../src/security/seal.ts'
import { type Database, type DatabaseTarget, openDatabase } from '../../src/store/database.ts'
import { touchInbox } from '../../src/store/inbox-health.ts'
import { loopChannel } from './loop-channel/adapter.ts'
import { temporaryFolder } from './temporary-folder.ts'

const testSecretKey = 'the secret key of the tests, long enough'

export interface IngestNode extends SaveContext {
  readonly db: Database
  readonly connections: InboxConnections
  readonly openSinks: OpenSinks
  readonly ingest: { start(): void; stop(): Promise<void> }
  readonly registry: Registry
  /** Lines of the log, parsed. */
  readonly logged: Record<string, unknown>[]
  /** Stops, in the order of a server that shuts down. */
  close(): Promise<void>
}

export interface NodeWish {
  readonly channels?: readonly ChannelAdapter[]
  readonly secretKey?: string
  readonly outboundAllow?: readonly string[]
  readonly backOff?: BackOff
  readonly limits?: Limits
}

/** The way in of one server process, on a pool of its own. It receives once `ingest.start()` was called. */
export async function ingestNode(target: DatabaseTarget, wish: NodeWish = {}): Promise<IngestNode> {
  const db = await openDatabase(target, { poolSize: 4 })
  const channels = wish.channels ?? [loopChannel as ChannelAdapter]
  const sealer = createSealer(wish.secretKey ?? testSecretKey)
  const clock = () => new Date()
  const { log, logged } = memoryLog()
  const outboundAllow = parseOutboundAllow(wish.outboundAllow ?? [])
  const publicUrl = 'http://localhost:3000'
  const files = await createFiles(db, temporaryFolder())
  const around = { db, channels, sealer, publicUrl, log, clock, outboundAllow, files }
  const connections = createConnections(around, wish.limits)
  const registry = new Registry()
  const sinks: SinkContext = {
    record: (input) => recordInbound(db, { ...input, now: clock() }),
    ephemeral: () => {},
    stored: (inboxId) => void touchInbox(db.pool, inboxId).catch(() => {}),
    metrics: createIngestMetrics(registry),
  }
  const backOff = wish.backOff ?? { firstMs: 50, longestMs: 400 }
  const channelIds = channels.map((channel) => channel.id)
  let supervisor: Supervisor | undefined
  const ingest = {
    start: () => {
      supervisor = startSupervisor({ db, connections, sinks, log, node: randomUUID(), channelIds, backOff })
    },
    stop: async () => supervisor?.stop(),
  }
  return {
    db,
    channels,
    sealer,
    clock,
    connections,
    openSinks: createOpenSinks(sinks),
    ingest,
    registry,
    logged,
    close: async () => {
      await ingest.stop()
      await connections.close()
      await db.close()
    },
  }
}

function memoryLog(): { log: Logger; logged: Record<string, unknown>[] } {
  const logged: Record<string, unknown>[] = []
  const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) })
  return { log, logged }
}
