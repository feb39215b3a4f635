import type { CommitResult, EventOutcome, InboundBatch, InboundEvent } from '../channel/contract.ts'

export interface MicroBatcher {
  /** Resolves after the commit that held these events, with their own outcomes; rejects when that commit failed. */
  add(batch: InboundBatch): Promise<CommitResult>
  /** Resolves when nothing waits or runs. */
  drained(): Promise<void>
}

export interface MicroBatchLimits {
  /** A commit takes no more, unless one caller alone brings more. */
  readonly maxEvents: number
  /** Beyond it callers are refused at once, so that a dead database does not fill the memory. */
  readonly maxWaiting?: number
}

interface Waiting {
  readonly batch: InboundBatch
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: unknown) => void
}

/** Refused unread: the platform delivers it again. */
export class TooManyWaiting extends Error {
  constructor() {
    super('More events are waiting to be stored than this process takes.')
    this.name = 'TooManyWaiting'
  }
}

/**
 * Events that arrive while a commit runs join the next one: a lone event waits for nobody, a burst shares its commits.
 * A cursor is refused: positions of different callers cannot be merged.
 */
export function createMicroBatcher(
  commit: (batch: InboundBatch) => Promise<CommitResult>,
  limits: MicroBatchLimits,
): MicroBatcher {
  const maxWaiting = limits.maxWaiting ?? limits.maxEvents * 50
  const queue: Waiting[] = []
  let waitingEvents = 0
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const taken = take(queue, limits.maxEvents)
      for (const { batch } of taken) waitingEvents -= batch.events.length
      await settle(taken, commit)
    }
    running = null
  }

  function add(batch: InboundBatch): Promise<CommitResult> {
    if (batch.cursor !== undefined) return Promise.reject(new Error('A batch with a cursor is committed alone.'))
    if (waitingEvents > 0 && waitingEvents + batch.events.length > maxWaiting) {
      return Promise.reject(new TooManyWaiting())
    }
    waitingEvents += batch.events.length
    return new Promise((resolve, reject) => {
      queue.push({ batch, resolve, reject })
      running ??= run()
    })
  }

  return { add, drained: () => running ?? Promise.resolve() }
}

/**
 * The oldest callers whose events fit together. The same event twice in one commit would leave the second without an
 * outcome of its own, so it waits, and everything behind it: order is kept.
 */
function take(queue: Waiting[], maxEvents: number): Waiting[] {
  const seen = new Set<string>()
  let events = 0
  let count = 0
  for (const { batch } of queue) {
    const fits = count === 0 || events + batch.events.length <= maxEvents
    if (!fits || batch.events.some((event) => seen.has(event.eventId))) break
    for (const event of batch.events) seen.add(event.eventId)
    events += batch.events.length
    count++
  }
  return queue.splice(0, count)
}

async function settle(taken: readonly Waiting[], commit: (batch: InboundBatch) => Promise<CommitResult>) {
  try {
    const { outcomes } = await commit(merged(taken))
    let from = 0
    for (const { batch, resolve } of taken) {
      const own: readonly EventOutcome[] = outcomes.slice(from, from + batch.events.length)
      from += batch.events.length
      resolve({ outcomes: own })
    }
  } catch (error) {
    for (const { reject } of taken) reject(error)
  }
}

function merged(taken: readonly Waiting[]): InboundBatch {
  const events: InboundEvent[] = taken.flatMap(({ batch }) => batch.events)
  const ignored = taken.flatMap(({ batch }) => batch.ignored ?? [])
  return ignored.length > 0 ? { events, ignored } : { events }
}
