import type { Queryable } from '../store/database.ts'
import type { Job } from '../store/job.ts'

/**
 * Does jobs of one kind. A job may run twice after a crash, so what a handler does must be the same done twice.
 * It stops when `signal` aborts: the lease is lost, or the process ends.
 */
export interface SingleHandler {
  readonly run: (job: Job, signal: AbortSignal) => Promise<void>
  /** Failures until it is dead; default 10. */
  readonly limit?: number
  /** Told once it is dead: people must see what will not happen any more. */
  readonly gaveUp?: (job: Job, error: unknown) => Promise<void>
}

/** For many small ones: their work and their end are one transaction, so they happen once. Must not touch the network. */
export interface BatchHandler {
  readonly runBatch: (tx: Queryable, jobs: readonly Job[]) => Promise<void>
  readonly limit?: number
}

export type JobHandler = SingleHandler | BatchHandler
export type JobHandlers = Readonly<Record<string, JobHandler>>

/** Not now, and nobody's fault: it comes again after `afterMs` and does not count as a failure. */
export class NotYet extends Error {
  readonly afterMs: number

  constructor(afterMs: number, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'NotYet'
    this.afterMs = afterMs
  }
}

/** Trying again would change nothing: dead at once. The message is for an administrator. */
export class GiveUp extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'GiveUp'
  }
}

export const defaultLimit = 10
const firstBackOffMs = 1_000
const longestBackOffMs = 30 * 60_000

export function jobBackOffMs(failures: number, random: () => number = Math.random): number {
  return Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(failures, 20)) * (0.5 + random() / 2)
}
