import type { CommitResult, EventOutcome, InboundBatch, InboundEvent } from '../channel/contract.ts'
import type { MicroBatcher } from './micro-batch.ts'

/**
 * Several batchers side by side, so that one commit need not wait for another of the same inbox. A thread always goes by
 * the same lane: its order is kept, and two commits never want the same thread.
 */
export function createLanes(lanes: readonly MicroBatcher[]): MicroBatcher {
  return {
    add: (batch) => {
      const numbers = batch.events.map((event) => laneOf(event, lanes.length))
      const used = [...new Set(numbers)]
      if (used.length <= 1) return lanes[used[0] ?? 0]!.add(batch)
      return addToSeveral(lanes, batch, numbers)
    },
    drained: async () => {
      await Promise.all(lanes.map((lane) => lane.drained()))
    },
  }
}

/** Acknowledged as a whole or not at all: what one lane stored of a refused batch is a repeat when it comes again. */
async function addToSeveral(
  lanes: readonly MicroBatcher[],
  batch: InboundBatch,
  numbers: readonly number[],
): Promise<CommitResult> {
  const outcomes: EventOutcome[] = []
  const used = [...new Set(numbers)]
  await Promise.all(
    used.map(async (lane, order) => {
      const places = numbers.flatMap((number, index) => (number === lane ? [index] : []))
      const events = places.map((index) => batch.events[index]!)
      // Counted once, with the first part.
      const ignored = order === 0 ? batch.ignored : undefined
      const result = await lanes[lane]!.add(ignored ? { events, ignored } : { events })
      places.forEach((place, index) => {
        outcomes[place] = result.outcomes[index]!
      })
    }),
  )
  return { outcomes }
}

function laneOf(event: InboundEvent, count: number): number {
  let hash = 0
  for (let at = 0; at < event.thread.key.length; at++) hash = (hash * 31 + event.thread.key.charCodeAt(at)) >>> 0
  return hash % count
}
