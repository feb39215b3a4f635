import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { clientConfig, type DatabaseTarget } from '../../src/store/database.ts'
import { processTreeMs } from './cpu.ts'
import { sourceFolder } from './place.ts'
import { apart, percentile } from './stats.ts'

/** Frozen: see probe.sql. */
export const probeVersion = 1

const callers = 8
const identities = 5_000
const inboxes = 20
const body = 'x'.repeat(191)

export interface Probe {
  /** Messages a second. */
  readonly rate: number
  readonly p50: number
  readonly p99: number
  /** CPU, ms a message. */
  readonly nodeMs: number
  readonly pgMs: number
}

export interface ProbeTimes {
  readonly warmMs: number
  readonly measuredMs: number
}

export const fullProbe: ProbeTimes = { warmMs: 1_000, measuredMs: 5_000 }

export async function layProbe(target: DatabaseTarget): Promise<void> {
  const client = new pg.Client(clientConfig(target))
  await client.connect()
  try {
    await client.query(readFileSync(join(sourceFolder(), 'probe.sql'), 'utf8'))
    await client.query('analyze')
  } finally {
    await client.end()
  }
}

/** Eight callers over a pool of eight, each waiting for its answer. */
export async function runProbe(
  target: DatabaseTarget,
  postmaster: number | undefined,
  times = fullProbe,
): Promise<Probe> {
  const pool = new pg.Pool({ ...clientConfig(target), max: callers })
  pool.on('error', () => {})
  try {
    await ingestFor(pool, times.warmMs)
    const node = process.cpuUsage()
    const server = processTreeMs(postmaster)
    const start = performance.now()
    const latencies = await ingestFor(pool, times.measuredMs)
    const seconds = (performance.now() - start) / 1_000
    const used = process.cpuUsage(node)
    return {
      rate: latencies.length / seconds,
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
      nodeMs: (used.user + used.system) / 1_000 / latencies.length,
      pgMs: (processTreeMs(postmaster) - server) / latencies.length,
    }
  } finally {
    await pool.end()
  }
}

async function ingestFor(pool: pg.Pool, ms: number): Promise<number[]> {
  const end = performance.now() + ms
  const run = randomBytes(6).toString('hex')
  const latencies: number[] = []
  let next = 0
  const caller = async () => {
    while (performance.now() < end) {
      next += 1
      const person = Math.floor(Math.random() * identities)
      const values = [person % inboxes, `person-${person}`, `${run}-${next}`, body]
      const start = performance.now()
      await pool.query({ name: 'probe', text: 'select probe.ingest($1, $2, $3, $4)', values })
      latencies.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return latencies
}

export function meanProbe(a: Probe, b: Probe): Probe {
  const mean = (of: (probe: Probe) => number) => (of(a) + of(b)) / 2
  return {
    rate: mean((probe) => probe.rate),
    p50: mean((probe) => probe.p50),
    p99: mean((probe) => probe.p99),
    nodeMs: mean((probe) => probe.nodeMs),
    pgMs: mean((probe) => probe.pgMs),
  }
}

/** What millisecond bars are multiplied by: a machine whose probe does 8,000 a second counts as it is. */
export function scaleOf(rate: number): number {
  return Math.min(3, Math.max(1, 8_000 / rate))
}

export function probeLine(a: Probe, b: Probe): string {
  const { rate, p50, p99, nodeMs, pgMs } = meanProbe(a, b)
  const figures = `${rate.toFixed(0)} msg/s  p50 ${p50.toFixed(2)}  p99 ${p99.toFixed(1)} ms`
  const cpu = `node ${nodeMs.toFixed(3)}  pg ${pgMs.toFixed(3)} ms/msg`
  return `probe v${probeVersion}  ${figures}  ${cpu}  apart ${apart(a.rate, b.rate).toFixed(2)}x  scale ${scaleOf(rate).toFixed(2)}`
}
