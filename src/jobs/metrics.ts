import { Counter, Gauge, type Registry } from 'prom-client'
import type { Database } from '../store/database.ts'
import { countJobs } from '../store/job-dead.ts'

export interface JobMetrics {
  done(kind: string, count?: number): void
  failed(kind: string, outcome: 'again' | 'dead'): void
  reaped(count: number): void
  fenced(): void
}

export function jobMetrics(registry: Registry, db: Database): JobMetrics {
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `tributary_jobs_${name}_total`, help, labelNames, registers: [registry] })
  const done = counter('done', 'Jobs that were done.', ['kind'])
  const failed = counter('failed', 'Runs that failed or were put off, by what became of the job.', ['kind', 'outcome'])
  const reaped = counter('reaped', 'Jobs whose process stopped in the middle.')
  const fenced = counter('fenced', 'Runs whose lease was lost: nothing was changed.')
  const oldest = new Gauge({
    name: 'tributary_jobs_oldest_due_seconds',
    help: 'How long the oldest job that could run has waited.',
    labelNames: ['kind'],
    registers: [registry],
  })
  const waiting = new Gauge({
    name: 'tributary_jobs',
    help: 'Jobs by kind and state.',
    labelNames: ['kind', 'state'],
    registers: [registry],
    collect: async () => {
      const counts = await countJobs(db.pool).catch(() => null)
      if (!counts) return
      waiting.reset()
      oldest.reset()
      for (const { kind, ready, claimed, dead, oldestDueS } of counts) {
        waiting.set({ kind, state: 'ready' }, ready)
        waiting.set({ kind, state: 'claimed' }, claimed)
        waiting.set({ kind, state: 'dead' }, dead)
        oldest.set({ kind }, oldestDueS)
      }
    },
  })
  return {
    done: (kind, count = 1) => done.inc({ kind }, count),
    failed: (kind, outcome) => failed.inc({ kind, outcome }),
    reaped: (count) => reaped.inc(count),
    fenced: () => fenced.inc(),
  }
}
