import type { Queryable } from '../store/database.ts'
import { type Lease, leaseMs, releaseLease, renewLease } from '../store/inbox-lease.ts'

export interface HeldLease extends Lease {
  /** Aborts when the lease is lost, or the inbox is to be left alone. */
  readonly lost: AbortSignal
  /** Renews at once, for example when the inbox's row changed or a commit was refused. False: the database did not answer. */
  check(): Promise<boolean>
  /** Stops renewing and lets another process take over. */
  release(): Promise<void>
}

export interface LeaseOptions {
  readonly renewEveryMs?: number
  /** Every renewal tells which settings are in force. */
  readonly onRenewed: (settingsVersion: number) => void
}

/**
 * Keeps a lease alive. Without an answer from the database for as long as a lease lasts it counts as lost: by then another
 * process may hold it. (What a process does that slept through that moment, the epoch in T1 refuses.)
 */
export function holdLease(q: Queryable, lease: Lease, options: LeaseOptions): HeldLease {
  const lost = new AbortController()
  let renewedAt = performance.now()
  let running: Promise<boolean> | null = null
  let again = false

  async function renew(): Promise<boolean> {
    const asked = performance.now()
    try {
      const renewed = await renewLease(q, lease)
      if (renewed === null) {
        lose('another process holds it, or the inbox was switched off')
        return true
      }
      renewedAt = asked
      options.onRenewed(renewed.settingsVersion)
      return true
    } catch {
      // Tried again by the timer; the silence itself is what counts.
      return false
    }
  }
  function lose(why: string): void {
    clearInterval(timer)
    if (!lost.signal.aborted) lost.abort(new Error(`The lease is lost: ${why}.`))
  }
  // One renewal at a time; whoever asks meanwhile gets one that begins after the question.
  function check(): Promise<boolean> {
    if (running !== null) {
      again = true
      return running
    }
    running = (async () => {
      let answered: boolean
      do {
        again = false
        answered = await renew()
      } while (again && !lost.signal.aborted)
      running = null
      return answered
    })()
    return running
  }
  const timer = setInterval(
    () => {
      if (performance.now() - renewedAt > leaseMs) lose('the database did not answer')
      else if (running === null) void check()
    },
    options.renewEveryMs ?? leaseMs / 3,
  )

  return {
    ...lease,
    lost: lost.signal,
    check,
    release: async () => {
      lose('it was given back')
      await running
      await releaseLease(q, lease)
    },
  }
}
