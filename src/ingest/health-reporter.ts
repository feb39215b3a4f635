import type { Logger } from 'pino'
import type { Database } from '../store/database.ts'
import { type HealthChange, reportHealth, reportWarning } from '../store/inbox-health.ts'
import type { Lease } from '../store/inbox-lease.ts'

export interface HealthReporter {
  set(change: HealthChange): void
  warn(message: string | null): void
  /** Tries again what could not be written. Resolves when nothing is being written any more. */
  flush(): Promise<void>
}

interface Wanted<T> {
  value: T | undefined
  /** Rises with every difference; what was written is known by its number. */
  number: number
  written: number
}

/** Writes in order and only what differs from what was written last; what a database that is away cannot take is kept. */
export function createHealthReporter(db: Database, lease: Lease, log: Logger): HealthReporter {
  const change: Wanted<HealthChange> = { value: undefined, number: 0, written: 0 }
  const warning: Wanted<string | null> = { value: undefined, number: 0, written: 0 }
  let running: Promise<void> | null = null

  async function writeChange(value: HealthChange): Promise<void> {
    const { number } = change
    const told = await reportHealth(db, lease, value)
    change.written = number
    if (told) log.info({ inbox: lease.inboxId, state: value.state, error: value.error }, 'inbox health')
  }
  async function writeWarning(value: string | null): Promise<void> {
    const { number } = warning
    await reportWarning(db.pool, lease, value)
    warning.written = number
  }
  async function run(): Promise<void> {
    try {
      while (isPending(change) || isPending(warning)) {
        if (isPending(change) && change.value) await writeChange(change.value)
        if (isPending(warning) && warning.value !== undefined) await writeWarning(warning.value)
      }
    } catch (error) {
      log.warn({ inbox: lease.inboxId, error: String(error) }, 'inbox health could not be written')
    }
    running = null
  }
  function flush(): Promise<void> {
    if (running === null && (isPending(change) || isPending(warning))) running = run()
    return running ?? Promise.resolve()
  }
  function want<T>(wanted: Wanted<T>, value: T): void {
    wanted.value = value
    wanted.number++
    void flush()
  }
  return {
    set: (value) => {
      if (change.value?.state !== value.state || change.value.error !== value.error) want(change, value)
    },
    warn: (value) => {
      if (warning.value !== value) want(warning, value)
    },
    flush,
  }
}

function isPending(wanted: Wanted<unknown>): boolean {
  return wanted.number !== wanted.written
}
