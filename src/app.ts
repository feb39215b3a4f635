import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Config } from '../config/index.ts'
import type { EndpointSettings } from './bot/endpoint.ts'
import { createEndpointRest } from './bot/endpoint-rest.ts'
import type { ChannelAdapter } from './channel/contract.ts'
import { startDeliveryWorker } from './delivery/worker.ts'
import { type Files, filesIn } from './files/files.ts'
import { openBlobs } from './files/open-blobs.ts'
import { buildServer } from './http/server.ts'
import type { VisitorLimits } from './http/visitor-limits.ts'
import { createConnections, type InboxConnections } from './ingest/connections.ts'
import { createIngestMetrics } from './ingest/ingest-metrics.ts'
import { recordInbound } from './ingest/record-inbound.ts'
import { createOpenSinks, type OpenSinks, type SinkContext } from './ingest/sink.ts'
import { startSupervisor } from './ingest/supervisor.ts'
import { startLater } from './later.ts'
import { startHub } from './realtime/hub.ts'
import { parseOutboundAllow } from './security/outbound-address.ts'
import { createSealer } from './security/seal.ts'
import { type Database, type DatabaseTarget, migrate, openDatabase } from './store/database.ts'
import { signalCustomerTyping } from './store/ephemeral.ts'
import { touchInbox } from './store/inbox-health.ts'

export interface AppOptions {
  readonly config: Config
  readonly channels: readonly ChannelAdapter[]
  /** A database that runs; it is migrated here. */
  readonly target: DatabaseTarget
  /** Where files lie; made when missing. */
  readonly dataDir: string
  readonly secretKey: string
  readonly log: Logger
  readonly clock?: () => Date
  /** Directories of the built pages; absent: not served. */
  readonly webRoot?: string
  readonly widgetRoot?: string
  /** Folder of the sample desk; absent: it cannot be loaded. */
  readonly sampleRoot?: string
  readonly poolSize?: number
  /** Of the visitor API; absent: the usual ones. */
  readonly visitorLimits?: VisitorLimits
}

export interface App {
  readonly url: string
  readonly db: Database
  /** false: it is here already. Throws where somebody works here. */
  loadSample(): Promise<boolean>
  /** Drains what is under way, then closes; the database server is the caller's. */
  close(): Promise<void>
}

interface Ground {
  readonly options: AppOptions
  readonly db: Database
  readonly files: Files
  readonly connections: InboxConnections
  readonly sinks: SinkContext
  readonly openSinks: OpenSinks
  readonly registry: Registry
  readonly clock: () => Date
  readonly publicUrl: string
  readonly llm?: EndpointSettings
}

interface Stoppable {
  stop(): Promise<void>
}

