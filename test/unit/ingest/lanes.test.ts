import { expect, it } from 'vitest'
import type { InboundBatch } from '../../../src/channel/contract.ts'
import { createLanes } from '../../../src/ingest/lanes.ts'
import { createMicroBatcher } from '../../../src/ingest/micro-batch.ts'
import { said } from '../../support/events.ts'

function openLanes(count: number, commit = async (_batch: InboundBatch) => {}) {
  const stored: string[] = []
  const lanes = Array.from({ length: count }, () =>
    createMicroBatcher(
      async (batch) => {
        await commit(batch)
        stored.push(...batch.events.map((event) => event.eventId))
        return { outcomes: batch.events.map((event) => ({ kind: 'applied', messageId: event.eventId }) as const) }
      },
      { maxEvents: 200 },
    ),
  )
  return { stored, lanes: createLanes(lanes) }
}

it('a thread keeps its order however many lanes there are', async () => {
  const { stored, lanes } = openLanes(3)
  const events = Array.from({ length: 60 }, (_, n) => said(`n${n}`, { chat: `chat-${n % 5}` }))
  await Promise.all(events.map((event) => lanes.add({ events: [event] })))
  for (let chat = 0; chat < 5; chat++) {
    const mine = events.filter((event) => event.thread.key === `chat-${chat}`).map((event) => event.eventId)
    expect(stored.filter((id) => mine.includes(id))).toEqual(mine)
  }
})

it('a batch over several lanes gets each outcome in its place', async () => {
  const { lanes } = openLanes(2)
  const events = Array.from({ length: 10 }, (_, n) => said(`n${n}`, { chat: `chat-${n}` }))
  const { outcomes } = await lanes.add({ events, ignored: [{ reason: 'a group' }] })
  expect(outcomes).toEqual(events.map((event) => ({ kind: 'applied', messageId: event.eventId })))
})

it('a batch of which one lane was refused is refused', async () => {
  const events = Array.from({ length: 10 }, (_, n) => said(`n${n}`, { chat: `chat-${n}` }))
  const { lanes } = openLanes(2, async (batch) => {
    if (batch.events.includes(events[0]!)) throw new Error('refused')
  })
  await expect(lanes.add({ events })).rejects.toThrow('refused')
})

it('one lane does not wait for another’s commit', async () => {
  let free = () => {}
  const blocked = new Promise<void>((resolve) => {
    free = resolve
  })
  const first = said('slow', { chat: 'a' })
  const { stored, lanes } = openLanes(2, (batch) => (batch.events.includes(first) ? blocked : Promise.resolve()))
  const slow = lanes.add({ events: [first] })
  const other = said('quick', { chat: 'b' })
  await lanes.add({ events: [other] })
  expect(stored).toEqual([other.eventId])
  free()
  await slow
})
