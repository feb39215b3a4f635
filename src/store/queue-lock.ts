import type { Queryable } from './database.ts'

// Our own number among the installation's advisory locks.
const QUEUE_LOCK = 7_214_500_018

/**
 * Whoever gives out work does it alone in the installation, so nobody's room is counted twice. Held until the transaction ends.
 * Who holds it never waits for a conversation that somebody else has locked: others wait for it with conversations locked.
 */
export async function lockQueues(tx: Queryable): Promise<void> {
  await tx.query({ name: 'queue-lock', text: 'select pg_advisory_xact_lock($1)', values: [QUEUE_LOCK] })
}
