import type { Cursor, EventOutcome, InboundBatch, InboundEvent, InboundSink } from '../../src/channel/contract.ts'

/** A sink that keeps what was committed; what a test holds or refuses was not. */
export interface MemorySink extends InboundSink {
  readonly batches: readonly InboundBatch[]
  readonly events: readonly InboundEvent[]
  readonly ignored: number
  readonly signsOfLife: number
  /** Of the last committed batch that had one. */
  readonly cursor: Cursor | null
  /** Commits wait from now on until `release`. `waiting` is how many do. */
  hold(): void
  release(): void
  readonly waiting: number
  /** The next commit is refused. */
  refuse(error?: Error): void
}

export function memorySink(): MemorySink {
  const batches: InboundBatch[] = []
  const refusals: Error[] = []
  const held: (() => void)[] = []
  let holding = false
  let signs = 0
  const commit = async (batch: InboundBatch) => {
    if (holding) await new Promise<void>((resolve) => void held.push(resolve))
    const refusal = refusals.shift()
    if (refusal) throw refusal
    batches.push(batch)
    const outcomes: EventOutcome[] = batch.events.map(() => ({ kind: 'applied' }))
    return { outcomes }
  }
  return {
    batches,
    commit,
    get events() {
      return batches.flatMap((batch) => batch.events)
    },
    get ignored() {
      return batches.flatMap((batch) => batch.ignored ?? []).reduce((sum, { count }) => sum + (count ?? 1), 0)
    },
    get cursor() {
      return batches.findLast((batch) => batch.cursor !== undefined)?.cursor ?? null
    },
    get waiting() {
      return held.length
    },
    get signsOfLife() {
      return signs
    },
    hold() {
      holding = true
    },
    release() {
      holding = false
      for (const go of held.splice(0)) go()
    },
    refuse(error = new Error('refused by the test')) {
      refusals.push(error)
    },
    ephemeral() {},
    alive() {
      signs += 1
    },
    warn() {},
  }
}
