import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export interface IngestMetrics {
  readonly events: Counter<'outcome'>
  readonly failedCommits: Counter
  readonly commitSeconds: Histogram
  readonly receivers: Gauge
  readonly restarts: Counter<'reason'>
  readonly leasesLost: Counter
}

/** No inbox, name or customer in a label: whoever may read the metrics may not read those. */
export function createIngestMetrics(registry: Registry): IngestMetrics {
  const registers = [registry]
  return {
    events: new Counter({
      name: 'tributary_inbound_events_total',
      help: 'What became of the events that platforms told us.',
      labelNames: ['outcome'],
      registers,
    }),
    failedCommits: new Counter({
      name: 'tributary_inbound_failed_commits_total',
      help: 'Batches that were not stored; the platform delivers them again.',
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'tributary_inbound_commit_seconds',
      help: 'From a batch to its commit.',
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers,
    }),
    receivers: new Gauge({
      name: 'tributary_receivers',
      help: 'Inboxes that this process receives for.',
      registers,
    }),
    restarts: new Counter({
      name: 'tributary_receiver_restarts_total',
      help: 'Receive loops that ended and were started again.',
      labelNames: ['reason'],
      registers,
    }),
    leasesLost: new Counter({
      name: 'tributary_receiver_leases_lost_total',
      help: 'Receive loops that stopped because another process took over, or the database was away.',
      registers,
    }),
  }
}