/** Composes one process of the installation, by its roles. Nothing runs before this, everything has ended after `close`. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config } = options
  const port = config.port === 0 ? await freePort(config.host) : config.port
  const publicUrl = config.publicUrlIsDefault ? config.publicUrl.replace(/:0$/, `:${port}`) : config.publicUrl
  await migrate(options.target)
  const ground = await layGround(options, publicUrl)
  const running: Stoppable[] = []
  const app: App = {
    url: publicUrl,
    db: ground.db,
    loadSample: () => sampleInto(ground),
    close: () => closeAll(ground, running),
  }
  try {
    if (config.roles.includes('worker')) running.push(...startWorkers(ground))
    if (config.roles.includes('connector')) running.push(startConnector(ground))
    if (config.roles.includes('web')) running.push(await startWeb(ground, port))
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

async function layGround(options: AppOptions, publicUrl: string): Promise<Ground> {
  const { config, log, target } = options
  const clock = options.clock ?? (() => new Date())
  const db = await openDatabase(target, {
    poolSize: options.poolSize ?? 10,
    onIdleError: (error) => log.warn({ event: 'database.connection', reason: error.message }, 'A connection was lost.'),
  })
  const registry = new Registry()
  if (config.metrics) collectDefaultMetrics({ register: registry })
  const sinks: SinkContext = {
    record: (input) => recordInbound(db, { ...input, now: clock() }),
    ephemeral: (inboxId, event) =>
      quietly(log, signalCustomerTyping(db.pool, { inboxId, key: event.thread }, event.typing)),
    stored: (inboxId) => quietly(log, touchInbox(db.pool, inboxId)),
    metrics: createIngestMetrics(registry),
  }
  const files = filesIn(db, await openBlobs(options.dataDir, config.s3))
  const connections = createConnections({
    db,
    files,
    channels: options.channels,
    sealer: createSealer(options.secretKey),
    publicUrl,
    log,
    clock,
    outboundAllow: parseOutboundAllow(config.outboundAllow),
  })
  const rest = createEndpointRest(() => performance.now())
  const llm = config.llm && { ...config.llm, rest }
  const openSinks = createOpenSinks(sinks)
  return { options, db, files, connections, sinks, openSinks, registry, clock, publicUrl, ...(llm && { llm }) }
}

async function sampleInto(ground: Ground): Promise<boolean> {
  const { channels, secretKey, sampleRoot } = ground.options
  if (sampleRoot === undefined) throw new Error('This installation came without sample data.')
  const { loadSample } = await import('./sample/load-sample.ts')
  return loadSample({ ...ground, channels, sealer: createSealer(secretKey) }, sampleRoot)
}

function startWorkers(ground: Ground): Stoppable[] {
  const { db, connections, files, registry, options } = ground
  return [
    startDeliveryWorker({ db, connections, files, registry, log: options.log }),
    startLater({
      ...ground,
      sealer: createSealer(options.secretKey),
      customerUrl: options.config.publicUrlIsDefault ? null : ground.publicUrl,
      outboundAllow: parseOutboundAllow(options.config.outboundAllow),
      ...(ground.llm && { endpoint: ground.llm }),
      log: options.log,
    }),
  ]
}

function startConnector(ground: Ground): Stoppable {
  const { db, connections, sinks, options } = ground
  return startSupervisor({
    db,
    connections,
    sinks,
    log: options.log,
    node: randomUUID(),
    channelIds: options.channels.map((channel) => channel.id),
  })
}

async function startWeb(ground: Ground, port: number): Promise<Stoppable> {
  const { options, db, publicUrl, openSinks } = ground
  const { config, log } = options
  const hub = startHub({ db, log })
  const server: FastifyInstance = await buildServer({
    db,
    channels: options.channels,
    connections: ground.connections,
    ingest: openSinks,
    files: ground.files,
    sealer: createSealer(options.secretKey),
    hub,
    clock: ground.clock,
    log,
    registry: ground.registry,
    publicUrl,
    trustProxy: config.trustProxy,
    metrics: config.metrics,
    outboundAllow: parseOutboundAllow(config.outboundAllow),
    ...(ground.llm && { llm: ground.llm }),
    ...(config.apiToken !== undefined && { apiToken: config.apiToken }),
    ...(options.visitorLimits !== undefined && { visitorLimits: options.visitorLimits }),
    ...(options.webRoot !== undefined && { webRoot: options.webRoot }),
    ...(options.widgetRoot !== undefined && { widgetRoot: options.widgetRoot }),
    ...(options.sampleRoot !== undefined && { sampleRoot: options.sampleRoot }),
  })
  const stop = async () => {
    await server.close()
    await openSinks.drained()
    await hub.close()
  }
  try {
    await hub.ready
    await server.listen({ host: config.host, port })
  } catch (error) {
    await stop()
    throw error
  }
  return { stop }
}

// What comes in stops first, so that what it would have asked for can still be sent; the database goes last.
async function closeAll(ground: Ground, running: Stoppable[]): Promise<void> {
  for (const part of running.splice(0).reverse()) {
    await part
      .stop()
      .catch((err: unknown) => ground.options.log.error({ event: 'stop.failed', err }, 'A part did not stop.'))
  }
  await ground.connections.close()
  await ground.db.close()
}

function quietly(log: Logger, work: Promise<unknown>): void {
  work.catch((err: unknown) => log.debug({ event: 'hint.lost', err }, 'A hint could not be passed on.'))
}

/** With PORT=0 the address must be known before anything that names it is built. */
async function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
